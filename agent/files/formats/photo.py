"""A portrait made ready for the health card: upright, cropped to the card's format, as one JPEG within limits.

The format is that of the dated tables (35 by 45 mm, as guides report it; the service publishes none), so only what the
tables say is measured; whether the face is right, a person sees. Nothing here refuses a picture that opens.
"""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.concurrency.reader_threads import outside
from agent.files.formats.attachment import open_paper

if TYPE_CHECKING:
    from PIL.Image import Image

_DOTS_AN_INCH = 300
"""What prints sharply; fewer dots show on the card."""
_INCH_MM = 25.4
_MOST_HEIGHT = 2000
"""Dots: three times what the card can show."""
_QUALITIES = (92, 85, 75, 60)
_MUCH = 40
"""Percent cut off, from which on somebody should look."""
_GREY = 12
"""Difference between two colours of a dot that a camera's noise or a scan's tint explains."""
_SAMPLE = (64, 64)


@dataclass(frozen=True, slots=True)
class Format:
    """What the card wants. Sides in millimetres, sizes of the file in bytes."""

    width: int
    height: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """The picture as it will be sent."""

    data: bytes
    width: int
    height: int
    cut: int
    """Percent of the picture that fell outside the format."""
    notes: tuple[tuple[str, str], ...]
    """What to look at, in French and in English."""


@outside
def make_portrait(data: bytes, media_type: str, name: str, wanted: Format) -> Portrait:
    """Turn, crop and pack a photograph; what the camera noted of place and day is gone. Raises UnreadablePaper."""
    from PIL import Image, ImageOps

    open_paper(data, media_type, name)
    picture = _coloured(ImageOps.exif_transpose(Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))))
    box = crop_box(picture.width, picture.height, wanted)
    whole = picture.width * picture.height
    cropped = picture.crop(box)
    cut = round(100 - 100 * cropped.width * cropped.height / whole)
    notes = _notes(cropped, cut, wanted)
    if cropped.height > _MOST_HEIGHT:
        cropped = cropped.resize((round(_MOST_HEIGHT * cropped.width / cropped.height), _MOST_HEIGHT))
    packed = _packed(cropped, wanted.most)
    if len(packed) < wanted.least:
        notes.append((f"Fichier de {len(packed) // 1000} Ko : l'usage rapporté est de {wanted.least // 1000} Ko au "
                      "moins.", f"File of {len(packed) // 1000} KB: reported practice is {wanted.least // 1000} KB at "
                      "least."))
    return Portrait(packed, cropped.width, cropped.height, cut, tuple(notes))


def crop_box(width: int, height: int, wanted: Format) -> tuple[int, int, int, int]:
    """The largest part of a picture that has the format: from the middle, and rather from its top, where faces are."""
    if width * wanted.height > height * wanted.width:
        kept = max(1, round(height * wanted.width / wanted.height))
        left = (width - kept) // 2
        return left, 0, left + kept, height
    kept = max(1, round(width * wanted.height / wanted.width))
    top = (height - kept) // 3
    return 0, top, width, top + kept


def _coloured(picture: "Image") -> "Image":
    """Three colours, whatever it came with; what is see-through becomes white."""
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(ground, layered).convert("RGB")
    if picture.mode.startswith(("I", "F")):  # sixteen bits a dot: a plain conversion would clip all to white
        return picture.point(lambda dot: dot / 257).convert("L").convert("RGB")
    return picture.convert("RGB")


def _notes(picture: "Image", cut: int, wanted: Format) -> list[tuple[str, str]]:
    notes = []
    least = round(wanted.height / _INCH_MM * _DOTS_AN_INCH)
    if picture.height < least:
        notes.append((f"{picture.width} x {picture.height} points : sous {least} de haut, la photo peut être floue sur "
                      "la carte.", f"{picture.width} x {picture.height} dots: under {least} high, the photograph may "
                      "be blurred on the card."))
    if cut >= _MUCH:
        notes.append((f"{cut} % de l'image sont coupés : vérifiez que le visage est entier, sur 70 à 80 % de la "
                      "hauteur.", f"{cut} % of the picture are cut off: check that the face is whole, 70 to 80 % of "
                      "the height."))
    if _is_grey(picture):
        notes.append(("La photo est en noir et blanc : elle est demandée en couleur.",
                      "The photograph is black and white: one in colour is asked for."))
    return notes


def _is_grey(picture: "Image") -> bool:
    dots = picture.resize(_SAMPLE).tobytes()
    return all(max(dots[at:at + 3]) - min(dots[at:at + 3]) <= _GREY for at in range(0, len(dots), 3))


def _packed(picture: "Image", most: int) -> bytes:
    """The best JPEG that is light enough."""
    while True:
        for quality in _QUALITIES:
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=quality)
            if out.tell() <= most:
                return out.getvalue()
        picture = picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)))
