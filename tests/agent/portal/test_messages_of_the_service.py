"""The service's own sentences at sign-in, each played on a page written from what is known of it."""

from collections.abc import Callable
from html import escape
from urllib.parse import parse_qs

import httpx
import pytest

from agent.errors import AmeliError
from agent.portal import CodeAnswer, Portal, PortalConfig, errors

BASE, IDENTITY = "https://assure.example", "https://ameliconnect.example"
CONFIG = PortalConfig(base_url=BASE, identity_url=IDENTITY, pause_s=0)
NIR, PASSWORD = "2850578006048", "Sésame+1 &ouvre=toi"
Answer = Callable[[httpx.Request], httpx.Response]


def form(step: str = "", inside: str = "", alert: str = "", around: str = "") -> str:
    """A page of the identity host."""
    return (f'<div id="loginPage"><div class="zone-alerte hidden"><span>Jamais vu</span></div>{alert}'
            f'<form id="connexioncompte_2connexionCompteForm" method="post">'
            f'<input type="hidden" name="lmAuth" value="LOGIN"><input type="hidden" name="authStep" value="{step}">'
            f'<input id="userfield" name="user"><input id="passwordfield" type="password" name="password">{inside}'
            f'<input type="submit" name="submit" value="me connecter"></form></div>{around}')


def visible(text: str) -> str:
    return f'<div class="zone-alerte"><span>{escape(text)}</span></div>'


class Service:
    """Redirects to the form, then answers each post with the next page of a script."""

    def __init__(self, *pages: str | httpx.Response, first: str = form()) -> None:
        self.pages = list(pages)
        self.first = first
        self.posts: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "assure.example" and "as_login_page" in str(request.url):
            return httpx.Response(302, headers={"location": f"{IDENTITY}:443/oauth2/authorize?client_id=compte_AS"})
        if request.method == "POST":
            fields = parse_qs(request.content.decode(), keep_blank_values=True)
            self.posts.append({name: values[0] for name, values in fields.items()})
            page = self.pages.pop(0)
            return page if isinstance(page, httpx.Response) else httpx.Response(200, html=page)
        if request.url.host == "ameliconnect.example":
            return httpx.Response(200, html=self.first)
        return httpx.Response(200, html='<a id="lienDeconnexionId">Déconnexion</a>')


async def sign_in(service: Answer, ask: Callable[[str], str] | None = None) -> None:
    async def answer(message: str) -> CodeAnswer:
        assert ask is not None
        return CodeAnswer(ask(message))

    portal = Portal(CONFIG, transport=httpx.MockTransport(service))
    await portal.sign_in(NIR, PASSWORD, answer if ask else None)


SENTENCES = [
    ("Le numéro de sécurité sociale et le code personnel ne correspondent pas", errors.WrongPassword),
    ("Le numéro de Sécurité sociale et le mot de passe ne correspondent pas.", errors.WrongPassword),
    ("Les informations saisies sont erronées", errors.WrongPassword),
    ("Le mot de passe saisi est incorrect", errors.WrongPassword),
    ("Votre numéro de Sécurité sociale doit contenir des chiffres, A ou B", errors.BadNumber),
    ("Bad username", errors.BadNumber),
    ("SERVICE MOMENTANÉMENT INDISPONIBLE", errors.OutageOrUnknownNumber),
    ("Votre compte ameli verrouillé", errors.AccountLocked),
    ("L’accès à votre compte ameli est bloqué", errors.AccountLocked),
    ("Vous devez commander un nouveau code depuis la page de connexion", errors.AccountLocked),
    ("Le nombre maximum de demandes de code a été atteint", errors.TooManyCodes),
    ("Vous ne dépendez plus du régime général de l'Assurance Maladie", errors.WrongScheme),
    ("Une phrase jamais vue 2850578006048", errors.SignInRefused),
]


@pytest.mark.parametrize(("sentence", "error"), SENTENCES)
async def test_each_sentence_is_one_error_with_one_post(sentence: str, error: type[AmeliError]) -> None:
    service = Service(form(alert=visible(sentence)))
    with pytest.raises(error) as caught:
        await sign_in(service)
    assert len(service.posts) == 1
    assert caught.value.exit_code in (4, 5)
    for lang in ("fr", "en"):
        assert NIR not in caught.value.message(lang)
        assert caught.value.hint(lang)


@pytest.mark.parametrize("page", [
    '<div class="centrepage"><h1>Compte bloqué</h1></div>',
    '<div class="centrepage compte_bloque"><p class="msg_erreur">Votre compte ameli verrouillé</p></div>',
    form(around='<span id="connexioncompte_2nir_as_messageErreur">Compte bloqué</span>'),
])
async def test_a_locked_account_is_seen_wherever_it_is_written(page: str) -> None:
    with pytest.raises(errors.AccountLocked):
        await sign_in(Service(page))


async def test_hidden_alerts_are_not_read() -> None:
    service = Service(form("SAISIE_OTP", '<input name="numOTP1"><input name="numOTP2">'), httpx.Response(
        303, html=f'<a href="{BASE}/PortailAS/appmanager/x">suite</a>'))
    asked: list[str] = []
    await sign_in(service, lambda message: asked.append(message) or "12")  # type: ignore[func-returns-value]
    assert asked == [""]
    assert service.posts[1]["numOTP1"] == "1"


