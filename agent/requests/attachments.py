"""Files that are attached: taken when they are what the paper asks for."""

from datetime import date
from typing import NamedTuple

from agent.files.formats.attachment import Opened, open_paper
from agent.files.formats.photo import Format, Portrait, make_portrait
from agent.procedures.deadlines.days import amount
from agent.procedures.model import Both, Paper
from agent.protocol.requests import Crop, FileFacts
from agent.requests.errors import BadPaper

_MAGIC = ((b"%PDF-", "pdf", "application/pdf"), (b"\xff\xd8\xff", "jpeg", "image/jpeg"),
          (b"\x89PNG\r\n\x1a\n", "png", "image/png"))
_HEAD = 1024
"""A PDF may begin with other bytes, so far."""


def named(paper: str, filename: str) -> tuple[str, str]:
    """The paper's name and the file's, bounded. Raises BadPaper without a paper's name."""
    if not paper:
        raise BadPaper(reason_fr="Pour quelle pièce est ce fichier ?", reason_en="Which paper is this file for?")
    return paper[:80], filename[:1000] or "piece"


class Accepted(NamedTuple):
    """A file that can be attached."""

    data: bytes
    """What is kept: for a portrait the crop to the card's format."""
    media_type: str
    opened: Opened
    portrait: Portrait | None = None

    def facts(self) -> FileFacts:
        """What a person should know of it, as JSON."""
        portrait = self.portrait
        photo: Crop | None = None if portrait is None else {
            "width": portrait.width, "height": portrait.height, "cut": portrait.cut}
        notes = portrait.notes if portrait else ()
        return {"pages": self.opened.pages, "width": self.opened.width, "height": self.opened.height, "photo": photo,
                "notes": [{"text_fr": fr, "text_en": en} for fr, en in notes]}


PORTRAIT = Paper("photo", Both("Photographie d'identité", "Portrait photograph"), formats=("jpeg", "png"), photo=True)
DOCUMENT = Paper("document", Both("Document", "Document"))
"""What a file is checked against before it is known what it is for."""


def accept(data: bytes, filename: str, paper: Paper, on: date) -> Accepted:
    """Check a file against what its paper asks for on a day. Raises BadPaper, UnreadablePaper."""
    formats = ", ".join(paper.formats).upper()
    if not data:
        raise BadPaper(reason_fr="Le fichier est vide.", reason_en="The file is empty.")
    if len(data) > paper.most_bytes:
        most = f"{paper.most_bytes / 1024 / 1024:.0f}"
        raise BadPaper(reason_fr=f"Le fichier est trop volumineux : {most} Mo au plus.",
                       reason_en=f"The file is too large: {most} MB at most.")
    for mark, name, media_type in _MAGIC:
        if (mark in data[:_HEAD] if name == "pdf" else data.startswith(mark)) and name in paper.formats:
            opened = open_paper(data, media_type, filename)
            if not paper.photo:
                return Accepted(data, media_type, opened)
            portrait = make_portrait(data, media_type, filename, _format(on))
            return Accepted(portrait.data, "image/jpeg", opened, portrait)
    raise BadPaper(reason_fr=f"Ce type de fichier n'est pas accepté ici. Formats : {formats}.",
                   reason_en=f"This type of file is not accepted here. Formats: {formats}.")


def _format(on: date) -> Format:
    return Format(*(amount(f"procedures.photo_{name}", on) for name in ("width", "height", "least", "most")))
