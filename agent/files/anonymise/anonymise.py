"""One file in, its anonymised copy out."""

from __future__ import annotations

from random import Random, SystemRandom
from typing import NamedTuple

from agent.concurrency.reader_threads import outside
from agent.files.anonymise import errors
from agent.files.anonymise.bank_file import is_head, mask_csv, mask_ofx
from agent.files.anonymise.har import mask_session
from agent.files.anonymise.html import mask_markup
from agent.files.anonymise.json_data import mask_json
from agent.files.anonymise.pseudonyms import Disguise
from agent.files.anonymise.tokens import days, tokens

SUFFIXES = {"pdf": ".pdf", "har": ".har", "json": ".json", "html": ".html", "ofx": ".ofx", "csv": ".csv"}


class Copy(NamedTuple):
    """An anonymised copy."""

    kind: str
    """One of ``SUFFIXES``."""
    data: bytes


@outside
def anonymise(data: bytes, name: str = "", seed: int | None = None) -> Copy:
    """A copy with the same layout and nothing of the person.

    ``name`` only appears in errors. With a ``seed`` the inventions can be had again, and so be undone by trying:
    it is for tests. Raises NotAnonymised.
    """
    chance = SystemRandom() if seed is None else Random(seed)  # noqa: S311 - a seed is asked for by name
    kind = kind_of(data)
    if kind == "pdf":
        from agent.files.anonymise.pdf import mask_pdf  # PDF libraries, for a PDF only

        return Copy(kind, mask_pdf(data, name, chance))
    text, encoding = _decoded(data)
    disguise = Disguise(chance, frozenset(tokens(text)))
    disguise.calendar.learn(days(text))
    try:
        if kind == "har":
            masked = mask_session(text, disguise)
        elif kind == "json":
            masked = mask_json(text, disguise)
        elif kind == "html":
            masked = mask_markup(text, disguise)
        elif kind == "ofx":
            masked = mask_ofx(text, disguise)
        elif kind == "csv":
            masked = mask_csv(text, disguise)
        else:
            raise errors.unknown_kind(name)
    except ValueError as error:
        raise errors.damaged(name) from error
    return Copy(kind, masked.encode(encoding, "replace"))


def kind_of(data: bytes) -> str:
    """What a file is, by its content; empty when it is of no known kind."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    upper = head[:2048].upper()
    if upper.startswith(b"OFXHEADER") or b"<OFX>" in upper or b"<?OFX" in upper:
        return "ofx"
    if head[:1] in (b"{", b"["):
        return "har" if b'"log"' in head[:400] and b'"entries"' in data else "json"
    if head[:1] == b"<":
        return "html"
    text, _ = _decoded(data)
    return "csv" if any(is_head(line) for line in text.splitlines()[:30]) else ""


def _decoded(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "cp1252"
