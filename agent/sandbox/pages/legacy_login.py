"""The portal's own login form of before June 2023, and the page that says it is closed."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from agent.sandbox.pages import identity_markup as pages
from agent.sandbox.pages.forms import posted
from agent.sandbox.pages.identity import count_wrong, normal_number, number_trouble, right_password
from agent.sandbox.pages.markup import ASSURE, visitor_page
from agent.sandbox.pages.words import esc
from agent.sandbox.server.state import Service, Session

_ACTION = (
    f"{ASSURE}?_nfpb=true&_windowLabel=connexioncompte_2"
    "&connexioncompte_2_actionOverride=/portlets/connexioncompte/validationconnexioncompte&_pageLabel=as_login_page"
)


def form_page(service: Service, message: str = "") -> HTMLResponse:
    """The form, with an alert when ``message`` says one; or only the maintenance text when the form is closed."""
    if not service.options.direct_login:
        return visitor_page(
            "Connexion",
            f'<div id="loginPage"><div id="idBlocCnx"><div><p>{esc(pages.DIRECT_OFF)}</p></div></div></div>',
            service.options,
        )
    alert = f'<div class="zone-alerte"><span>{esc(message)}</span></div>' if message else ""
    return visitor_page("Connexion", (
        f'<div id="loginPage">{alert}<form name="connexionCompteForm" id="connexioncompte_2connexionCompteForm" '
        f'class="r_cnx_form" method="post" action="{esc(service.portal + _ACTION)}">'
        '<input type="hidden" name="connexioncompte_2actionEvt" value="connecter">'
        '<input type="hidden" name="_ct" value="">'
        '<input type="text" id="connexioncompte_2nir_as" name="connexioncompte_2numSecuriteSociale" maxlength="13" '
        'title="Mon numéro de sécurité sociale" value="">'
        '<input type="password" id="connexioncompte_2connexion_code" name="connexioncompte_2codeConfidentiel" value="">'
        '<input type="submit" id="id_r_cnx_btn_submit" name="submit" value="Valider"></form></div>'
    ), service.options)


async def connect(service: Service, request: Request, landing: Callable[[Service, Session], Response]) -> Response:
    """The form's POST. It knew no one-time code: refused as a wrong pair would be while the service asks for one."""
    form = await posted(request)
    if service.account.locked:
        return pages.locked_page(service.options)
    if not service.options.direct_login or (service.options.otp and service.options.login != "legacy"):
        return form_page(service, pages.UNAVAILABLE)
    trouble = number_trouble(service, normal_number(form.get("connexioncompte_2numSecuriteSociale", "")))
    if trouble:
        return form_page(service, trouble)
    if not right_password(service, form.get("connexioncompte_2codeConfidentiel", "")):
        locked = count_wrong(service)
        return pages.locked_page(service.options) if locked else form_page(service, pages.WRONG_PAIR)
    service.account.wrong_tries = 0
    holder = Response()
    session = service.open_session(request, holder, logged_in=True)
    response = landing(service, session)
    response.raw_headers.extend(header for header in holder.raw_headers if header[0] == b"set-cookie")
    return response