async def test_a_notice_on_the_page_that_offers_a_code_does_not_stop() -> None:
    offer = form("OTP_NECESSAIRE", '<input type="submit" id="BoutonGenerationOTP" name="envoiOTP" value="Recevoir">',
                 alert=visible("Un code de sécurité est nécessaire"))
    code = form("SAISIE_OTP", '<input name="codeOTP"><input type="checkbox" name="enrolerDevice">')
    service = Service(offer, code, httpx.Response(303, headers={"location": f"{BASE}/PortailAS/"}))
    await sign_in(service, lambda _: "123 456")
    assert [post["authStep"] for post in service.posts] == ["", "ENVOI_OTP", "SAISIE_OTP"]
    assert service.posts[1]["envoiOTP"] == "Recevoir"
    assert service.posts[2]["codeOTP"] == "123456"
    assert service.posts[2]["enrolerDevice"] == "on"
    assert all(post["password"] == PASSWORD and post["lmAuth"] == "LOGIN" for post in service.posts)


@pytest.mark.parametrize("page", [
    form("VALIDATION_APPLI"), "<p>Bonjour</p>", form(), httpx.Response(200, text="plain"),
])
async def test_an_unknown_step_is_a_change_of_the_portal(page: str | httpx.Response) -> None:
    service = Service(page)
    with pytest.raises(errors.PortalChanged) as changed:
        await sign_in(service, lambda _: "123456")
    assert changed.value.page == "connexion"
    assert len(service.posts) == 1


@pytest.mark.parametrize("first", [
    "<p>Rien</p>", '<form id="connexioncompte_2connexionCompteForm"><input name="authStep" value="AUTRE"></form>',
    '<form action="https://evil.example/"><input name="user"><input type="password" name="password"></form>',
    f'<form action="{BASE}/x"><input name="user"><input type="password" name="password"></form>',
    '<form><input type="password" name="password"></form>',
])
async def test_a_form_that_is_not_the_known_one_never_gets_the_password(first: str) -> None:
    service = Service(first=first)
    with pytest.raises(errors.PortalChanged):
        await sign_in(service)
    assert service.posts == []


async def test_inputs_are_found_by_name_or_by_place_when_their_ids_change() -> None:
    first = ('<form id="f"><input type="hidden" name="authStep" value=""><input type="text" name="identifiant">'
             '<input type="password" name="secret"></form>')
    service = Service(httpx.Response(302, headers={"location": f"{BASE}/PortailAS/"}), first=first)
    await sign_in(service)
    assert (service.posts[0]["identifiant"], service.posts[0]["secret"]) == (NIR, PASSWORD)


async def test_the_entrance_page_is_passed_by_the_right_link() -> None:
    inner = Service(httpx.Response(302, headers={"location": f"{BASE}/PortailAS/"}))
    visited: list[str] = []

    def service(request: httpx.Request) -> httpx.Response:
        visited.append(request.url.path)
        if "afficher" in str(request.url):
            return httpx.Response(200, html='<a id="id_r_cnx_btn_code" class="r_btlien connexion" href="/creer">Créez '
                                            'votre compte</a><a id="id_r_cnx_btn_code" class="r_btlien connexion" '
                                            'href="/PortailAS/entree?as_login_page">Connectez-vous</a>')
        return inner(request)

    await sign_in(service)
    assert "/creer" not in visited
    assert len(inner.posts) == 1


async def test_a_session_time_out_written_as_a_refresh_is_not_followed() -> None:
    page = ('<div class="wlp-bighorn-window-content"><meta http-equiv="refresh" content="1500; url=/deconnexion">'
            '<a id="lienDeconnexionId">Déconnexion</a></div>')
    visited: list[str] = []

    def service(request: httpx.Request) -> httpx.Response:
        visited.append(request.url.path)
        return httpx.Response(200, html=page)

    portal = Portal(CONFIG, transport=httpx.MockTransport(service))
    with pytest.raises(errors.PortalChanged):
        await portal.inbox()
    assert "/deconnexion" not in visited


@pytest.mark.parametrize("text", [
    "Oups... votre compte ameli est momentanément indisponible. Il sera de retour en pleine forme très bientôt.",
])
@pytest.mark.parametrize("markup", ['<div class="mobile"><p>{}</p></div>', '<div id="backgroundId"><p>{}</p></div>',
                                    '<span class="texte-indispo">{}</span>'])
async def test_the_outage_page_is_known_by_its_words_too(text: str, markup: str) -> None:
    portal = Portal(CONFIG, transport=httpx.MockTransport(lambda _: httpx.Response(200, html=markup.format(text))))
    with pytest.raises(errors.Outage):
        await portal.inbox()


def test_an_address_without_encryption_is_refused_unless_it_is_this_machine() -> None:
    with pytest.raises(errors.InsecureAddress):
        Portal(PortalConfig(base_url="http://assure.ameli.fr"))
    with pytest.raises(errors.InsecureAddress):
        Portal(PortalConfig(identity_url="http://127.0.0.1.evil.example"))
