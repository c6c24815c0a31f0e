"""Names of documents in a folder, after a template that the person chooses: ``{year}/{kind}/{date}_{title}``.

A slash in the template makes a folder; nothing else does. What a document is called never becomes a path: its signs
that some system refuses become dashes, so that a folder can move between Linux, macOS and Windows.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

from agent.files.exports.account import Lang
from agent.files.exports.cells import line
from agent.files.formats.errors import BadNaming
from agent.protocol.documents import Document
from config.name_templates import BadTemplate, template_parts

_KINDS = {
    "decompte": ("décompte", "payment detail"), "releve_mensuel": ("relevé mensuel", "monthly statement"),
    "attestation": ("attestation", "certificate"), "message": ("message", "message"),
    "attachment": ("pièce jointe", "attachment"), "other": ("autre", "other"),
}
FIELDS: Mapping[str, Callable[[Document, Lang], str]] = {
    "date": lambda document, _lang: document["date"],
    "year": lambda document, _lang: document["date"][:4],
    "month": lambda document, _lang: document["date"][5:7],
    "day": lambda document, _lang: document["date"][8:10],
    "kind": lambda document, lang: _KINDS.get(document["kind"], _KINDS["other"])[lang == "en"].replace(" ", "-"),
    "title": lambda document, _lang: document["title"],
    "id": lambda document, _lang: document["id"],
    "payment": lambda document, _lang: document["payment"] or "",
    "message": lambda document, _lang: document["message"] or "",
}
"""What each name of a template (``config.name_templates.FIELDS``) stands for. ``kind`` is in the person's language;
``payment`` and ``message`` are ids, or nothing."""
_SUFFIXES = {
    "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "text/plain": ".txt", "text/html": ".html",
}
_LONGEST_BYTES = 150
"""Of one part of a name: file systems take 255, encrypted home folders 143 of the common ones' bytes."""
_REFUSED = re.compile(r"[<>:\"/\\|?*\x00-\x1f]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?:\.|$)", re.I)
"""Names that Windows keeps for itself, with any suffix."""


def names(documents: Iterable[Document], template: str, lang: Lang = "fr") -> dict[str, str]:
    """A relative path with slashes for every document, by id; no two alike on any system. Raises BadNaming.

    Equal names are numbered from the oldest document on, so that newer ones never take an older one's name.
    """
    parts = _parts(template)
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for document in sorted(documents, key=lambda document: (document["date"], document["id"])):
        filled = [_safe(_filled(part, document, lang)) for part in parts]
        suffix = _suffix(document)
        if filled[-1].lower().endswith(suffix) and len(filled[-1]) > len(suffix):
            filled[-1] = filled[-1][: -len(suffix)]
        number, path = 1, "/".join(filled) + suffix
        while _folded(path) in taken:
            number += 1
            path = "/".join([*filled[:-1], _safe(filled[-1], f"-{number}")]) + suffix
        taken.add(_folded(path))
        paths[document["id"]] = path
    return paths


def _parts(template: str) -> list[str]:
    """The template's folders and name, checked."""
    try:
        return template_parts(template)
    except BadTemplate as error:
        raise BadNaming(
            why_fr=error.fr, why_en=error.en, known=", ".join(f"{{{name}}}" for name in FIELDS)) from error


def _filled(part: str, document: Document, lang: Lang) -> str:
    return part.format_map({name: line(read(document, lang)).replace("/", "-") for name, read in FIELDS.items()})


def _safe(name: str, number: str = "") -> str:
    """One part of a path that every system takes: no sign, start or end that means something to one of them."""
    plain = "".join(sign if sign.isprintable() else "-" for sign in unicodedata.normalize("NFC", name))
    plain = re.sub(r"\s+", " ", _REFUSED.sub("-", plain)).strip(" .")
    if not plain.strip("-_"):
        plain = "document"
    if _RESERVED.match(plain) or plain.startswith("~"):
        plain = f"_{plain}"
    return _cut(plain, _LONGEST_BYTES - len(number)).rstrip(" .") + number


def _cut(text: str, most: int) -> str:
    """As much of the text as fits in ``most`` bytes."""
    return text.encode()[:most].decode(errors="ignore")


def _suffix(document: Document) -> str:
    """The file's ending, from what it is; from the name we gave it otherwise."""
    by_type = _SUFFIXES.get(str(document.get("media_type")).partition(";")[0].strip().lower())
    if by_type:
        return by_type
    given = PurePosixPath(str(document.get("filename") or "")).suffix
    return given.lower() if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", given) else ".bin"


def _folded(path: str) -> str:
    """The same for names that some system takes for one: capitals, and accents written in two ways."""
    return unicodedata.normalize("NFKC", path).casefold()
