"""What a passphrase may hold. One rule for all ways in: prompt, file, screen, call of the socket.

A person must be able to type it again, on any keyboard, from the paper it stands on. So a line end that came with a
paste or a file is no part of it, and a character that no keyboard types is refused aloud, never replaced.
"""

from __future__ import annotations

import unicodedata

from agent.errors import AmeliError

LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
"""Every sign that ends a line somewhere: LF, CR, the soft breaks of word processors, NEL, and Unicode's own two."""
LEAST = 8
"""Characters of the shortest passphrase accepted."""
_MOST_FORMS = 3
"""Forms tried beside the plain one: each costs a whole derivation."""
_TAB = 4
"""Columns that an earlier version gave a pasted tab."""
_TURNING = frozenset((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_UNSEEN = frozenset((
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2800, *range(0x2060, 0x2070), 0x3164,
    *range(0xFE00, 0xFE10), 0xFFA0, *range(0xFFF0, 0xFFF9), 0xFFFC, *range(0xE0000, 0xE1000),
))
"""Signs that draw nothing and yet are no format characters by their category."""
_OF_FONTS = ("<font>", "<initial>", "<medial>", "<final>", "<isolated>")
_LIGATURES = range(0xFB00, 0xFB07)


class WeakPassphrase(AmeliError):
    """The new passphrase is too short to protect anything."""

    code = "weak_passphrase"
    http_status = 422
    fr = "La phrase secrète est trop courte : {least} caractères au moins."
    en = "The passphrase is too short: {least} characters at least."
    hint_fr = "Quatre mots pris au hasard font une bonne phrase secrète."
    hint_en = "Four words picked at random make a good passphrase."


class UntypablePassphrase(AmeliError):
    """The new passphrase holds a character that no keyboard types. It names the character and its place, no other."""

    code = "untypable_passphrase"
    http_status = 422
    fr = "La phrase secrète contient {fr} ({code}, signe n° {place}) : impossible à retaper un jour au clavier."
    en = "The passphrase holds {en} ({code}, character {place}): nobody could type it again on a keyboard."
    hint_fr = "Rien n'a changé. Tapez la phrase, ou copiez-la sans ce signe."
    hint_en = "Nothing has changed. Type the passphrase, or copy it without that character."


class BrokenPassword(AmeliError):
    """The account's password holds what a terminal or a paste made of something else."""

    code = "broken_password"
    http_status = 422
    fr = "Le mot de passe du compte contient {fr}."
    en = "The account's password holds {en}."
    hint_fr = "Rien n'a été envoyé au service. Copiez le mot de passe seul, ou tapez-le."
    hint_en = "Nothing was sent to the service. Copy the password alone, or type it."


def without_line_ends(text: str) -> str:
    """The text without the line ends at its start and its end; everything else stays, spaces too."""
    return text.strip(LINE_ENDS)


def new_passphrase(given: str) -> str:
    """The passphrase that was meant, line ends at its ends taken off. Raises UntypablePassphrase, WeakPassphrase."""
    meant = without_line_ends(given)
    for place, sign in enumerate(meant, 1):
        if (what := _untypable(sign)) is not None:
            raise UntypablePassphrase(fr=what[0], en=what[1], code=f"U+{ord(sign):04X}", place=place)
    if len(unicodedata.normalize("NFC", meant)) < LEAST:
        raise WeakPassphrase(least=LEAST)
    return meant


def account_password(given: str) -> str:
    """The account's password as it goes to the service: the line ends around it are off, all else is as it was given.

    Raises BrokenPassword for a line end inside (two things were pasted as one) and for what stands for lost bytes: the
    service counts each wrong password.
    """
    meant = without_line_ends(given)
    for sign in meant:
        if sign in LINE_ENDS or sign == "\ufffd" or unicodedata.category(sign) == "Cs":
            fr, en = _untypable(sign) or ("?", "?")
            raise BrokenPassword(fr=fr, en=en)
    return meant


def _untypable(sign: str) -> tuple[str, str] | None:
    """What keeps a sign from being typed, in French and English; None for a sign of a keyboard."""
    code, category = ord(sign), unicodedata.category(sign)
    if " " <= sign <= "~":
        return None
    if sign == "\t":
        return "une tabulation", "a tab"
    if sign in LINE_ENDS:
        return "une fin de ligne", "a line end"
    if sign == "\ufffd":
        return "un caractère de remplacement (�)", "a replacement character (�)"
    if category == "Cc":
        return "un caractère de commande", "a control character"
    if code in _TURNING:
        return "un signe invisible de sens d'écriture", "an invisible mark of writing direction"
    if category == "Cf" or code in _UNSEEN:
        return "un caractère invisible", "an invisible character"
    if category == "Zs":
        return "une espace spéciale (insécable, fine…)", "a special space (no-break, thin…)"
    if category in ("Cs", "Co", "Cn"):
        return "un code qui n'est pas un caractère", "a code that is no character"
    if code in _LIGATURES or unicodedata.decomposition(sign).startswith(_OF_FONTS):
        return "une lettre de mise en page (ligature, gras…)", "a typesetter's letter (ligature, bold…)"
    return None


def forms(given: str) -> list[str]:
    """The phrase as it was meant, then at most three forms in which earlier versions may have kept it.

    They pasted a carriage return as U+FFFD and a tab as spaces, and kept what a file or a call held to its last sign.
    """
    meant = without_line_ends(given)
    others = [given, _as_pasted_before(meant + "\r")]
    if (pasted := _as_pasted_before(meant)) != meant:
        others.append(pasted)
    elif (by_tabs := meant.replace(" ", "\t").expandtabs(_TAB)) != meant:  # a row of a table, its line end with it
        others += [_as_pasted_before(by_tabs + "\r"), by_tabs]
    else:
        others.append((meant + "\t").expandtabs(_TAB))
    others.append(meant + "\r")
    return [meant, *[one for one in dict.fromkeys(others) if one != meant][:_MOST_FORMS]]


def _as_pasted_before(text: str) -> str:
    """What an earlier version's line made of a paste."""
    kept = "".join(
        "\ufffd" if sign not in "\t\n" and (ord(sign) in _TURNING or unicodedata.category(sign) == "Cc") else sign
        for sign in text.replace("\r\n", "\n")
    )
    return " ".join(kept.expandtabs(_TAB).strip("\n").split("\n"))
