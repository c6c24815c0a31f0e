"""Text on its way to the terminal. What a screen shows passes here, so that none of it is read as markup or code."""

from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from textual.content import Content

Part = str | tuple[str, str]
"""A text, or a text with its style (``"bold"``, ``"$success"``)."""

HARMFUL = {
    code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F),
                                *range(0x2066, 0x206A)) if code not in (0x09, 0x0A)
}
"""Controls that a terminal obeys, and the signs that turn the direction of writing: none may pass."""
_LIMIT = 20_000


def clean(text: object, limit: int = _LIMIT) -> str:
    """Return a text that no terminal obeys; what was harmful becomes U+FFFD, lines stay lines."""
    said = str(text).replace("\r\n", "\n").translate(HARMFUL).expandtabs(4)
    return said if len(said) <= limit else said[: limit - 1] + "…"


def one_line(text: object, limit: int = 2_000) -> str:
    """The same on a single line; ``None`` is nothing."""
    if text is None:
        return ""
    # Not str.split(): it would part "1 234 €" at its no-break spaces.
    return " ".join(word for word in clean(text, limit).replace("\n", " ").split(" ") if word)


def is_harmful(text: str) -> bool:
    """Whether a terminal could be made to act by this text."""
    return not text.isprintable() and any(ord(sign) in HARMFUL or sign in "\t\n" for sign in text)


def defused(text: str) -> str:
    """One drawn line without anything a terminal obeys."""
    return text.translate(HARMFUL).replace("\t", " ").replace("\n", " ")


@lru_cache(maxsize=4096)
def fit(text: str, width: int, right: bool = False) -> str:
    """Cut or fill a line to exactly ``width`` cells; what was cut ends in "…"."""
    size = cell_len(text)
    if size == width:
        return text
    if size > width:
        return set_cell_size(text, width - 1) + "…" if width > 0 else ""
    return " " * (width - size) + text if right else text + " " * (width - size)


def content(*parts: Part) -> Content:
    """Put texts together as Textual's own text type, which knows no markup. Harmful signs are gone from it."""
    return Content.assemble(*(
        clean(part) if isinstance(part, str) else (clean(part[0]), part[1]) for part in parts
    ))


def long_content(text: str, limit: int = 400_000) -> Content:
    """A long text to read, harmful signs gone."""
    return Content(clean(text, limit))


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` cells, broken between words where possible."""
    return [str(line) for line in Content(clean(text)).wrap(max(1, width))]
