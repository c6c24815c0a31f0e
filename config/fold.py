"""Text made comparable, for every search and every comparison of names: the one place where it is said how."""

import unicodedata

_ALIKE = str.maketrans({
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02b9\u02bb\u02bc\u02bd\u00b4\u2032\uff07", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-"),
    "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d",
    "ł": "l", "Ł": "l", "ħ": "h", "Ħ": "h", "þ": "th", "Þ": "th", "ı": "i", "ĸ": "k",
})
"""Signs that no normal form takes apart, and that people type in another way."""


def fold(text: str) -> str:
    """``text`` without case, accents or ligatures, with plain apostrophes, hyphens and blanks.

    "Hôpital Sacré-Cœur" is "hopital sacre-coeur", "L’œil" is "l'oeil", "STRAßE" is "strasse". What cannot be seen
    (soft hyphens, zero-width signs) is left out; line ends stay. Folding twice changes nothing more.
    """
    if text.isascii():
        return text.lower()
    # Taken apart twice: what a compatibility form opens may have a case, and what folding a case opens, accents.
    plain = text.translate(_ALIKE)
    for _turn in range(2):
        plain = unicodedata.normalize("NFKD", plain).casefold().translate(_ALIKE)
    return unicodedata.normalize("NFKD", plain).translate(_KEPT)


class _Kept(dict[int, str]):
    """What becomes of each sign in the end, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        kind = unicodedata.category(sign)
        # Marks above and below letters, and signs without width, are left out.
        self[code] = kept = "" if kind in ("Mn", "Cf") else " " if kind == "Zs" else sign
        return kept


_KEPT = _Kept()
