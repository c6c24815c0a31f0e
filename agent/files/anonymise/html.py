"""HTML pages: tags, attributes' names, classes and ids stay; texts and values are masked; scripts and comments go."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

from agent.files.anonymise.pseudonyms import Disguise
from agent.files.anonymise.tokens import mask
from agent.files.anonymise.urls import mask_address

_NAMES = frozenset({
    "accept-charset", "align", "autocomplete", "charset", "checked", "class", "colspan", "dir", "disabled", "enctype",
    "for", "headers", "hidden", "http-equiv", "id", "inputmode", "lang", "maxlength", "media", "method", "multiple",
    "name", "novalidate", "readonly", "rel", "required", "role", "rowspan", "scope", "selected", "size", "span",
    "tabindex", "target", "type", "valign",
})
"""Attributes whose values are names of the page's own."""
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "data-url", "data-href"})
_DROPPED = frozenset({"script", "style", "noscript", "svg", "template", "iframe", "object", "embed"})
_ALONE = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_CELLS = frozenset({"td", "textarea", "option"})
_OWN_WORDS = re.compile(r"corps|contenu(?!p)|texte|sujet|objet|libelle|label(?!s)|nature(?!s)|motif", re.IGNORECASE)
"""In classes and ids: what such an element holds is written about one person, not for everybody."""
_CAPITALS = re.compile(r"[A-ZÀ-Þ]{4,}")
_LONG_NUMBER = re.compile(r"\d{4,}")
_WIDEST = 200
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")
_CALL = re.compile(r"[A-Za-z_$][\w$.]{2,60}(?=\s*\()")


def mask_markup(text: str, disguise: Disguise) -> str:
    """A copy of a page or fragment whose parts stand where they stood."""
    writer = _Writer(disguise)
    writer.feed(text)
    writer.close()
    return "".join(writer.made)


class _Writer(HTMLParser):
    """Writes each tag again as it comes: broken markup stays broken in the same way."""

    def __init__(self, disguise: Disguise) -> None:
        super().__init__(convert_charrefs=True)
        self.made: list[str] = []
        self._disguise = disguise
        self._inside: list[str] = []
        """Dropped elements that are open."""
        self._free: list[str] = []
        """Elements that are open from the one on that holds somebody's own words."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._inside.append(tag)
            self.made.append(f"<{_name(tag)}>")
        elif not self._inside:
            if tag not in _ALONE and (self._free or tag in _CELLS or _is_free(attrs)):
                self._free.append(tag)
            written = "".join(self._attribute(name, value, attrs) for name, value in attrs)
            self.made.append(f"<{_name(tag)}{written}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)
            if tag not in _ALONE and not self._inside:
                self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass
            self.made.append(f"</{_name(tag)}>")
        elif not self._inside:
            while tag in self._free and self._free.pop() != tag:
                pass
            self.made.append(f"</{_name(tag)}>")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.made.append(escape(mask(data, self._disguise, free=bool(self._free)), quote=False))

    def handle_decl(self, decl: str) -> None:
        if decl.strip().lower().startswith("doctype"):
            self.made.append("<!DOCTYPE html>")

    def _attribute(self, name: str, value: str | None, attrs: list[tuple[str, str | None]]) -> str:
        name = _name(name)
        if value is None:
            return f" {name}"
        return f' {name}="{escape(self._value(name, value, dict(attrs)))}"'

    def _value(self, name: str, value: str, attrs: dict[str, str | None]) -> str:
        if name in _NAMES:
            return " ".join(self._own_name(part) for part in value[:_WIDEST].split(" "))
        if name in _ADDRESSES:
            return mask_address(value, self._disguise)
        if name == "style":
            return "display:none" if "display:none" in value.replace(" ", "").lower() else ""
        if name.startswith("on"):
            return self._script(value)
        if name == "content" and (attrs.get("http-equiv") or "").lower() == "refresh":
            delay, sign, address = value.partition("=")
            return f"{mask(delay, self._disguise, keep_numbers=True)}{sign}{mask_address(address, self._disguise)}"
        return mask(value, self._disguise, keep_numbers=True)

    def _own_name(self, part: str) -> str:
        """A class or an id: kept, without the long numbers and the words in capitals that data would be."""
        if _LONG_NUMBER.search(part) or "@" in part:
            return mask(part, self._disguise, keep_numbers=True)
        return _CAPITALS.sub(lambda match: mask(match[0], self._disguise), part)

    def _script(self, value: str) -> str:
        """The call that an attribute makes: its name stays, its arguments are masked."""
        called = _CALL.search(value)
        if called is None:
            return mask(value[:_WIDEST], self._disguise, keep_numbers=True)
        arguments = ",".join(f"'{mask(found, self._disguise, keep_numbers=True)}'"
                             for found in _QUOTED.findall(value[called.end():]))
        return f"{called[0]}({arguments})"


def _is_free(attrs: list[tuple[str, str | None]]) -> bool:
    return any(name in ("class", "id") and value and _OWN_WORDS.search(value) for name, value in attrs)


def _name(name: str) -> str:
    """A tag or attribute as the parser read it, if it can be one."""
    return re.sub(r"[^A-Za-z0-9:_.-]|\d{4,}", "", name)[:60] or "x"
