"""The legacy portal: which page an address of ``…/PortailAS/assure`` shows, its sessions and its anti-forgery token."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from agent.sandbox.pages import attestation, inbox, legacy_login, payments, profile, statements
from agent.sandbox.pages.markup import ASSURE, bare_page, member_page, page_link, redirect, visitor_page, window
from agent.sandbox.pages.words import esc
from agent.sandbox.server.state import Service, Session

Page = Callable[[Service, Request, Session], Awaitable[Response]]

_SHOW = f"{ASSURE}?_nfpb=true&_pageLabel=as_login_page&connexioncompte_2actionEvt=afficher"
_LANDING = f"{ASSURE}?_nfpb=true&_pageLabel=as_login_page&connexioncompte_2actionEvt=connecter"
_BEFORE = {
    "cgu": "as_conditions_generales_page",
    "alerte": "as_alerte_page",
    "mail": "as_saisie_mail_connexionencours_page",
    "newpassword": "as_modif_code_perso_ameli_apres_reinit_page",
}
"""Page that stands before the data, by option."""
_UNAVOIDABLE = {"mail", "newpassword"}
_ASKING_SCRIPT = """(function () {
  fetch('/PortailAS/JavaScriptServlet', {method: 'POST', headers: {'FETCH-CSRF-TOKEN': '1'}, credentials: 'include'})
    .then(function (answer) { return answer.text(); })
    .then(function (text) {
      window._ct = text.split(':').pop();
      document.dispatchEvent(new Event('jeton'));
    });
})();
"""


def authorize_address(service: Service) -> str:
    """Where the portal sends somebody who must log in."""
    state = service.begin(_LANDING, sub_app=False)
    back = f"{service.portal}{ASSURE}?_nfpb=true&_pageLabel=as_login_page&cb=true"
    return (
        f"{service.identity}/oauth2/authorize?scope=openid+ameliconnect&response_type=code"
        f"&nonce={service.hexadecimal()}&redirect_uri={quote(back, safe='')}&state={state}&client_id=compte_AS"
    )


async def front_door(service: Service, request: Request) -> Response:
    """``GET /``: the page before the login, or the home page."""
    session = service.logged_in(request)
    return await _home(service, request, session) if session else _before_login(service)


async def assure(service: Service, request: Request) -> Response:
    """Every address of the portal engine."""
    query = request.query_params
    label, event = query.get("_pageLabel", ""), query.get("connexioncompte_2actionEvt", "")
    if "connexioncompte_2_actionOverride" in query and request.method == "POST":
        return await legacy_login.connect(service, request, _landing)
    if label == "as_login_page" and query.get("cb") == "true":
        return _callback(service, request)
    if event == "connecter":
        session = service.logged_in(request)
        return _landing(service, session) if session else _to_login(service, request)
    if event or label == "as_login_page" or (not label and "_somtc" in query):
        return _to_login(service, request)
    if label == "as_deconnexion_page":
        return _log_out(service, request)
    if label in ("as_creation_immediate_page", "as_accessibilite_page"):
        return _public(service, label)
    session = service.logged_in(request)
    if session is None:
        if label in ("", "as_accueil_page"):
            return _before_login(service)
        return redirect(authorize_address(service))
    return await _member(service, request, session, label)


async def _member(service: Service, request: Request, session: Session, label: str) -> Response:
    options, name = service.options, service.household.persons[0].first_name
    standing = options.interstitial
    if standing in _UNAVOIDABLE:
        if label != _BEFORE[standing]:
            return redirect(page_link(_BEFORE[standing]))
        return bare_page("Une action est nécessaire", window(_INTERSTITIALS[standing]), options)
    if label in _BEFORE.values():
        texts = {_BEFORE[key]: text for key, text in _INTERSTITIALS.items()}
        return member_page("Information", name, window(texts[label]), options)
    if "_windowLabel" in request.query_params:
        action = _ACTIONS.get(request.query_params["_windowLabel"])
        if action:
            return await action(service, request, session)
    if standing == "plustard" and not session.later_shown:
        session.later_shown = True
        return member_page("Bienvenue", name, window(_LATER), options)
    service.viewed(session)
    return await _PAGES.get(label, _home)(service, request, session)


async def _home(service: Service, request: Request, session: Session) -> Response:
    name = service.household.persons[0].first_name
    modal = (
        '<div class="fenetreModale" role="dialog"><p>Découvrez nos nouveaux services.</p>'
        '<button type="button" id="idBoutonFermerFenetreModale">Fermer</button></div>'
    ) if service.options.campaign else ""
    body = f"{modal}<h1>Bonjour {esc(name)}</h1>{attestation.request_form(service)}"
    return member_page("Mon espace", name, window(body), service.options)


def _before_login(service: Service) -> Response:
    # The link that logs in comes first: the one that creates an account bears the same id.
    return visitor_page("Compte ameli", (
        '<div id="as_accueil_public"><h1>Votre compte ameli</h1>'
        f'<p><a id="id_r_cnx_btn_code" class="r_btlien connexion" href="{esc(_SHOW)}">Connectez-vous</a></p>'
        f'<p><a id="id_r_cnx_btn_code" class="r_btlien creation" href="{esc(page_link("as_creation_immediate_page"))}">'
        "Créez votre compte</a></p></div>"
    ), service.options)


def _public(service: Service, label: str) -> Response:
    if label == "as_creation_immediate_page":
        body = ('<div id="as_creation_immediate_page"><h1>Créez votre compte</h1><p>La création d\'un compte ne se '
                "fait pas dans ce bac à sable : un compte y existe déjà.</p></div>")
    else:
        body = "<h1>Accessibilité</h1><p>Déclaration d'accessibilité du bac à sable.</p>"
    return visitor_page("Compte ameli", body, service.options)


def _to_login(service: Service, request: Request) -> Response:
    if service.options.login == "legacy" or not service.options.direct_login:
        response: Response = legacy_login.form_page(service)
    else:
        response = redirect(authorize_address(service))
    service.open_session(request, response, logged_in=False)
    return response


def _callback(service: Service, request: Request) -> Response:
    query = request.query_params
    handshake = service.redeem(query.get("code", ""), query.get("state", ""))
    if handshake is None:
        return redirect(_SHOW)
    response = redirect(handshake.target)
    service.open_session(request, response, logged_in=True)
    return response


def _landing(service: Service, session: Session) -> Response:
    """The page after a login: it does not redirect, a ``meta`` in it does."""
    options, standing = service.options, service.options.interstitial
    label = _BEFORE.get(standing, "as_accueil_page")
    refresh = f'<meta http-equiv="refresh" content="0; url={esc(service.portal + page_link(label))}">'
    if standing in ("cgu", "mail", "newpassword"):
        flag = "<script>var affiche_re_accepte_contitions_util=true;</script>" if standing == "cgu" else ""
        waiting = '<div class="centrepage"><h1>Connexion en cours</h1></div>'
        return bare_page("Connexion", window(refresh + waiting + flag), options)
    name = service.household.persons[0].first_name
    return member_page("Connexion", name, window(f"{refresh}<p>Connexion…</p>"), options)


def _log_out(service: Service, request: Request) -> Response:
    service.sessions.pop(request.cookies.get("JSESSIONID", ""), None)
    service.sub_sessions.clear()
    service.single_sign_on.clear()
    response = visitor_page(
        "Déconnexion", '<div id="as_deconnexion_page"><h1>Vous êtes déconnecté</h1></div>', service.options
    )
    response.delete_cookie("JSESSIONID")
    response.delete_cookie("mod_auth_openidc_session")
    return response


async def token(service: Service, request: Request) -> Response:
    """``/PortailAS/JavaScriptServlet``: POST answers the anti-forgery token, GET a script that asks for it."""
    if request.method != "POST":
        return PlainTextResponse(_ASKING_SCRIPT, media_type="text/javascript")
    response = PlainTextResponse("")
    session = service.open_session(request, response, logged_in=False)
    if request.headers.get("fetch-csrf-token") != "1":
        response.status_code = 403
        return response
    session.ct_asked = True
    answer = PlainTextResponse(f"_ct:{session.ct}")
    answer.raw_headers.extend(header for header in response.raw_headers if header[0] == b"set-cookie")
    return answer


async def _address(service: Service, request: Request, session: Session) -> Response:
    return member_page("Adresse postale", service.household.persons[0].first_name,
                       window("<h1>Modifier mon adresse postale</h1><p>Indisponible dans le bac à sable.</p>"),
                       service.options)


_LATER = ('<div class="page_premiere_connexion"><h1>Première connexion</h1><p>Complétez votre profil.</p>'
          '<form><input type="button" class="boutonComplementaireBlanc" value="Plus tard"></form></div>')
_INTERSTITIALS = {
    "cgu": '<div class="page_nouvelles_cgus"><p>Les conditions générales d\'utilisation ont changé. Vous devez les '
           'accepter pour continuer.</p></div><div id="nouvelles_cgu_1erreurBoxAccepte" class="hidden"></div>'
           "<script>var affiche_re_accepte_contitions_util=true;</script>",
    "alerte": "<h1>Vos informations sont-elles à jour ?</h1><p>Vérifiez vos coordonnées.</p>",
    "mail": '<div class="centrepage"><h1>Confirmez votre adresse e-mail</h1></div>',
    "newpassword": '<div class="centrepage"><h1>Choisissez un nouveau mot de passe</h1></div>'
                   '<form id="modif_code_perso_ameli_apres_reinit"></form>',
}
_PAGES: dict[str, Page] = {
    "as_accueil_page": _home,
    "as_paiements_page": payments.page,
    "as_info_perso_page": profile.page,
    "as_info_perso_book": profile.page,
    "as_releve_mensuel_paiement_page": statements.page,
    "as_messages_recus_page": inbox.page,
    "as_adresse_postale": _address,
}
_ACTIONS: dict[str, Page] = {
    "attDroitsAccueil": attestation.answer,
    "messagerie_1": inbox.detail,
}
"""Answers of a portlet inside a page: not a page view, the anti-forgery token stays."""
