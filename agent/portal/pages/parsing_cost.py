"""What parsing a page would cost, found out before it is parsed.

The parser follows the rules of HTML, and some of them make a short text expensive: each element is looked for among all
that are open (quadratic in depth), unclosed formatting is made again in every paragraph, attributes and new names are
compared one by one. A page that would cost more than a moment is refused. One pass over the tags, linear in the text.

Two counts of depth are kept. One believes what tags say, and bounds what a page may be. The other never counts less
than the parser could have open, whatever the text tries (end tags that are ignored, tags inside of comments, scripts
or attributes), and bounds what the page may cost; it counts too much on odd pages, so its bound is wide.
"""

from __future__ import annotations

import re

DEEPEST = 512
"""Elements inside one another; a page of the service has some thirty."""
MOST_OPEN = 8000
"""Elements that might be open at once, by the count that is never too low: parsing them takes a tenth of a second."""
MOST_TAGS = 500_000
MOST_WORK = 200_000_000
"""Sum over all tags of the elements that might be open: about half a second."""
MOST_NODES = 600_000
"""Elements that might come to be when unclosed formatting is made again."""
MOST_ATTRIBUTES = 250
"""Of one tag."""
MOST_NAMES = 20_000
"""Different names of tags and attributes."""
_DECLARATIONS = 50
_SMALL, _FEW = 20_000, 256
"""Characters and tags of a text that cannot cost much whatever it says."""
_NAMED_FROM = 200_000
"""Characters from which a text has room for too many different names."""

_SPACE = r"[ \t\n\f\r]"
_ATTRIBUTE = (
    rf"(?:=[^ \t\n\f\r/>=]*+|[^ \t\n\f\r/>=]++)"
    rf"(?:{_SPACE}*+=(?:{_SPACE}*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\f\r>\"'][^ \t\n\f\r>]*+))?+)?+"
)
_ATTRIBUTES = rf"(?:[ \t\n\f\r/]++|{_ATTRIBUTE})*+"
_TOKEN = re.compile(
    rf"<(?:(?P<comment>!--)|(?P<cdata>!\[CDATA\[)|(?P<bogus>[!?]|/(?![A-Za-z]))"
    rf"|/(?P<end>[A-Za-z][^ \t\n\f\r/>]*+){_ATTRIBUTES}>"
    rf"|(?P<start>[A-Za-z][^ \t\n\f\r/>]*+)(?P<attributes>{_ATTRIBUTES})>"
    rf"|(?P<unclean>/?[A-Za-z]))"
)
_NAMES = re.compile(rf"[ \t\n\f\r/]*+(=?[^ \t\n\f\r/>=]*+)(?:{_SPACE}*+=(?:{_SPACE}*+(?:\"[^\"]*+\"|'[^']*+'|"
                    rf"[^ \t\n\f\r>\"'][^ \t\n\f\r>]*+))?+)?+")
_OPENER = re.compile(r"<[A-Za-z]")
_VOID = frozenset((
    "area", "base", "basefont", "bgsound", "br", "col", "command", "embed", "frame", "hr", "image", "img", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
))
_RAW = frozenset((
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
))
"""Elements whose contents are text, up to their own end tag."""
_ODD = frozenset((
    "svg", "math", "select", "frameset",
))
"""Inside of them void elements and raw text may be something else."""
_OPTIONAL = frozenset((
    "p", "li", "dd", "dt", "option", "optgroup", "td", "th", "tr", "tbody", "thead", "tfoot", "colgroup",
    "rb", "rt", "rtc", "rp",
))
"""Elements that are closed without an end tag."""
_ENDED_BY = {
    "p": ("p",), "li": ("li",), "option": ("option",), "dd": ("dd", "dt"), "dt": ("dd", "dt"),
    "td": ("td", "th"), "th": ("td", "th"), "tr": ("td", "th", "tr"),
}
"""Innermost elements that a start tag surely closes."""
_FORMATTING = frozenset((
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
))
_TOP = frozenset(("html", "body"))
_HIDDEN = ""
"""Stands for an element that is open if the parser sees markup where there seems to be none."""


class TooCostly(Exception):
    """Parsing the page would take too long or too much memory."""


def check_cost(text: str) -> None:
    """Raise TooCostly for a page or fragment that is not to be parsed."""
    if len(text) <= _SMALL and text.count("<") <= _FEW:
        return
    _Scan(text).run()


def is_well_formed(text: str) -> bool:
    """No tag, comment or declaration is left unfinished, and parsing would cost a moment: what simpler readers than a
    browser's can take on too."""
    scan = _Scan(text)
    try:
        scan.run()
    except TooCostly:
        return False
    return scan.finished and text.count("<![") <= _DECLARATIONS


