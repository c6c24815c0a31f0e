"""The older page of monthly statements, in the markup of 2020-2023 and of 2025, and its PDFs."""

from dataclasses import replace
from datetime import date
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agent.sandbox.pages.markup import member_page, redirect, window
from agent.sandbox.pages.payments import pdf_file
from agent.sandbox.pages.payments_markup import total
from agent.sandbox.pages.words import MONTHS, back, esc, money, month_year
from agent.sandbox.server.state import Service, Session

_STEP = 6
_SCRIPT = """<script>
function telechargerReleve(adresse) { window.location.href = adresse; }
document.getElementById('afficherPlusReleves').addEventListener('click', function () {
  var bouton = this;
  fetch('/PortailAS/portlets/relevemensuelpaiement/relevemensuelpaiement.do?actionEvt=afficherPlusReleves',
    {credentials: 'include'}).then(function (answer) { return answer.json(); }).then(function (suite) {
      document.getElementById('unordered_list').insertAdjacentHTML('beforeend', suite.html);
      if (suite.fin) { bouton.remove(); }
    });
});
</script>"""


def months(service: Service) -> list[date]:
    """The closed months kept, newest first."""
    today = service.today()
    return [back(today, behind) for behind in range(1, service.options.retention + 1)]


def file_name(month: date) -> str:
    """``ReleveMensuelJuin2026.pdf``."""
    return f"ReleveMensuel{MONTHS[month.month - 1].capitalize()}{month.year}.pdf"


def address(service: Service, month: date) -> str:
    """Relative address of a month's PDF."""
    return f"/PortailAS/PDFServletReleveMensuel.dopdf?PDF.idFichier={quote(_file_id(month))}"


def paper(service: Service, month: date) -> bytes:
    """The PDF of a month. Only that month's payments are handed to whoever draws it: nobody walks the whole history."""
    payments = service.history.of_month(month, service.today())
    return service.papers.statement(replace(service.household, payments=payments), month)


def _file_id(month: date) -> str:
    return f"RM{month.year}{month.month:02d}A{(month.year * 7919 + month.month * 104729) % 1_000_000:06d}"


def _block(service: Service, month: date) -> str:
    payments = service.history.of_month(month, service.today())
    if not payments:
        return ""  # programs take every block for a document
    link, shape, label = esc(address(service, month)), service.options.statements, month_year(month)
    amount = money(total(payments), service.options)
    newer = (
        '<div class="ReleveMensuelElementFlexSpaceBetween"><p>Relevé mensuel</p></div>'
        f'<p class="moisDecompte">{label}</p><div class="boutonTelechargement bouton" role="button" '
        f"onclick=\"telechargerReleve('{link}')\">Télécharger</div>"
    )
    older = (
        f'<li class="rowdate"><span class="blocTelecharger"><span class="libelle">Relevé mensuel</span> '
        f'<span class="mois">{label}</span></span> <span class="montant">{amount}</span>'
        f'<div class="col-telechargement"><a href="{link}">Télécharger</a></div></li>'
    )
    inner = {"both": newer + older, "2025": newer, "2023": older}[shape]
    return f'<div class="blocParMois">{inner}</div>'


async def page(service: Service, request: Request, session: Session) -> Response:
    """``as_releve_mensuel_paiement_page``: the six newest closed months."""
    session.statements_shown = _STEP
    blocks = "".join(_block(service, month) for month in months(service)[:_STEP])
    body = (
        f'<div id="as_paiement_book"><h1>Mes relevés mensuels</h1><ul id="unordered_list">{blocks}</ul>'
        '<button type="button" id="afficherPlusReleves">Afficher plus de relevés</button></div>'
    )
    return member_page("Mes relevés mensuels", service.household.persons[0].first_name, window(body), service.options,
                       _SCRIPT)


async def more(service: Service, request: Request) -> Response:
    """``relevemensuelpaiement.do?actionEvt=afficherPlusReleves``: each call gives the six months that follow."""
    session = service.logged_in(request)
    if session is None:
        return redirect("/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_pageLabel=as_releve_mensuel_paiement_page")
    kept = months(service)
    shown = kept[session.statements_shown:session.statements_shown + _STEP]
    session.statements_shown += len(shown)
    counts, lines = [], []
    for month in shown:
        payments = service.history.of_month(month, service.today())
        amount = money(total(payments), service.options) if payments else ""
        link = address(service, month) if payments else ""
        counts.append({"mois": month_year(month), "montant": amount, "urlPDF": link})
        if payments:
            lines.append({
                "datePaiement": f"1 {month_year(month)}", "libelleNaturePrestation": "Releve Mensuel",
                "montant": amount, "urlPDF": link, "urlPdf": link,
            })
    return JSONResponse({
        "listeDecomptes": counts,
        "listePaiements": [{"listeLignesPaiements": lines}] if lines else [],
        "html": "".join(_block(service, month) for month in shown),
        "fin": session.statements_shown >= len(kept),
    })


async def pdf(service: Service, request: Request) -> Response:
    """``PDFServletReleveMensuel.dopdf``, by ``PDF.idFichier`` or by ``PDF.moisRecherche=MMYYYY``."""
    if service.logged_in(request) is None:
        return redirect("/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_pageLabel=as_releve_mensuel_paiement_page")
    wanted = request.query_params.get("PDF.idFichier"), request.query_params.get("PDF.moisRecherche")
    for month in months(service):
        named = _file_id(month), f"{month.month:02d}{month.year}"
        if wanted[0] == named[0] or wanted[1] == named[1]:
            if service.history.of_month(month, service.today()):
                return pdf_file(paper(service, month), file_name(month))
            break
    return redirect("/PortailAS/error.jsp?code=pdf")
