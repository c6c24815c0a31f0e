"""How a page is built, without what it says: the names of its parts, by which one sees what moved.

An outline is a set of names: ``#id``, ``.class``, ``[name=…]`` of fields, ``[data-…]``, ``colonne …`` of a table's
heads, and keys of JSON (``rubriquesMensuelles[].moisAnnee``). Numbers at the end of a name are cut, and what might be a
person's (capitals, long numbers) is left out, so that an outline can be shown and kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from agent.concurrency.reader_threads import outside
from agent.portal.errors import PortalChanged
from agent.portal.http.client import Reply
from agent.portal.pages.html import Node, attribute, classes, parse, text
from agent.portal.pages.json_answers import decoded
from config.json_value import JsonValue

LOOKED_AT = 128 << 10
"""Bytes of an answer that are looked at: lists repeat themselves."""
MOST = 400
"""Names of one outline."""
_NAME = re.compile(r"[A-Za-z_$][A-Za-z_$-]{0,60}")
_HEAD = re.compile(r"[A-Za-zÀ-ÿ]?[a-zà-ÿ' .()/-]{1,40}")
_DEEPEST = 12


@outside
def outline(reply: Reply) -> frozenset[str]:
    """The names of an answer's parts; empty for a file or plain text, and for a page that is not parsed."""
    body = reply.body[:LOOKED_AT]
    if reply.body[:64].lstrip()[:1] in (b"{", b"["):
        try:
            names = list(_json(decoded(reply.body), ""))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return frozenset()
    elif body.lstrip()[:1] == b"<":
        try:
            names = list(_html(body.decode("utf-8", "replace")))
        except PortalChanged:
            return frozenset()
    else:
        names = []
    return frozenset(sorted(set(names))[:MOST])


def _json(value: JsonValue, path: str, depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if (name := _named(str(key))) is not None:
                whole = f"{path}.{name}" if path else name
                yield whole
                yield from _json(inner, whole, depth + 1)
    elif isinstance(value, list):
        for inner in value[:20]:
            yield from _json(inner, f"{path}[]", depth + 1)
    elif isinstance(value, str) and value.lstrip()[:1] == "<":
        yield from _html(value[:LOOKED_AT])


def _html(content: str) -> Iterator[str]:
    tree = parse(content)
    for node in tree.css("[id], [class], [name], [data-mindate], [data-maxdate]"):
        yield from _of(node)
    for head in tree.css("th"):
        if _HEAD.fullmatch(column := text(head, 60)):
            yield f"colonne « {column.lower()} »"


def _of(node: Node) -> Iterator[str]:
    if (name := _named(attribute(node, "id"))) is not None:
        yield f"#{name}"
    for raw in classes(node):
        if (name := _named(raw)) is not None:
            yield f".{name}"
    if node.tag in ("input", "select", "form", "button") and (name := _named(attribute(node, "name"))) is not None:
        yield f"[name={name}]"
    for raw in node.attributes:
        if raw.startswith("data-") and (name := _named(raw)) is not None:
            yield f"[{name}]"


def _named(name: str) -> str | None:
    """A name of the page's own, its number cut; None for what may be data."""
    bare = name.strip().rstrip("0123456789_-")
    well_formed = _NAME.fullmatch(re.sub(r"\d", "", bare)) and not re.search(r"\d{3}", bare)
    return bare if well_formed and not re.search(r"[A-ZÀ-Þ]{5,}", bare) else None
