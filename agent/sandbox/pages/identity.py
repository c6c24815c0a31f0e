"""The identity host: ``/oauth2/authorize`` and its steps."""

import hmac
import re
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from agent.sandbox.pages import identity_markup
from agent.sandbox.pages.forms import posted
from agent.sandbox.pages.markup import bare_page, redirect
from agent.sandbox.pages.words import esc, spaced_number
from agent.sandbox.server.state import Code, Mail, Service

_NUMBER = re.compile(r"[0-9AB]{13}")
_FULL_NUMBER = re.compile(r"([0-9AB]{13})[0-9]{2}")


async def authorize(service: Service, request: Request) -> Response:
    """``GET`` shows the form, or goes straight back for somebody still signed on; ``POST`` is one step of the login."""
    query = dict(request.query_params)
    target = query.get("redirect_uri", "")
    if not any(target.startswith(origin + "/") for origin in (service.portal, service.base_url)):
        return bare_page("Erreur", '<div class="centrepage"><h1>Requête invalide</h1></div>', service.options)
    if request.method != "POST":
        if service.signed_on(request):
            return redirect(_return_address(service, query))
        return identity_markup.credentials_page(query, service.options)
    return _step(service, request, query, await posted(request))


def _step(service: Service, request: Request, query: dict[str, str], form: dict[str, str]) -> Response:
    options, account = service.options, service.account
    number, password = normal_number(form.get("user", "")), form.get("password", "")
    if account.locked:
        return identity_markup.locked_page(options)
    trouble = number_trouble(service, number)
    if trouble:
        return identity_markup.credentials_page(query, options, trouble)
    step, shown = form.get("authStep", ""), spaced_number(number)
    if step == "OTP_NECESSAIRE" and "envoiOTP" in form:
        step = "ENVOI_OTP"  # the button pressed without the page's script
    code_needed = options.otp and not service.is_trusted(request)
    at_once = options.wrong_pair == "at-once" or not code_needed
    right = right_password(service, password)
    if not right and at_once:
        return _wrong_password(service, query, identity_markup.WRONG_PAIR)
    if not code_needed:
        return _finish(service, request, query, enrol=False)
    if step == "ENVOI_OTP":
        if account.codes_asked >= options.otp_requests:
            return identity_markup.ask_code_page(query, options, shown, password, identity_markup.TOO_MANY_CODES)
        _send_code(service)
        return identity_markup.type_code_page(query, options, shown, password)
    if step == "SAISIE_OTP":
        if not _right_code(service, form):
            return identity_markup.type_code_page(query, options, shown, password, identity_markup.WRONG_CODE)
        account.code = None
        if not right:
            return _wrong_password(service, query, identity_markup.WRONG_PASSWORD)
        return _finish(service, request, query, enrol=form.get("enrolerDevice") == "on")
    message = identity_markup.TOO_MANY_CODES if account.codes_asked >= options.otp_requests else ""
    return identity_markup.ask_code_page(query, options, shown, password, message)


def normal_number(text: str) -> str:
    """The number without spaces and without its key."""
    bare = re.sub(r"\s", "", text).upper()
    full = _FULL_NUMBER.fullmatch(bare)
    return full[1] if full else bare


def number_trouble(service: Service, number: str) -> str:
    """What is wrong with the number, in the service's words; empty when it is the account's."""
    if not _NUMBER.fullmatch(number):
        return identity_markup.BAD_NUMBER
    if number != service.household.nir:
        unavailable = service.options.unknown_number == "unavailable"
        return identity_markup.UNAVAILABLE if unavailable else identity_markup.WRONG_PAIR
    return ""


def right_password(service: Service, password: str) -> bool:
    """Whether this is the password of the account."""
    return hmac.compare_digest(password.encode(), service.household.password.encode())


def count_wrong(service: Service) -> bool:
    """Count a wrong password; True when it locks the account."""
    service.account.wrong_tries += 1
    service.account.locked = service.account.wrong_tries >= service.options.lock_after
    return service.account.locked


def _wrong_password(service: Service, query: dict[str, str], message: str) -> HTMLResponse:
    if count_wrong(service):
        return identity_markup.locked_page(service.options)
    return identity_markup.credentials_page(query, service.options, message)


def _send_code(service: Service) -> None:
    options, account = service.options, service.account
    digits = f"{service.rng.randrange(10**6):06d}"
    account.code = Code(digits, service.clock() + options.otp_minutes * 60)
    account.codes_asked += 1
    moment = datetime.now(UTC).time().replace(microsecond=0)
    service.mails.append(Mail(
        to=service.household.email,
        subject="Votre code de sécurité compte ameli",
        date=f"{service.today().isoformat()}T{moment.isoformat()}Z",
        body=f"Votre code de sécurité est {digits}. Il est valable {options.otp_minutes} minutes.",
        code=digits,
    ))


def _right_code(service: Service, form: dict[str, str]) -> bool:
    typed = form.get("codeOTP") or "".join(form.get(f"numOTP{rank}", "") for rank in range(1, 7))
    code = service.account.code
    return code is not None and code.ends >= service.clock() and hmac.compare_digest(
        typed.strip().encode(), code.digits.encode()
    )


def _finish(service: Service, request: Request, query: dict[str, str], *, enrol: bool) -> Response:
    address = _return_address(service, query)
    response = HTMLResponse(
        f'<html><body><p>Redirection : <a href="{esc(address)}">continuer</a></p></body></html>', status_code=303
    )
    if service.options.end == "location":
        response.headers["location"] = address
    service.sign_on(response)
    if enrol or service.is_trusted(request):
        service.trust(request, response)
    service.account.wrong_tries = service.account.codes_asked = 0
    return response


def _return_address(service: Service, query: dict[str, str]) -> str:
    state, target = query.get("state", ""), query["redirect_uri"]
    joint = "&" if "?" in target else "?"
    return f"{target}{joint}code={service.grant(state)}&state={state}"
