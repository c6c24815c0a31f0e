"""The dossier: a dated letter to the person's own fund, what is declared, and the papers, in one PDF in French."""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Protocol

from agent.concurrency.reader_threads import outside
from agent.files.formats.attachment import open_paper
from agent.files.formats.errors import UnreadablePaper
from agent.files.formats.pdf_lock import PDFIUM

if TYPE_CHECKING:
    from fpdf import FPDF

_MARGIN, _LINE = 20.0, 5.5
"""Millimetres."""
_WIDEST = 1654
"""Pixels of a picture's long side at most: A4 at 200 dots an inch; the rest is weight."""
_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre")


@dataclass(frozen=True, slots=True)
class Letter:
    """What the letter says. Texts are in French."""

    sender: tuple[str, ...]
    """Name, number, address: a line each."""
    fund: tuple[str, ...]
    subject: str
    body: str
    """Paragraphs parted by empty lines."""
    facts: tuple[tuple[str, str], ...]
    """What is declared: label and value."""
    written_on: date


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One enclosed file. ``media_type``: ``application/pdf``, ``image/jpeg`` or ``image/png``."""

    label: str
    filename: str
    media_type: str
    data: bytes


@outside
def make_dossier(letter: Letter, papers: Sequence[PaperFile]) -> bytes:
    """The letter, then every paper in order, as one PDF. Raises UnreadablePaper naming the file."""
    with PDFIUM:
        return _whole(letter, papers)


def _whole(letter: Letter, papers: Sequence[PaperFile]) -> bytes:
    import pypdfium2  # with fpdf 0.1 s: only when a dossier is made

    whole = pypdfium2.PdfDocument.new()
    try:
        _append(whole, _letter(letter, papers), "lettre.pdf")
        for number, paper in enumerate(papers, 1):
            open_paper(paper.data, paper.media_type, paper.filename)
            caption = f"Pièce {number}/{len(papers)} : {paper.label}"
            data = paper.data if paper.media_type == "application/pdf" else _picture(paper, caption, letter.written_on)
            _append(whole, data, paper.filename)
        out = io.BytesIO()
        whole.save(out)
    finally:
        whole.close()
    return out.getvalue()


class _Pages(Protocol):
    """A document of ``pypdfium2``, which has no types: what is used of it."""

    def import_pages(self, pdf: object) -> None: ...


def _append(whole: _Pages, data: bytes, name: str) -> None:
    import pypdfium2

    try:
        part = pypdfium2.PdfDocument(data)
        try:
            whole.import_pages(part)
        finally:
            part.close()
    except pypdfium2.PdfiumError:
        raise UnreadablePaper(
            name=name, why_fr="ses pages ne peuvent pas être reprises", why_en="its pages cannot be taken over",
            do_fr="Imprimez-le en PDF et joignez cette copie", do_en="Print it to a PDF and attach that copy") from None


def _new(written_on: date) -> "FPDF":
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.core_fonts_encoding = "windows-1252"  # the euro sign and œ, without a font file
    pdf.set_creation_date(datetime.combine(written_on, time(), UTC))
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(True, _MARGIN)
    return pdf


def _letter(letter: Letter, papers: Sequence[PaperFile]) -> bytes:
    pdf = _new(letter.written_on)
    pdf.set_title(printable(letter.subject))
    pdf.add_page()

    def write(text: str, style: str = "", size: float = 11, left: float = _MARGIN, after: float = 0) -> None:
        pdf.set_font("Helvetica", style, size)
        pdf.set_x(left)
        pdf.multi_cell(0, _LINE, printable(text), new_x="LMARGIN", new_y="NEXT", align="L")
        if after:
            pdf.ln(after)

    for text in letter.sender:
        write(text)
    pdf.ln(8)
    for text in letter.fund:
        write(text, left=110)
    pdf.ln(8)
    day = letter.written_on
    write(f"Le {day.day}{'er' if day.day == 1 else ''} {_MONTHS[day.month - 1]} {day.year}", left=110, after=6)
    write(f"Objet : {letter.subject}", "B", after=4)
    write("Madame, Monsieur,", after=3)
    for paragraph in letter.body.split("\n\n"):
        write(paragraph, after=3)
    if letter.facts:
        write("Je déclare :", after=1)
        _table(pdf, letter.facts)
        pdf.ln(4)
    if papers:
        write("Pièces jointes :", after=1)
        for number, paper in enumerate(papers, 1):
            write(f"{number}. {paper.label}", left=_MARGIN + 5)
        pdf.ln(3)
    write("Je vous prie d'agréer, Madame, Monsieur, mes salutations distinguées.", after=10)
    write("Signature :", left=110, after=20)
    return bytes(pdf.output())


def _table(pdf: "FPDF", facts: Sequence[tuple[str, str]]) -> None:
    pdf.set_font("Helvetica", "", 10)
    with pdf.table(col_widths=(40, 60), first_row_as_headings=False, line_height=_LINE, text_align="LEFT") as table:
        for label, value in facts:
            row = table.row()
            row.cell(printable(label))
            row.cell(printable(value))


def _picture(paper: PaperFile, caption: str, written_on: date) -> bytes:
    """The picture upright on a page of its own, as large as fits, its origin and place data gone."""
    from PIL import Image, ImageOps

    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(paper.data), formats=("JPEG", "PNG"))).convert("RGB")
    picture.thumbnail((_WIDEST, _WIDEST))
    clean = io.BytesIO()
    picture.save(clean, "JPEG", quality=85)
    pdf = _new(written_on)
    pdf.add_page(orientation="landscape" if picture.width > picture.height else "portrait")
    pdf.set_font("Helvetica", "I", 9)
    pdf.cell(0, _LINE, printable(caption), new_x="LMARGIN", new_y="NEXT")
    room = (pdf.epw, pdf.eph - 2 * _LINE)
    scale = min(room[0] / picture.width, room[1] / picture.height)
    pdf.image(clean, x=_MARGIN, y=pdf.get_y() + 2, w=picture.width * scale, h=picture.height * scale)
    return bytes(pdf.output())


def printable(text: str) -> str:
    """The text in the signs of the letter's font; others lose their accents, or become "?" when nothing is near."""
    signs = []
    for sign in text.replace("\u202f", "\u00a0"):
        try:
            sign.encode("cp1252")
        except UnicodeEncodeError:
            flat = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
            sign = flat or "?"
        signs.append(sign if sign.isprintable() or sign in "\n\u00a0" else " ")
    return "".join(signs)
