"""Pages as trees: the few questions the parsers ask of one, on top of selectolax."""

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from agent.concurrency.reader_threads import outside
from agent.portal.errors import PortalChanged
from agent.portal.pages.parsing import words
from agent.portal.pages.parsing_cost import TooCostly, check_cost

_TAG = re.compile(r"<(/?(?:html|body|div|span|table|ul|form|td|tr|li)\b)", re.IGNORECASE)
_CLOSED = ("div", "span", "table", "ul", "form", "td", "tr", "li")
_SAID = 20
"""So many times the characters wanted are looked at: what is left of a text may be mostly spaces."""
DEPTH = "page d'une profondeur raisonnable"
"""What a page lacks that is not parsed."""
Tree = LexborHTMLParser
Node = LexborNode


@outside
def parse(text: str, page: str = "?") -> Tree:
    """Parse a page or a fragment; broken markup is repaired as a browser would.

    Raises PortalChanged, naming ``page``, for what would take more than a moment. Call it ``aside``.
    """
    plain = text.replace("\x00", "")
    try:
        check_cost(plain)
    except TooCostly:
        raise PortalChanged(page=page, missing=DEPTH) from None
    return LexborHTMLParser(plain)


def whole(content: str) -> bool:
    """False for a page that was cut short, or whose elements are mostly left open: what it says cannot be trusted."""
    counts = Counter(match[1].lower() for match in _TAG.finditer(content))
    if counts["html"] and not counts["/html"] and not counts["/body"]:
        return False
    return all(counts[tag] < 2 or counts[f"/{tag}"] * 2 >= counts[tag] for tag in _CLOSED)


def first(where: Tree | Node, *selectors: str) -> Node | None:
    """The first node that any selector finds, the selectors being tried in order."""
    for selector in selectors:
        if (node := where.css_first(selector)) is not None:
            return node
    return None


def every(where: Tree | Node, *selectors: str) -> list[Node]:
    """All nodes of the first selector that finds any."""
    for selector in selectors:
        if nodes := where.css(selector):
            return list(nodes)
    return []


def text(node: Node | None, limit: int = 500) -> str:
    """The node's text on one line, harmless; empty without a node."""
    return words(node.text(separator=" ")[: limit * _SAID + 2000], limit) if node is not None else ""


def attribute(node: Node | None, name: str) -> str:
    """An attribute's value; empty when absent."""
    return (node.attributes.get(name) or "") if node is not None else ""


def classes(node: Node) -> set[str]:
    """The classes of a node."""
    return set(attribute(node, "class").split())


def shown(node: Node) -> bool:
    """False when the node or one around it is hidden by class, attribute or style."""
    at: Node | None = node
    while at is not None and at.tag not in ("html", "-undef"):
        style = attribute(at, "style").replace(" ", "").lower()
        if classes(at) & {"hidden", "invisible"} or "hidden" in at.attributes or "display:none" in style:
            return False
        at = at.parent
    return True
