"""Two languages, and the way each writes money and dates. Light enough for the commands: no ``gettext``, no ``babel``.

A string is written in English in the code, inside ``_("…")``; the catalogues in ``locale/`` carry the French. Modules
call ``_`` when they show something, never while they are imported: the language may be chosen later.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from typing import Literal

    Lang = Literal["fr", "en"]

LOCALES = Path(__file__).with_name("locale")
DOMAIN = "ameli"

_NBSP = "\u00a0"
_SHORT_MONTHS: dict[Lang, str] = {
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
_MONTHS: dict[Lang, str] = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}



def N_(text: str) -> str:  # noqa: N802 - gettext's usual mark
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


_lang: Lang | None = None
_texts: dict[str, str] = {}
_loaded: Lang | None = None
_tells_unknown = True


def spoken(fr: str, en: str) -> str:
    """That of two texts which is in the language in use."""
    return fr if lang() == "fr" else en


def in_words(texts: Mapping[str, object], name: str) -> str:
    """``name_fr`` or ``name_en`` of what the agent told, in the language in use; empty where there is none."""
    return str(texts.get(f"{name}_{lang()}") or "")


def lang() -> Lang:
    """The language in use: ``AMELI_LANG``, else the settings', else the environment's, else French."""
    global _lang
    if _lang is None:
        _lang = _find_lang()
    return _lang


def set_lang(chosen: Lang | None) -> None:
    """Use this language from now on; ``None`` looks at environment and settings again."""
    global _lang
    _lang = chosen


def unknown_language() -> str:
    """What to tell a person whose ``AMELI_LANG`` is none of ours, the first time this is asked; else nothing."""
    global _tells_unknown
    said = os.environ.get("AMELI_LANG", "")
    if not said or _known(said) or not _tells_unknown:
        return ""
    _tells_unknown = False
    shown = "".join(sign if sign.isprintable() else "?" for sign in said[:20])
    return _("AMELI_LANG={value} is none of the languages here, fr and en: it is left aside.").format(value=shown)


def _setting() -> object:
    """The settings' word, if there are settings and a folder for them."""
    from config.glance import glance
    from config.paths import find_paths

    try:
        return glance(find_paths().settings).get("lang", "")
    except OSError:  # the folder that AMELI_HOME is relative to is gone
        return ""


def _find_lang() -> Lang:
    if code := _known(os.environ.get("AMELI_LANG", "")):
        return code
    if code := _known(str(_setting())):
        return code
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if said := os.environ.get(name):  # the first that is set decides, as in the C library
            return _known(said) or "fr"
    return "fr"


def _known(said: str) -> Lang | None:
    short = said[:2].lower()
    if short == "fr":
        return "fr"
    return "en" if short == "en" else None


def gettext(text: str) -> str:
    """The text in the language in use."""
    return _catalogue().get(text, text)


def ngettext(single: str, many: str, n: int) -> str:
    """The text for ``n`` things; French counts 0 as singular, English as plural."""
    plural = n > 1 if lang() == "fr" else n != 1
    return _catalogue().get(f"{single}\x00{int(plural)}") or (many if plural else single)


_ = gettext


def _catalogue() -> dict[str, str]:
    global _texts, _loaded
    wanted = lang()
    if _loaded != wanted:
        _texts, _loaded = read_catalogue(LOCALES / wanted / "LC_MESSAGES" / f"{DOMAIN}.mo"), wanted
    return _texts


def read_catalogue(path: Path) -> dict[str, str]:
    """Read a compiled catalogue. A plural's forms are kept under ``msgid NUL 0`` and ``msgid NUL 1``.

    A missing file is an empty catalogue: the English of the code is shown. Raises ValueError for another kind of file.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    if len(data) < 20 or data[:4] != b"\xde\x12\x04\x95":
        raise ValueError(f"{path} is not a little-endian message catalogue")
    count, ids, texts = struct.unpack_from("<III", data, 8)
    out: dict[str, str] = {}
    for row in range(count):
        size, start = struct.unpack_from("<II", data, ids + 8 * row)
        msgid = data[start : start + size].decode()
        size, start = struct.unpack_from("<II", data, texts + 8 * row)
        text = data[start : start + size].decode()
        if "\x00" in msgid:
            single = msgid.split("\x00", 1)[0]
            out.update({f"{single}\x00{form}": part for form, part in enumerate(text.split("\x00"))})
        elif msgid:
            out[msgid] = text
    return out


def money(amount: str | Decimal) -> str:
    """``"1234.5"`` is "1 234,50 €" in French and "€1,234.50" in English; spaces do not break."""
    text = str(amount)
    sign = "-" if text.startswith("-") else ""
    euros, _dot, cents = text.lstrip("-+").partition(".")
    cents = (cents + "00")[:2] if len(cents) <= 2 else cents
    if lang() == "fr":
        return f"{sign}{_grouped(euros, _NBSP)},{cents}{_NBSP}€"
    return f"{sign}€{_grouped(euros, ',')}.{cents}"


def number(n: int) -> str:
    """``12345`` is "12 345" in French and "12,345" in English."""
    return ("-" if n < 0 else "") + _grouped(str(abs(n)), _NBSP if lang() == "fr" else ",")


def decimal(value: float, digits: int = 1) -> str:
    """``12.54`` is "12,5" in French and "12.5" in English."""
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if lang() == "fr" else text


def _grouped(digits: str, separator: str) -> str:
    head = len(digits) % 3
    parts = [digits[:head]] if head else []
    parts += [digits[at : at + 3] for at in range(head, len(digits), 3)]
    return separator.join(parts) or "0"


def day(iso: str | None) -> str:
    """``"2026-11-23"`` is "23/11/2026" in French and "23 Nov 2026" in English; nothing for nothing."""
    if not iso:
        return ""
    year, month_, day_ = iso[:10].split("-")
    if lang() == "fr":
        return f"{day_}/{month_}/{year}"
    return f"{int(day_)} {_SHORT_MONTHS['en'].split()[int(month_) - 1]} {year}"


def month(iso: str, *, short: bool = False) -> str:
    """``"2026-10"`` is "octobre 2026" or "October 2026" ("oct. 2026", "Oct 2026" when short)."""
    year, number_ = iso[:7].split("-")
    names = (_SHORT_MONTHS if short else _MONTHS)[lang()].split()
    return f"{names[int(number_) - 1]} {year}"


def local_day(iso: str) -> str:
    """The day of a moment where the person is: ``"2026-11-23T23:30:00Z"`` is "24/11/2026" in Paris."""
    from datetime import datetime

    return day(datetime.fromisoformat(iso).astimezone().date().isoformat())


def moment(iso: str | None) -> str:
    """``"2026-11-23T08:05:00Z"`` as local day and time: "23/11/2026 09:05"; nothing for nothing."""
    if not iso:
        return ""
    from datetime import datetime

    local = datetime.fromisoformat(iso).astimezone()
    return f"{day(local.date().isoformat())} {local:%H:%M}"
