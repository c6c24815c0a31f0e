"""Pages of the identity host: number and password, code to ask for, code to type, account locked."""

import re
from collections.abc import Mapping
from urllib.parse import quote_plus

from starlette.responses import HTMLResponse

from agent.sandbox.pages.markup import bare_page
from agent.sandbox.pages.words import esc
from agent.sandbox.server.options import SandboxOptions

WRONG_PAIR = "Le numéro de sécurité sociale et le code personnel ne correspondent pas."
WRONG_PASSWORD = "Le mot de passe saisi est incorrect."  # noqa: S105 - a message
BAD_NUMBER = "Votre numéro de Sécurité sociale doit contenir des chiffres, A ou B."
UNAVAILABLE = "Service momentanément indisponible."
LOCKED = "L'accès à votre compte ameli est bloqué suite à un trop grand nombre de tentatives."
TOO_MANY_CODES = "Le nombre maximum de demandes de code a été atteint."
WRONG_CODE = "Le code saisi est incorrect"
DIRECT_OFF = (
    "Suite à une opération de maintenance, cliquez sur FranceConnect et utilisez vos identifiants ameli "
    "pour accéder à votre compte."
)
_FORM, _NEW_FORM = "connexioncompte_2connexionCompteForm", "lformLogin"
_ID = re.compile(r' (?:id|for)="[^"]*"')
ECHOED = ("state", "response_type", "scope", "nonce", "redirect_uri", "client_id")
"""Authorize parameters that the form carries back as ``lmhidden_*``."""

_FORM_SCRIPT = """<script>
(function () {
  var form = document.getElementById('%(form)s');
  var button = document.getElementById('id_r_cnx_btn_submit');
  var number = document.getElementById('%(number)s'), secret = document.getElementById('%(secret)s');
  function check() {
    button.disabled = number.value.replace(/\\s/g, '').length < 13 || secret.value.length < 4;
  }
  if (number && secret && button) {
    ['input', 'change', 'keyup'].forEach(function (kind) { form.addEventListener(kind, check); });
    check();
  }
  var ask = document.getElementById('BoutonGenerationOTP');
  if (ask) { ask.addEventListener('click', function () { form.elements.authStep.value = 'ENVOI_OTP'; }); }
  var boxes = form.querySelectorAll('input[id^=numOTP]');
  boxes.forEach(function (box, rank) {
    box.addEventListener('input', function () {
      if (box.value && boxes[rank + 1]) { boxes[rank + 1].focus(); }
    });
  });
})();
</script>"""


def input_ids(options: SandboxOptions) -> tuple[str, str]:
    """Ids of the number's and the password's inputs."""
    if options.ids == "2023":
        return "connexioncompte_2nir_as", "connexioncompte_2connexion_code"
    return "userfield", "passwordfield"


def _alert(message: str) -> str:
    # One alert always stands in the page, empty and hidden: programs tell them apart by the class, not by presence.
    hidden = '<div class="zone-alerte hidden invisible"><span></span></div>'
    return hidden + (f'<div class="zone-alerte"><span>{esc(message)}</span></div>' if message else "")


def _page(query: Mapping[str, str], step: str, inner: str, message: str, options: SandboxOptions) -> HTMLResponse:
    address = "/oauth2/authorize?" + "&".join(f"{quote_plus(key)}={quote_plus(value)}" for key, value in query.items())
    hidden = "".join(
        f'<input type="hidden" id="lmhidden_{name}" name="lmhidden_{name}" value="{esc(query.get(name, ""))}">'
        for name in ECHOED
    )
    number, secret = input_ids(options)
    common = (
        'method="post" action="' + esc(address) + f'">{hidden}<input type="hidden" name="url" value="">'
        '<input type="hidden" name="timezone" value=""><input type="hidden" name="lmAuth" value="LOGIN">'
        f'<input type="hidden" name="skin" value="cnamts">{inner}'
        f'<input type="hidden" id="authStep" name="authStep" value="{step}"></form>'
    )
    name = _NEW_FORM if options.form_id == "2025" else _FORM
    copy = _copy(common, first_step=not step) if options.form_id == "both" else ""
    body = (
        f'<div id="loginPage"><h1>Connexion à votre compte ameli</h1>{_alert(message)}'
        f'<form id="{name}" class="r_cnx_form" {common}{copy}'
        f'{_FORM_SCRIPT % {"number": number, "secret": secret, "form": name}}</div>'
    )
    return bare_page("Connexion - compte ameli", body, options)


