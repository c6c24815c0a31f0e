"""What a source that disagrees says of a payment, row by row beside what is shown."""

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ameli_tui.i18n import _, day, money
from ameli_tui.i18n.service_words import deduction
from config.fold import fold

if TYPE_CHECKING:
    from agent.protocol.payments import AllowanceLine, CareLine, DeductionLine, Disagreement, PaymentDetail


class Compared(NamedTuple):
    """A part of a payment in the words of two sources; an amount is empty where a source knows no such part."""

    what: str
    theirs: str
    shown: str
    differs: bool
    their_facts: str
    """Day, prices and person; of a part that both tell of, only what the other does not tell so."""
    shown_facts: str


class _Part(NamedTuple):
    kind: str
    start: str | None
    end: str | None
    amount: Decimal
    prices: tuple[str | None, ...]
    who: str
    name: str
    facts: tuple[str, ...]


def compared(doubt: "Disagreement", payment: "PaymentDetail") -> list[Compared]:
    """All that either of the two tells: first what both do, in the order of the source that disagrees."""
    theirs, shown = _parts(doubt), _parts(payment)
    pairs: dict[int, int] = {}
    for alike in (_same, _may_be_same):
        for at, part in enumerate(theirs):
            free = [place for place, other in enumerate(shown) if place not in pairs.values() and alike(part, other)]
            if free and at not in pairs:
                pairs[at] = free[0]
    rows = [_row(one, shown[pairs[at]]) if at in pairs else _row(one, None) for at, one in enumerate(theirs)]
    rows += [_row(None, one) for place, one in enumerate(shown) if place not in pairs.values()]
    return sorted(rows, key=lambda row: not (row.theirs and row.shown))


def care_facts(line: "CareLine") -> list[str]:
    """Day, price, base and rate of an act, as far as they are known."""
    facts = [day(line["act_date"])]
    if line["paid"] is not None:
        facts.append(_("charged {amount}").format(amount=money(line["paid"])))
    if line["base"] is not None:
        facts.append(_("base {amount}").format(amount=money(line["base"])))
    if line["rate"] is not None:
        facts.append(f"{line['rate']} %")
    return [fact for fact in facts if fact]


def allowance_facts(period: "AllowanceLine") -> list[str]:
    """Days of a period of daily allowances, and euros a day."""
    facts = [f"{day(period['start'])} – {day(period['end'])}"]
    if period["days"] is not None:
        facts.append(_("{n} days").format(n=period["days"]))
    if period["daily"]:
        facts.append(_("{amount} a day").format(amount=money(period["daily"])))
    return facts


def _parts(words: "Disagreement | PaymentDetail") -> list[_Part]:
    return [*map(_care, words["lines"]), *map(_allowance, words["indemnities"]), *map(_withheld, words["deductions"])]


def _care(line: "CareLine") -> _Part:
    prices = line["paid"], line["base"], line["rate"]
    return _Part("care", line["act_date"], None, Decimal(line["reimbursed"]), prices, line["beneficiary"], line["act"],
                 tuple(care_facts(line)))


def _allowance(period: "AllowanceLine") -> _Part:
    return _Part("allowance", period["start"], period["end"], Decimal(period["amount"]), (), "",
                 period["label"] or _("Daily allowance"), tuple(allowance_facts(period)))


def _withheld(deducted: "DeductionLine") -> _Part:
    return _Part(f"withheld {deducted['kind']}", deducted["act_date"], None, Decimal(deducted["amount"]), (), "",
                 deduction(deducted["kind"], deducted["label"]), tuple(filter(None, [day(deducted["act_date"])])))


def _same(part: _Part, other: _Part) -> bool:
    """Nothing that both tell is different."""
    return (_may_be_same(part, other) and part.amount == other.amount and _who(part.who, other.who)
            and all(some is None or more is None or Decimal(some) == Decimal(more)
                    for some, more in zip(part.prices, other.prices, strict=True)))


def _may_be_same(part: _Part, other: _Part) -> bool:
    """The same kind of thing, on days that do not speak against it."""
    return part.kind == other.kind and all(
        some is None or more is None or some == more
        for some, more in ((part.start, other.start), (part.end, other.end)))


def _who(name: str, other: str) -> bool:
    """Whether two names may be one person's: a first name is part of a whole one."""
    some, more = (set(fold(text).replace("-", " ").replace("'", " ").split()) for text in (name, other))
    return some <= more or more <= some


def _row(theirs: _Part | None, shown: _Part | None) -> Compared:
    named = theirs or shown
    differs = theirs is None or shown is None or not _same(theirs, shown)
    return Compared(named.name if named else "", _amount(theirs), _amount(shown), differs,
                    _facts(theirs, shown), _facts(shown, theirs))


def _facts(part: _Part | None, other: _Part | None) -> str:
    if part is None:
        return ""
    facts = part.facts if other is None else [fact for fact in part.facts if fact not in other.facts]
    person = part.who if other is None or not _who(part.who, other.who) else ""
    return " · ".join(fact for fact in (*facts, person) if fact)


def _amount(part: _Part | None) -> str:
    return "" if part is None else money(part.amount)
