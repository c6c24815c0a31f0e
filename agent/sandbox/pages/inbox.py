"""The inbox: list, one message, its PDF and its attachments."""

from datetime import UTC, datetime, time
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from agent.sandbox.model import SandboxMessage
from agent.sandbox.pages import csrf
from agent.sandbox.pages.forms import posted
from agent.sandbox.pages.markup import ASSURE, member_page, redirect, window
from agent.sandbox.pages.payments import offered_as, pdf_file
from agent.sandbox.pages.words import esc, slashed
from agent.sandbox.server.state import Service, Session

_PDF_MAGIC = b"%PDF-"


def _visible(service: Service) -> list[SandboxMessage]:
    today = service.today()
    return sorted((m for m in service.household.messages if m.received_on <= today),
                  key=lambda message: message.received_on, reverse=True)


def _find(service: Service, identifier: str) -> SandboxMessage | None:
    return next((message for message in _visible(service) if message.id == identifier), None)


async def page(service: Service, request: Request, session: Session) -> Response:
    """``as_messages_recus_page``."""
    rows = "".join(
        f'<tr class="{"lu" if message.read else "nonlu"}">'
        f'<td><input type="checkbox" name="idMessage" value="{esc(message.id)}"></td>'
        f'<td>{"" if message.read else "Nouveau"}</td><td>{esc(message.sender)}</td><td>{esc(message.subject)}</td>'
        f'<td><a href="{esc(service.portal + _detail_address(message))}">{message.received_on:%d/%m/%y}</a></td></tr>'
        for message in _visible(service)
    )
    table = (
        '<table id="tableauMessagesRecus"><thead><tr><th></th><th>État</th><th>Expéditeur</th><th>Objet</th>'
        f"<th>Date</th></tr></thead><tbody>{rows}</tbody></table>"
    ) if rows else '<p class="r_msg_aucun_message">Vous n\'avez aucun message.</p>'
    return member_page("Mes messages reçus", service.household.persons[0].first_name,
                       window(f"<h1>Mes messages reçus</h1>{table}"), service.options)


def _detail_address(message: SandboxMessage) -> str:
    return (
        f"{ASSURE}?_nfpb=true&_windowLabel=messagerie_1&messagerie_1_actionOverride=/portlets/messagerie/detail"
        f"&_pageLabel=as_messages_recus_page&idMessage={quote(message.id, safe='')}"
    )


async def detail(service: Service, request: Request, session: Session) -> Response:
    """One message. Reading it marks it as read."""
    message = _find(service, request.query_params.get("idMessage", ""))
    if message is None:
        return HTMLResponse('<html><body><div class="centrepage"><h1>Service momentanément indisponible.</h1></div>'
                            "</body></html>")
    message.read = True
    paragraphs = "".join(f"<p>{esc(line)}</p>" for line in message.body.split("\n") if line.strip())
    files = "".join(
        f'<p><a class="telechargement_PJ" href="/PortailAS/messagerie/pieceJointe/{quote(message.id, safe="")}/{rank}" '
        f'title="{esc(file.name)}">{esc(file.name)}</a></p>'
        for rank, file in enumerate(message.attachments)
    )
    body = (
        f'<h1>{esc(message.subject)}</h1><div id="detailMessage"><p class="expediteur">De : {esc(message.sender)}</p>'
        f'<p class="dateMessage">{slashed(message.received_on)}</p><div class="corpsMessage">{paragraphs}</div></div>'
        '<form id="pdfSimple" method="post" action="/PortailAS/messagerie/telechargerMessage.do">'
        f'<input type="hidden" name="idMessage" value="{esc(message.id)}">'
        '<input type="hidden" name="telechargementPDF" value="true">'
        f'<input type="hidden" name="nomPDF" value="Message_{message.received_on:%Y%m%d}.pdf">'
        f'<input type="submit" value="Télécharger ce message"></form>{files}'
    )
    return member_page("Message", service.household.persons[0].first_name, window(body), service.options)


def _token_refusal(service: Service, request: Request) -> Response | None:
    session = service.logged_in(request)
    if session is None:
        return redirect("/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_pageLabel=as_messages_recus_page")
    value = request.query_params.get("_ct")
    refusal = csrf.refused(service, session, value, needed=service.options.ct != "off")
    # A download that fails leads to an address with "error" in it, whatever the reason.
    return redirect("/PortailAS/error.jsp?code=csrf") if refusal else None


async def message_pdf(service: Service, request: Request) -> Response:
    """The message itself as a PDF: the form ``#pdfSimple`` posted with ``?_ct=``."""
    refusal = _token_refusal(service, request)
    if refusal:
        return refusal
    form = await posted(request)
    message = _find(service, form.get("idMessage", ""))
    if message is None:
        return redirect("/PortailAS/error.jsp?code=message")
    return pdf_file(_printed(message), form.get("nomPDF") or "message.pdf")


async def attachment(service: Service, request: Request) -> Response:
    """One joined file, by its rank in the message."""
    refusal = _token_refusal(service, request)
    if refusal:
        return refusal
    message, rank = _find(service, request.path_params["message"]), request.path_params["rank"]
    if message is None or rank >= len(message.attachments):
        return redirect("/PortailAS/error.jsp?code=piece")
    file = message.attachments[rank]
    if file.content.startswith(_PDF_MAGIC):
        return pdf_file(file.content, file.name)
    return Response(file.content, media_type="application/octet-stream",
                    headers={"content-disposition": offered_as(file.name)})


def _printed(message: SandboxMessage) -> bytes:
    from fpdf import FPDF  # heavy, and only for who downloads a message

    def latin(text: str) -> str:
        return text.replace("’", "'").encode("latin-1", "replace").decode("latin-1")

    paper = FPDF()
    paper.set_creation_date(datetime.combine(message.received_on, time(), UTC))
    paper.add_page()
    paper.set_font("helvetica", "B", 13)
    paper.multi_cell(0, 8, latin(message.subject), new_x="LMARGIN", new_y="NEXT")
    paper.set_font("helvetica", size=10)
    paper.multi_cell(0, 6, latin(f"{message.sender} - {slashed(message.received_on)}"), new_x="LMARGIN", new_y="NEXT")
    paper.multi_cell(0, 6, latin(message.body), new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())