def _copy(form: str, *, first_step: bool) -> str:
    """The form again, under its newer id and with its inputs' older ones, where a browser does not see it.

    Programs that parse pages look up ids of one period or another; in a template all of them find theirs.
    """
    bare = _ID.sub("", form)
    if first_step:
        for name, older in (("user", "connexioncompte_2nir_as"), ("password", "connexioncompte_2connexion_code")):
            bare = bare.replace(f' name="{name}"', f' id="{older}" name="{name}"')
    return f'<template><form id="{_NEW_FORM}" {bare}</template>'


def credentials_page(query: Mapping[str, str], options: SandboxOptions, message: str = "") -> HTMLResponse:
    """Step S0: number and password."""
    number, secret = input_ids(options)
    inner = (
        f'<p><label for="{number}">Mon numéro de sécurité sociale</label> '
        f'<input type="text" id="{number}" name="user" value="" autocomplete="username"></p>'
        f'<p><label for="{secret}">Mon mot de passe</label> '
        f'<input type="password" id="{secret}" name="password" value="" autocomplete="current-password"></p>'
        '<input type="submit" id="id_r_cnx_btn_submit" name="submit" value="me connecter">'
    )
    return _page(query, "", inner, message, options)


def _kept(user: str, password: str) -> str:
    return (f'<input type="hidden" name="user" value="{esc(user)}">'
            f'<input type="hidden" name="password" value="{esc(password)}">')


def ask_code_page(
    query: Mapping[str, str], options: SandboxOptions, user: str, password: str, message: str = ""
) -> HTMLResponse:
    """Step S1: a code is needed, here is the button that sends it."""
    inner = (
        f'{_kept(user, password)}<div id="blocEnvoyerOTP"><p>Pour des raisons de sécurité, un code vous est demandé. '
        "Il sera envoyé à votre adresse e-mail.</p>"
        '<input type="submit" id="BoutonGenerationOTP" name="envoiOTP" value="Recevoir un code de sécurité"></div>'
        '<input type="submit" id="id_r_cnx_btn_submit" name="submit" value="me connecter" style="display:none">'
    )
    return _page(query, "OTP_NECESSAIRE", inner, message, options)


def type_code_page(
    query: Mapping[str, str], options: SandboxOptions, user: str, password: str, message: str = ""
) -> HTMLResponse:
    """Step S2: six boxes for the code."""
    if options.otp_field == "one":
        boxes = '<input type="text" id="codeOTP" name="codeOTP" maxlength="6" inputmode="numeric" value="">'
    else:
        boxes = "".join(
            f'<input type="text" id="numOTP{rank}" name="numOTP{rank}" maxlength="1" inputmode="numeric" value="">'
            for rank in range(1, 7)
        )
    inner = (
        f"{_kept(user, password)}<p>Saisissez le code reçu (valable {options.otp_minutes} minutes).</p><p>{boxes}</p>"
        '<p><input type="checkbox" id="enrolerDevice" name="enrolerDevice">'
        '<label for="enrolerDevice">Se souvenir de cet appareil</label></p>'
        '<input type="submit" id="id_r_cnx_btn_submit" name="submit" value="me connecter">'
    )
    return _page(query, "SAISIE_OTP", inner, message, options)


def locked_page(options: SandboxOptions) -> HTMLResponse:
    """The account is locked."""
    return bare_page(
        "Compte bloqué",
        '<div id="loginPage"><div class="centrepage compte_bloque"><h1>Compte bloqué</h1>'
        f'<p class="msg_erreur">{esc(LOCKED)}</p></div></div>',
        options,
    )
