"""The attestation de droits of the legacy portal: a form of the home page, an answer page with a link, a PDF."""

from starlette.requests import Request
from starlette.responses import Response

from agent.sandbox.model import Person
from agent.sandbox.pages import csrf
from agent.sandbox.pages.forms import posted
from agent.sandbox.pages.markup import ASSURE, member_page, redirect, window
from agent.sandbox.pages.payments import pdf_file
from agent.sandbox.pages.words import esc
from agent.sandbox.server.state import Service, Session

_ACTION = (
    f"{ASSURE}?_nfpb=true&_windowLabel=attDroitsAccueil"
    "&attDroitsAccueil_actionOverride=/portlets/accueil/attdroits&_pageLabel=as_accueil_page"
)
_PDF = "/PortailAS/PDFServletAttestationDroits.dopdf"


def beneficiary_key(person: Person) -> str:
    """How a selector names a person: birth, name, rank."""
    return f"{person.birth_date:%Y%m%d}!-!{person.last_name}!-!{person.birth_rank}!-!{person.first_name}"


def find_person(service: Service, key: str) -> Person | None:
    """The person so named, or ``None`` for the whole family."""
    return next((person for person in service.household.persons if beneficiary_key(person) == key), None)


def request_form(service: Service) -> str:
    """The form shown on the home page."""
    people = "".join(
        f'<option value="{esc(beneficiary_key(person))}">{esc(person.first_name)}</option>'
        for person in service.household.persons
    )
    return (
        f'<form id="attDroitsAccueilattDroitsForm" method="post" action="{esc(_ACTION)}"><h2>Attestation de droits</h2>'
        '<select id="attDroitsAccueilidBenefs" name="attDroitsAccueilidBeneficiaire">'
        f'<option value="FAMILLE">Toute la famille</option>{people}</select>'
        '<input type="hidden" name="attDroitsAccueilmentionsComplementaires" value="ETM">'
        '<input type="hidden" name="attDroitsAccueilactionEvt" value="confirmer">'
        '<input type="hidden" name="attDroitsAccueilblocOuvert" value="true">'
        '<input type="submit" value="Valider"></form>'
    )


async def answer(service: Service, request: Request, session: Session) -> Response:
    """The page after the form: it holds the PDF's link, unless new terms of use wait to be accepted."""
    form = await posted(request)
    name = service.household.persons[0].first_name
    refusal = csrf.refused(service, session, form.get("_ct"), needed=service.options.ct == "strict")
    if refusal:
        return refusal
    if service.options.interstitial == "cgu":
        body = ('<div class="page_nouvelles_cgus"><p>Vous devez accepter les nouvelles conditions générales '
                "d'utilisation.</p></div><script>var affiche_re_accepte_contitions_util=true;</script>")
        return member_page("Attestation de droits", name, window(body), service.options)
    who = form.get("attDroitsAccueilidBeneficiaire", "FAMILLE")
    rank = next((str(index) for index, person in enumerate(service.household.persons)
                 if beneficiary_key(person) == who), "FAMILLE")
    body = f'<h1>Attestation de droits</h1><p><a class="r_lien_pdf" href="{_PDF}?benef={rank}">Télécharger</a></p>'
    return member_page("Attestation de droits", name, window(body), service.options)


async def pdf(service: Service, request: Request) -> Response:
    """The certificate, made for today at each call."""
    if service.logged_in(request) is None:
        return redirect(_ACTION)
    if service.options.interstitial == "cgu":
        return redirect("/PortailAS/error.jsp?code=cgu")
    rank, people = request.query_params.get("benef", "FAMILLE"), service.household.persons
    person = people[int(rank)] if rank.isdigit() and int(rank) < len(people) else None
    return pdf_file(service.papers.attestation(service.household, person, service.today()),
                    "Attestation_de_droits.pdf")
