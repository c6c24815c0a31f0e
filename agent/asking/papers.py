"""Files that are attached: taken when they are what the paper asks for."""

from typing import NamedTuple

from agent.asking.errors import BadPaper
from agent.exchange.papers import open_paper
from agent.procedures.model import Paper

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
    media_type: str


def accept(data: bytes, filename: str, paper: Paper) -> Accepted:
    """Check a file against what its paper asks for. Raises BadPaper, UnreadablePaper."""
    formats = ", ".join(paper.formats).upper()
    if not data:
        raise BadPaper(reason_fr="Le fichier est vide.", reason_en="The file is empty.")
    if len(data) > paper.most_bytes:
        most = f"{paper.most_bytes / 1024 / 1024:.0f}"
        raise BadPaper(reason_fr=f"Le fichier est trop volumineux : {most} Mo au plus.",
                       reason_en=f"The file is too large: {most} MB at most.")
    for mark, name, media_type in _MAGIC:
        if (mark in data[:_HEAD] if name == "pdf" else data.startswith(mark)) and name in paper.formats:
            open_paper(data, media_type, filename)
            return Accepted(data, media_type)
    raise BadPaper(reason_fr=f"Ce type de fichier n'est pas accepté ici. Formats : {formats}.",
                   reason_en=f"This type of file is not accepted here. Formats: {formats}.")