class _Scan:
    """One pass over the tags of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[str] = []  # never less than the parser's stack
        self._odd = 0
        self._formatting = 0
        self._depth = 0
        self._counts: dict[str, int] = {}
        self._tags = self._work = self._nodes = self._top = 0
        self.finished = True
        """Nothing was left open to the end of the text."""
        self._names: set[str] | None = set() if len(text) >= _NAMED_FROM else None

    def run(self) -> None:
        """Raise TooCostly, or return."""
        text, at = self._text, 0
        while (token := _TOKEN.search(text, at)) is not None:
            at = token.end()
            kind = token.lastgroup
            if kind == "end":
                self._close(token["end"].lower())
            elif kind == "attributes":
                at = self._start(token["start"].lower(), token["attributes"], at)
            elif kind == "comment":
                # The parser may end it earlier (`<!-->`, `--!>`), never later.
                at = self._hide(at, text.find("-->", at), 3)
            elif kind == "cdata":
                at = self._hide(at, text.find("]]>", at), 3)
            elif kind == "bogus":
                end = text.find(">", at)
                self.finished &= end >= 0
                at = end + 1 or len(text)
            else:
                self._blind(token.start())
                return

    def _start(self, name: str, attributes: str, at: int) -> int:
        """Count a start tag that ends at ``at``; returns where to go on."""
        self._count(name, attributes)
        if not self._odd:
            if name in _VOID:
                return at
            for ended in _ENDED_BY.get(name, ()):
                while self._open and self._open[-1] == ended:
                    self._open.pop()
        self._open.append(name)
        self._odd += name in _ODD
        self._formatting += name in _FORMATTING
        if not (name in _OPTIONAL or name in _VOID or (self._odd and attributes.endswith("/"))):
            self._counts[name] = self._counts.get(name, 0) + 1
            self._depth += 1
        if self._depth > DEEPEST or len(self._open) > MOST_OPEN:
            raise TooCostly
        if name in _RAW:
            return self._raw(name, at)
        if name == "plaintext":
            return self._hide(at, -1, 0)
        return at

    def _count(self, name: str, attributes: str) -> None:
        self._tags += 1
        self._work += len(self._open) + 1
        self._nodes += self._formatting + 1
        if len(attributes) > MOST_ATTRIBUTES * 2 or self._names is not None or name in _TOP:
            named = [one.lower() for one in _NAMES.findall(attributes) if one]
            if name in _TOP:  # those of further ones are added to the first
                self._top += len(named)
            if len(named) > MOST_ATTRIBUTES or self._top > MOST_ATTRIBUTES:
                raise TooCostly
            if self._names is not None:
                self._names.update(named)
                self._names.add(name)
                if len(self._names) > MOST_NAMES:
                    raise TooCostly
        if self._tags > MOST_TAGS or self._work > MOST_WORK or self._nodes > MOST_NODES:
            raise TooCostly

    def _close(self, name: str) -> None:
        self._tags += 1
        self._work += len(self._open) + 1
        self._nodes += self._formatting
        if self._tags > MOST_TAGS or self._work > MOST_WORK or self._nodes > MOST_NODES:
            raise TooCostly
        if self._counts.get(name, 0):
            self._counts[name] -= 1
            self._depth -= 1
        # Only the innermost element is surely closed by its own end tag: past others the parser may ignore it.
        if self._open and self._open[-1] == name and name != "frameset":
            self._open.pop()
            self._odd -= name in _ODD
            self._formatting -= name in _FORMATTING

    def _raw(self, name: str, at: int) -> int:
        end = re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.IGNORECASE).search(self._text, at)
        stop = end.start() if end is not None else len(self._text)
        if self._odd:
            return self._hide(at, stop, 0)  # it may be an ordinary element here
        if name == "script" and _escaped_twice(self._text, at, stop):
            self._blind(at)  # the script may go on after what seems to be its end
            return len(self._text)
        return stop

    def _hide(self, at: int, stop: int, more: int) -> int:
        """Pass over what is no markup, and count its tags as open for good, in case that it is. ``stop`` -1: to the
        end."""
        end = len(self._text) if stop < 0 else stop
        self.finished &= stop >= 0
        if self._text.find("<", at, end) >= 0:
            hidden = len(_OPENER.findall(self._text, at, end))
            self._tags += hidden
            self._work += hidden * (len(self._open) + hidden)
            if len(self._open) + hidden > MOST_OPEN or self._tags > MOST_TAGS or self._work > MOST_WORK:
                raise TooCostly
            self._open.extend([_HIDDEN] * hidden)
        return end if stop < 0 else stop + more

    def _blind(self, at: int) -> None:
        """From here on nothing is sure: every tag may open an element, none closes one."""
        self._nodes += len(_OPENER.findall(self._text, at)) * (self._formatting + 1)
        if self._nodes > MOST_NODES:
            raise TooCostly
        self._hide(at, -1, 0)


def _escaped_twice(text: str, at: int, stop: int) -> bool:
    comment = text.find("<!--", at, stop)
    return comment >= 0 and re.compile("<script", re.IGNORECASE).search(text, comment, stop) is not None
