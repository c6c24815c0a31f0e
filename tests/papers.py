"""Small files that are what they say: a PDF, a photograph, a scan."""

import io

from fpdf import FPDF
from PIL import Image


def pdf(text: str = "justificatif", pages: int = 1, password: str | None = None) -> bytes:
    """A PDF with that text on each page; ``password`` protects it."""
    made = FPDF(format="A4")
    made.set_font("Helvetica", size=12)
    for _page in range(pages):
        made.add_page()
        made.cell(text=text)
    if password:
        made.set_encryption(owner_password="owner", user_password=password)
    return bytes(made.output())


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), orientation: int | None = None) -> bytes:
    """A plain picture; ``orientation`` is what a camera notes of how it was held."""
    image = Image.new("RGB", size, (200, 180, 160))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()
