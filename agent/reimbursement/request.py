"""What is asked: one piece of care, read from its JSON shape and checked. Amounts are Decimal euros."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from agent.account import clean_text
from agent.reimbursement.errors import BadEstimate

SITUATIONS = frozenset({"ald", "maternity", "c2s", "ame", "alsace_moselle", "work_accident", "pension_invalidity"})
SECTORS = frozenset({"1", "2", "optam"})
_ZERO = Decimal(0)
_MOST = Decimal(10_000_000)


@dataclass(frozen=True, slots=True)
class Used:
    """What participations and franchises have already taken, in euros."""

    participation: Decimal = _ZERO
    franchise: Decimal = _ZERO


@dataclass(frozen=True, slots=True)
class TopUp:
    """A complementary contract under the rules of responsible contracts. Percentages of the base, fund included."""

    percent: Decimal
    percent_optam: Decimal | None = None
    """What it gives at doctors with OPTAM, when ``percent`` is for the others."""


@dataclass(frozen=True, slots=True)
class Care:
    """One line of care. ``price`` and ``base`` are those of the whole line, as a statement prints them."""

    act: str
    on: date
    price: Decimal | None = None
    base: Decimal | None = None
    quantity: int = 1
    """Boxes, sessions, trips or days."""
    sector: str = "1"
    coordinated: bool = True
    birth_date: date | None = None
    situations: frozenset[str] = field(default_factory=frozenset)
    third_party_payment: bool = False
    used_this_year: Used = Used()
    used_same_day: Used = Used()
    top_up: TopUp | None = None
    urgent: bool = False
    """Transport ordered by the emergency service."""
    heavy_act: bool = False
    """A hospital stay in which an act at or above the threshold of costly acts is done."""
    refunded_on: date | None = None
    """Day of refund, whose calendar year counts for the ceilings; the day of care when not given."""
    wage: Decimal | None = None
    """Gross monthly wage, for daily allowances."""

    def age(self) -> int | None:
        """Whole years on the day of care, or None when the birth date is not given."""
        return None if self.birth_date is None else age_on(self.birth_date, self.on)


def age_on(birth: date, day: date) -> int:
    """Whole years lived on ``day``."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


_FIELDS = frozenset(
    {
        "act",
        "on",
        "price",
        "base",
        "quantity",
        "sector",
        "coordinated",
        "beneficiary",
        "third_party_payment",
        "used_this_year",
        "used_same_day",
        "top_up",
        "urgent",
        "heavy_act",
        "refunded_on",
        "wage",
    }
)


def read_care(body: Any) -> Care:
    """The care described by the contract's JSON object. Raises BadEstimate naming the field."""
    given = _object(body, "estimate")
    unknown = sorted(str(name) for name in set(given) - _FIELDS)
    if unknown:
        raise BadEstimate(field=clean_text(unknown[0])[:40], fr="inconnu", en="unknown")
    person = _object(given.get("beneficiary") or {}, "beneficiary")
    act = given.get("act")
    if not isinstance(act, str) or not act.strip():
        raise BadEstimate(field="act", fr="un code est attendu", en="a code is expected")
    on = _day(given, "on")
    if on is None:
        raise _day_expected("on")
    birth = _day(person, "birth_date")
    if birth is not None and birth > on:
        raise BadEstimate(field="birth_date", fr="après le jour des soins", en="after the day of care")
    return Care(
        act=clean_text(act).strip().upper()[:80],
        on=on,
        price=_amount(given, "price"),
        base=_amount(given, "base"),
        quantity=_quantity(given.get("quantity", 1)),
        sector=_sector(given.get("sector")),
        coordinated=_flag(given, "coordinated", True),
        birth_date=birth,
        situations=_situations(person.get("situations") or []),
        third_party_payment=_flag(given, "third_party_payment", False),
        used_this_year=_used(given, "used_this_year"),
        used_same_day=_used(given, "used_same_day"),
        top_up=_top_up(given.get("top_up")),
        urgent=_flag(given, "urgent", False),
        heavy_act=_flag(given, "heavy_act", False),
        refunded_on=_day(given, "refunded_on"),
        wage=_amount(given, "wage"),
    )


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadEstimate(field=name, fr="un objet est attendu", en="an object is expected")
    return value


def _day(body: dict[str, Any], name: str) -> date | None:
    given = body.get(name)
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise _day_expected(name) from None


def _day_expected(name: str) -> BadEstimate:
    return BadEstimate(field=name, fr="un jour comme 2026-11-23 est attendu", en="a day such as 2026-11-23 is expected")


def _amount(body: dict[str, Any], name: str) -> Decimal | None:
    given = body.get(name)
    if given is None:
        return None
    problem = BadEstimate(field=name, fr="un montant comme 19.00 est attendu", en="an amount such as 19.00 is expected")
    if isinstance(given, bool) or not isinstance(given, (str, int, float, Decimal)):
        raise problem
    try:
        amount = Decimal(str(given))
    except InvalidOperation:
        raise problem from None
    if not amount.is_finite() or not _ZERO <= amount <= _MOST:
        raise problem
    return amount


def _quantity(given: Any) -> int:
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 5:
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= 1000:
        raise BadEstimate(field="quantity", fr="un nombre de 1 à 1000", en="a number from 1 to 1000")
    return given


def _sector(given: Any) -> str:
    if given is None:
        return "1"
    sector = str(given).lower()
    if sector not in SECTORS:
        raise BadEstimate(field="sector", fr="1, 2 ou optam", en="1, 2 or optam")
    return sector


def _flag(body: dict[str, Any], name: str, default: bool) -> bool:
    given = body.get(name)
    if given is None:
        return default
    if not isinstance(given, bool):
        raise BadEstimate(field=name, fr="vrai ou faux est attendu", en="true or false is expected")
    return given


def _situations(given: Any) -> frozenset[str]:
    if not isinstance(given, list) or not all(isinstance(name, str) and name in SITUATIONS for name in given):
        known = ", ".join(sorted(SITUATIONS))
        raise BadEstimate(field="situations", fr=f"une liste parmi {known}", en=f"a list from {known}")
    return frozenset(given)


def _used(body: dict[str, Any], name: str) -> Used:
    inner = _object(body.get(name) or {}, name)
    return Used(_amount(inner, "participation") or _ZERO, _amount(inner, "franchise") or _ZERO)


def _top_up(given: Any) -> TopUp | None:
    if given is None:
        return None
    body = _object(given, "top_up")
    percent = _amount(body, "percent_brss")
    if percent is None:
        raise BadEstimate(field="percent_brss", fr="un pourcentage est attendu", en="a percentage is expected")
    return TopUp(percent, _amount(body, "percent_brss_optam"))
