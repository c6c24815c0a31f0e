"""A QR code drawn in the terminal, two dots to a sign, for a phone to read from the screen."""

from collections.abc import Sequence

_QUIET = 4
"""Light dots around the code, as its standard asks; phones read it with fewer."""
_SIGNS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def qr_lines(text: str, *, rows: int | None = None, columns: int | None = None, inverted: bool = False) -> list[str]:
    """The code of ``text``, a line of signs for two lines of dots: the sign is what is dark, drawn on light.

    The margin shrinks to one dot where ``rows`` or ``columns`` would not hold it; [] when even that does not fit.
    ``inverted``: the sign is what is light, for plain text on a dark ground.
    """
    import segno  # 30 ms, and only for this

    code = segno.make_qr(text, error="l", boost_error=False)
    for border in range(_QUIET, 0, -1):
        dots = [[bool(dot) is not inverted for dot in line] for line in code.matrix_iter(border=border)]
        if (columns is None or len(dots) <= columns) and (rows is None or (len(dots) + 1) // 2 <= rows):
            return _drawn(dots, blank=inverted)
    return []


def _drawn(dots: Sequence[Sequence[bool]], *, blank: bool) -> list[str]:
    padded = [*dots, [blank] * len(dots[0])] if len(dots) % 2 else list(dots)
    return ["".join(_SIGNS[pair] for pair in zip(upper, lower, strict=True))
            for upper, lower in zip(padded[::2], padded[1::2], strict=True)]
