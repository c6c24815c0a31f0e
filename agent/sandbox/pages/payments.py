"""The payments page, ``paiements.do`` and the PDFs of single payments."""

from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from agent.sandbox.model import SandboxPayment
from agent.sandbox.pages import csrf, payments_markup
from agent.sandbox.pages.markup import member_page, redirect, window
from agent.sandbox.pages.words import back, esc, slashed
from agent.sandbox.server.state import Service, Session

_LIST = ("afficherPaiementsComplementaires", "Rechercher")


def bounds(service: Service) -> tuple[date, date]:
    """Oldest and newest day the payments page shows."""
    today, months = service.today(), service.options.window_months
    if months > 0:
        return back(today, months), today
    return min(service.history.first_day or today, today), today


async def page(service: Service, request: Request, session: Session) -> Response:
    """``as_paiements_page``."""
    session.list_calls = 0
    session.ct_asked = True  # the page's own script asks for one at once
    first, last = bounds(service)
    start = max(first, back(last, 1))
    people = "".join(
        f'<option value="{person.birth_date:%Y%m%d}!-!{esc(person.last_name)}!-!{person.birth_rank}">'
        f"{esc(person.first_name)}</option>" for person in service.household.persons
    )
    body = (
        '<div id="as_paiement_book"><h1>Mes paiements</h1><form id="paiements_1form">'
        f'<input type="text" id="paiements_1dateDebut" name="DateDebut" value="{slashed(start)}" '
        f'data-mindate="{slashed(first)}"> '
        f'<input type="text" id="paiements_1dateFin" name="DateFin" value="{slashed(last)}" '
        f'data-maxdate="{slashed(last)}"> '
        f'<select id="paiements_1beneficiaire" name="Beneficiaire"><option value="tout_selectionner">Tous</option>'
        f"{people}</select> "
        '<label class="onoffswitch"><input type="checkbox" id="paiements_1releves"><span class="onoffswitch-inner">'
        "Afficher les relevés</span></label> "
        '<button type="button" class="boutonLigne" id="paiements_1rechercher">Rechercher</button></form>'
        '<p><a href="/compte/aspm/releves-mensuels">Accéder à mon historique depuis plus de 6 mois</a></p>'
        '<div id="tableauPaiement"></div><div id="detailPaiement"></div></div>'
    )
    name = service.household.persons[0].first_name
    return member_page("Mes paiements", name, window(body), service.options, payments_markup.SCRIPT)


async def do(service: Service, request: Request) -> Response:
    """``/PortailAS/paiements.do``: the list, or the detail of one payment."""
    session, query = service.logged_in(request), request.query_params
    if session is None:
        return redirect("/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_pageLabel=as_paiements_page")
    value = request.headers.get("_ct")
    if value is not None or not csrf.listed_without(service, session, query):
        refusal = csrf.refused(service, session, value)
        if refusal:
            return refusal
    event = query.get("actionEvt", "")
    if event == "chargerDetailPaiements":
        return _detail(service, request)
    if event in _LIST:
        return _list(service, request, session)
    return Response(status_code=404)


def _day(text: str | None) -> date | None:
    try:
        return datetime.strptime(text or "", "%d/%m/%Y").date()
    except ValueError:
        return None


def _list(service: Service, request: Request, session: Session) -> Response:
    query, (first, last) = request.query_params, bounds(service)
    since, until = _day(query.get("DateDebut")), _day(query.get("DateFin"))
    if since is None and until is None:
        # Without dates the first call shows the default window, a repeated one everything there is to show.
        since = max(first, back(last, 1)) if session.list_calls == 0 else first
    session.list_calls += 1
    span = service.history.span(max(since or first, first), min(until or last, last))
    who = query.get("Beneficiaire", "tout_selectionner")
    positions = [
        position for position in span
        if who == "tout_selectionner" or _concerns(service.history.at(position), who)
    ]
    html = payments_markup.listing(service, positions, with_statements=query.get("afficherReleves") == "true")
    return HTMLResponse(html) if service.options.html == "2018" else JSONResponse({"tableauPaiement": html})


def _concerns(payment: SandboxPayment, who: str) -> bool:
    persons = [line.person for line in payment.lines] + [line.person for line in payment.deductions]
    return any(f"{p.birth_date:%Y%m%d}!-!{p.last_name}!-!{p.birth_rank}" == who for p in persons)


def _detail(service: Service, request: Request) -> Response:
    query = request.query_params
    position = service.history.find(query.get("idPaiement", ""), service.options.payment_ids)
    if position is None or service.history.at(position).nature != query.get("naturePaiement"):
        return HTMLResponse('<div class="centrepage"><h1>Service momentanément indisponible.</h1></div>')
    return HTMLResponse(payments_markup.detail(
        service, position, query.get("indexGroupe", "0"), query.get("indexPaiement", "0")
    ))


async def pdf(service: Service, request: Request) -> Response:
    """``PDFServletDetailPaiement{RS,PT,IJ}.dopdf``."""
    if service.logged_in(request) is None:
        return redirect("/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_pageLabel=as_paiements_page")
    position = service.history.find(request.query_params.get("idPaiement", ""), service.options.payment_ids)
    if position is None:
        return redirect("/PortailAS/error.jsp?code=pdf")
    payment = service.history.at(position)
    return pdf_file(service.papers.payment(service.household, payment), f"Paiement{payment.paid_on:%Y%m%d}.pdf")


def pdf_file(content: bytes, name: str) -> Response:
    """A PDF offered for download."""
    return Response(content, media_type="application/pdf", headers={"content-disposition": offered_as(name)})


def offered_as(name: str) -> str:
    """The header that offers a file for download; of a name only what a header can bear."""
    bearable = "".join(sign for sign in name if " " <= sign <= "~" and sign not in '"\\')
    return f'attachment; filename="{bearable}"'
