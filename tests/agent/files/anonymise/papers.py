"""PDF files to make copies of: statements with canaries in them, and what a copy must not hold."""

import io
import re
import zlib

import pypdfium2
from fpdf import FPDF

CANARIES = (
    "ZEBULONNE", "QUILLFEATHER", "Kaspergaard", "MONTCUQUET", "BRISEMICHE", "ORTHOPTIXQUE", "2 77 11 38 421 337 84",
    "277113842133784", "23/07/2025", "14/08/2019", "61,37", "42,95", "25204", "38421", "zeb.quill@exemple.fr",
)
"""Names, a place, a care label, a number, days, amounts, a reference and a mail: none may be in a copy."""
NEVER = tuple(dict.fromkeys(piece for one in CANARIES for piece in (one, *re.findall(r"[^\W_]{4,}", one))
                            if piece.lower() != "exemple" and not (piece.isdigit() and len(piece) < 6)))
"""With their parts; short numbers can be part of a longer one that was drawn."""


def statement() -> bytes:
    """A décompte with a rule, a picture, an attachment, metadata, a note and a second version of itself."""
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.set_auto_page_break(False)
    pdf.set_title("Décompte de ZEBULONNE QUILLFEATHER")
    pdf.set_author("Kaspergaard")
    pdf.set_subject("277113842133784")
    pdf.set_keywords("BRISEMICHE")
    pdf.add_page()
    for text, x, y, size in (
        ("assuré social", 80, 119, 8), ("ZEBULONNE QUILLFEATHER", 133, 119, 8), ("2 77 11 38 421 337 84", 133, 131, 8),
        ("MME.  ZEBULONNE QUILLFEATHER", 298, 188, 11), ("3 impasse Kaspergaard", 298, 201, 11),
        ("38421 MONTCUQUET", 298, 215, 11), ("zeb.quill@exemple.fr", 298, 230, 8),
        ("Voici le détail des versements vous concernant pour un paiement du 23/07/2025", 134, 269, 9),
        ("vos remboursements de soins", 43, 320, 9), ("dates", 45, 335, 9), ("nature des prestations", 133, 335, 9),
        ("pour ZEBULONNE né(e) le 14/08/2019", 133, 372, 9), ("maternité", 133, 385, 8),
        ("réf  0384   2520400012345", 133, 397, 7), ("23/07/2025", 43, 411, 8), ("ORTHOPTIXQUE", 133, 411, 8),
        ("( AMY )", 226, 413, 6), ("61,37", 420, 411, 8), ("61,37", 470, 411, 8), ("100 %", 503, 411, 8),
        ("61,37", 555, 411, 8), ("participation forfaitaire (PFH)", 133, 424, 8), ("- 18,42", 548, 424, 8),
        ("le 23/07/2025 : 42,95 euro(s)", 133, 440, 10),
    ):
        pdf.set_font("Helvetica", "", size)
        pdf.text(x, y, text)
    pdf.line(43, 325, 553, 325)
    pdf.text_annotation(100, 500, "ZEBULONNE a appelé")
    from PIL import Image, PngImagePlugin

    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "QUILLFEATHER")
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(picture, "PNG", pnginfo=note)
    pdf.image(io.BytesIO(picture.getvalue()), 300, 600, 40, 40)
    pdf.set_xmp_metadata("<x:xmpmeta xmlns:x='adobe:ns:meta/'>ZEBULONNE</x:xmpmeta>")
    pdf.embed_file(bytes=b"ORTHOPTIXQUE 61,37", basename="Kaspergaard.txt")
    first = bytes(pdf.output())
    # A later version of the file is appended to the first: both are in it.
    return first + b"\n% BRISEMICHE 23/07/2025\n"


def everything(data: bytes) -> str:
    """All that a file holds: its bytes as they are, every stream unpacked, its text and its metadata."""
    parts = [data.decode("latin-1")]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.S):
        try:
            parts.append(zlib.decompress(found[1]).decode("latin-1"))
        except zlib.error:
            parts.append(found[1].decode("latin-1"))
    document = pypdfium2.PdfDocument(data)
    parts += [str(document.get_metadata_dict()), *text_of(data)]
    parts += [part.encode("latin-1", "ignore").decode("utf-16-be", "ignore") for part in parts[:1]]
    return "\n".join(parts)


def text_of(data: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range() for page in document]
