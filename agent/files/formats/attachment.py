"""Files that a person joins: opened within bounds, so that a damaged, protected or overgrown one is told of."""

import io
import warnings
from dataclasses import dataclass

from agent.concurrency.reader_threads import outside
from agent.files.formats.errors import UnreadablePaper
from agent.files.formats.pdf_lock import PDFIUM

MOST_PAGES = 60
"""Pages of one PDF: a longer one is no supporting document."""
MOST_PIXELS = 80_000_000
"""Of one picture: 80 megapixels take 240 MB once opened; a bomb would take all there is."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file holds. ``width`` and ``height`` in pixels, upright; 0 for a PDF, whose ``pages`` count."""

    pages: int
    width: int = 0
    height: int = 0


@outside
def open_paper(data: bytes, media_type: str, name: str) -> Opened:
    """Open a PDF, JPEG or PNG as far as is needed to know that it is whole. Raises UnreadablePaper."""
    if media_type != "application/pdf":
        return _picture(data, name)
    with PDFIUM:
        return _pdf(data, name)


def _pdf(data: bytes, name: str) -> Opened:
    import pypdfium2  # 40 ms, and only for a file

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadablePaper(
                name=name, why_fr="ce PDF est protégé par un mot de passe", why_en="this PDF has a password",
                do_fr="Ouvrez-le et enregistrez-le sans protection", do_en="Open it and save it without protection",
            ) from None
        raise _damaged(name) from None
    try:
        pages = len(document)
        if not pages:
            raise _damaged(name)
        if pages > MOST_PAGES:
            raise UnreadablePaper(
                name=name, why_fr=f"il a {pages} pages, plus que {MOST_PAGES}",
                why_en=f"it has {pages} pages, more than {MOST_PAGES}",
                do_fr="N'envoyez que les pages demandées", do_en="Send only the pages that are asked for")
        document[0].get_size()
    except pypdfium2.PdfiumError:
        raise _damaged(name) from None
    finally:
        document.close()
    return Opened(pages)


def _picture(data: bytes, name: str) -> Opened:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bound below is lower
            picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > MOST_PIXELS:
            raise _overgrown(name)
        upright = ImageOps.exif_transpose(picture)
        upright.load()
    except Image.DecompressionBombError:
        raise _overgrown(name) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise _damaged(name) from None
    return Opened(1, upright.width, upright.height)


def _overgrown(name: str) -> UnreadablePaper:
    millions = MOST_PIXELS // 1_000_000
    return UnreadablePaper(
        name=name, why_fr=f"l'image a plus de {millions} millions de points, trop pour être ouverte",
        why_en=f"the picture has more than {millions} million dots, too many to be opened",
        do_fr="Réduisez-la, ou photographiez de nouveau", do_en="Make it smaller, or take it again")


def _damaged(name: str) -> UnreadablePaper:
    return UnreadablePaper(
        name=name, why_fr="le fichier est abîmé ou incomplet", why_en="the file is damaged or incomplete",
        do_fr="Ouvrez-le pour vérifier, puis enregistrez-le de nouveau", do_en="Open it to check, then save it anew")
