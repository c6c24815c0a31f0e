"""Values out of a JSON object that somebody wrote: each is checked, and a bad one is named. Raises BadEstimate."""

from datetime import date
from decimal import Decimal, InvalidOperation

from agent.rules.errors import BadEstimate
from config.fold import fold
from config.json_value import JsonObject, JsonValue

MOST = Decimal(10_000_000)
"""Euros beyond which an amount is a mistake."""
_SIGNS = str.maketrans({"\u00a0": None, "\u202f": None, " ": None, "€": None, "%": None, ",": "."})


def an_object(value: JsonValue, name: str) -> JsonObject:
    """A JSON object; nothing at all is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadEstimate(field=name, fr="un objet est attendu", en="an object is expected")
    return value


def a_day(body: JsonObject, name: str) -> date | None:
    """``2026-11-23``, or None when it is not there."""
    given = body.get(name)
    if given is None:
        return None
    try:
        return date.fromisoformat(given.strip() if isinstance(given, str) else "?")
    except ValueError:
        raise day_expected(name) from None


def day_expected(name: str) -> BadEstimate:
    """What to say when a day is missing or is none."""
    return BadEstimate(field=name, fr="un jour comme 2026-11-23 est attendu", en="a day such as 2026-11-23 is expected")


def an_amount(body: JsonObject, name: str) -> Decimal | None:
    """A number or its text, ``30``, ``"30.00"`` or ``"30,00 €"``; None when it is not there."""
    given = body.get(name)
    if given is None:
        return None
    problem = BadEstimate(field=name, fr="un montant comme 19.00 est attendu", en="an amount such as 19.00 is expected")
    if isinstance(given, bool) or not isinstance(given, (str, int, float, Decimal)):
        raise problem
    text = str(given).translate(_SIGNS)
    if len(text) > 40 or not text.isascii() or "_" in text:
        raise problem
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise problem from None
    if not amount.is_finite() or not 0 <= amount <= MOST:
        raise problem
    return amount


def a_count(body: JsonObject, name: str, default: int, most: int = 1000) -> int:
    """A whole number from 1 on; ``"3"`` and ``3.0`` are read as 3."""
    given = body.get(name)
    if given is None:
        return default
    amount = None if isinstance(given, bool) else _number(given)
    if amount is None or amount != amount.to_integral_value() or not 1 <= amount <= most:
        raise BadEstimate(field=name, fr=f"un nombre de 1 à {most}", en=f"a number from 1 to {most}")
    return int(amount)


def _number(given: JsonValue) -> Decimal | None:
    try:
        number = Decimal(str(given).strip()) if len(str(given)) < 20 else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def a_flag(body: JsonObject, name: str, default: bool) -> bool:
    """True or false."""
    given = body.get(name)
    if given is None:
        return default
    if not isinstance(given, bool):
        raise BadEstimate(field=name, fr="vrai ou faux est attendu", en="true or false is expected")
    return given


def a_word(given: JsonValue) -> str:
    """A name as it is compared: small plain letters, words joined by ``_``."""
    plain = fold(str(given)).encode("ascii", "ignore").decode()
    return "_".join("".join(sign if sign.isalnum() else " " for sign in plain).split())
