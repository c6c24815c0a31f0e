"""``documents/{name}``: certificates made on the day they are asked for, as PDFs."""

from collections.abc import Callable
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agent.sandbox.desk.validation import find_person, mistake, summed
from agent.sandbox.pages.payments import pdf_file
from agent.sandbox.server.state import Service

_YEARS_KEPT = 4
"""Full years whose tax statement can be had: for as long as the tax office may ask for it."""


async def document(service: Service, request: Request) -> Response:
    """``attestation-ij?since&until``, ``releve-fiscal?year``, ``certificat-ceam?person``.

    422 when what is asked for makes no sense, 404 when there is nothing to certify.
    """
    make = _MAKERS.get(request.path_params["name"])
    return make(service, request) if make else _refusal(404, "name", "unknown", "Ce document n'existe pas ici.")


def _sick_pay(service: Service, request: Request) -> Response:
    from agent.sandbox.pdf.certificates import make_pdf_sick_pay, sick_pay_of

    since, until = _day(request.query_params.get("since")), _day(request.query_params.get("until"))
    if since is None or until is None:
        return _refusal(422, "since" if since is None else "until", "required", "Une date est attendue : AAAA-MM-JJ.")
    if since > until:
        return _refusal(422, "until", "order", "La fin de la période précède son début.")
    if not sick_pay_of(service.household, since, until):
        return _refusal(404, "since", "nothing", "Aucune indemnité journalière versée pour cette période.")
    return pdf_file(make_pdf_sick_pay(service.household, since, until, service.today()),
                    f"Attestation_IJ_{since:%Y%m%d}_{until:%Y%m%d}.pdf")


def _tax(service: Service, request: Request) -> Response:
    from agent.sandbox.pdf.certificates import make_pdf_tax

    text, last = request.query_params.get("year", ""), service.today().year - 1
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        return _refusal(422, "year", "required", "Une année est attendue : AAAA.")
    year = int(text)
    if year > last:
        return _refusal(422, "year", "not_over", "Le relevé fiscal d'une année paraît une fois l'année finie.")
    if year <= last - _YEARS_KEPT:
        return _refusal(404, "year", "too_old", "Ce relevé fiscal n'est plus en ligne.")
    if not any(payment.sick_pay for payment in service.household.payments if payment.paid_on.year == year):
        return _refusal(404, "year", "nothing", "Aucune prestation imposable versée cette année-là.")
    return pdf_file(make_pdf_tax(service.household, year, service.today()), f"Releve_fiscal_{year}.pdf")


def _provisional(service: Service, request: Request) -> Response:
    from agent.sandbox.pdf.certificates import make_pdf_provisional

    name = request.query_params.get("person", "")
    person = find_person(service.household, name) if name else service.household.persons[0]
    if person is None:
        return _refusal(422, "person", "unknown_person", "Cette personne n'est pas rattachée à votre compte.")
    return pdf_file(make_pdf_provisional(service.household, person, service.today()), "Certificat_provisoire_CEAM.pdf")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _refusal(status: int, field: str, code: str, message: str) -> Response:
    return JSONResponse(summed([mistake(field, code, message)]), status)


_MAKERS: dict[str, Callable[[Service, Request], Response]] = {
    "attestation-ij": _sick_pay, "releve-fiscal": _tax, "certificat-ceam": _provisional,
}
