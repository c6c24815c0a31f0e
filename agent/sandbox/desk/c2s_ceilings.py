"""Who gets the Complémentaire santé solidaire, as the service reads the rules: its own reading of the dated tables.

What is close to an estimated ceiling is decided all the same: somebody has to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from agent.sandbox.desk.answers import group, text
from config.json_value import ReadOnlyJsonObject
from config.tariffs import load

_YEAR = 12
_IGNORED = ("rsa", "activity_bonus", "social_scholarship")
_OVERSEAS = ("971", "972", "973", "974")
_LOCAL_SCHEME = ("57", "67", "68")
_BANDS = ((70, "from_70"), (60, "60_to_69"), (50, "50_to_59"), (30, "30_to_49"), (0, "under_30"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the service decides."""

    given: Literal["free", "paid", "none"]
    resources: Decimal
    """Euros of the twelve months, housing included."""
    ceiling: Decimal
    """Of the cover that is given; of the paid one when none is."""
    monthly: Decimal
    """What the household pays a month."""

    def words(self) -> str:
        """The decision as a letter says it."""
        if self.given == "free":
            return "Complémentaire santé solidaire sans participation financière."
        if self.given == "paid":
            return (f"Complémentaire santé solidaire avec participation : {_euros(self.monthly)} par mois pour le "
                    "foyer.")
        return (f"Les ressources du foyer ({_euros(self.resources)}) dépassent le plafond "
                f"({_euros(self.ceiling)}).")


def decide(answers: ReadOnlyJsonObject, applicant_born: date | None, on: date) -> Verdict:
    """The decision about a request made on that day. ``answers`` passed the service's checks."""
    others = group(answers, "household")
    size = 1 + len(others)
    postcode = text(answers, "postcode")
    income = sum((_counted(resource, on) for resource in group(answers, "resources")), Decimal(0))
    total = max(income + _housing(answers, size, on), Decimal(0))
    ceilings = {kind: _ceiling(kind, others, on, overseas=postcode[:3] in _OVERSEAS) for kind in ("free", "paid")}
    if answers.get("benefit") == "rsa" or total <= ceilings["free"]:
        return Verdict("free", total, ceilings["free"], Decimal(0))
    if total > ceilings["paid"]:
        return Verdict("none", total, ceilings["paid"], Decimal(0))
    births = [_day(answers, "applicant_birth_date") or applicant_born, *(_day(other, "birth_date") for other in others)]
    local = "_alsace_moselle" if postcode[:2] in _LOCAL_SCHEME else ""
    prices = [_value(f"price_{_band(born, on)}{local}", on) for born in births]
    return Verdict("paid", total, ceilings["paid"], sum(prices, Decimal(0)))


def _counted(resource: ReadOnlyJsonObject, on: date) -> Decimal:
    sums = _twelve(text(resource, "amounts") or "0")
    kind = resource.get("kind")
    if kind in _IGNORED:
        return Decimal(0)
    if kind == "aah":
        off = _value("aah_allowance", on)
        return sum((max(month - off, Decimal(0)) for month in sums), Decimal(0))
    total = sum(sums, Decimal(0))
    if kind == "interrupted_wages":
        return total - total * _value("earnings_allowance", on) / 100
    return -total if kind == "maintenance_paid" else total


def _twelve(amounts: str) -> list[Decimal]:
    signs = "".join(sign for sign in amounts if sign.isdigit() or sign in ",.;").replace(",", ".")
    sums = [Decimal(part) for part in signs.strip(";").split(";") if part.strip(".")]
    return sums * _YEAR if len(sums) == 1 else sums


def _housing(answers: ReadOnlyJsonObject, size: int, on: date) -> Decimal:
    housing = answers.get("housing")
    if housing not in ("aid", "owner", "free"):
        return Decimal(0)
    people = min(size, 3)
    rsa = _value("rsa", on)
    rsa += rsa * sum((_value(f"rsa_{name}", on) for name in ("second", "third")[:people - 1]), Decimal(0))
    month = rsa * _value(f"{'housing_aid' if housing == 'aid' else 'housed'}_{people}", on) / 100
    if housing == "aid" and (aid := text(answers, "housing_aid")):
        month = min(month, Decimal(aid.replace(",", ".")))
    return month * _YEAR


def _ceiling(kind: str, others: Sequence[ReadOnlyJsonObject], on: date, *, overseas: bool) -> Decimal:
    size = 1 + len(others)
    halved = [bool(one.get("shared_custody")) for one in sorted(others, key=_rank)]
    if any(halved) or not load().known(f"c2s.{kind}_2", on):
        shares = [Decimal(1)]
        for position, half in enumerate(halved):
            name = ("second", "third", "third")[position] if position < 3 else "more"
            shares.append(_value(f"share_{name}", on) / (2 if half else 1))
        amount = _whole(_value("free_1", on) * sum(shares, Decimal(0)))
        amount = _whole(amount * _value("paid_factor", on)) if kind == "paid" else amount
    else:
        printed = "_overseas" if overseas and load().known(f"c2s.{kind}_2_overseas", on) else ""
        amount = _value(f"{kind}_{min(size, 4)}{printed}", on)
        amount += max(size - 4, 0) * _value(f"{kind}_more{printed}", on)
        overseas = overseas and not printed
    return _whole(amount * _value("overseas_factor", on)) if overseas else amount


def _rank(person: ReadOnlyJsonObject) -> tuple[bool, str]:
    """Adults before children, the eldest first."""
    return person.get("relation") == "child", str(person.get("birth_date"))


def _band(born: date | None, on: date) -> str:
    age = on.year - born.year - ((born.month, born.day) > (1, 1)) if born else 30
    return next(name for least, name in _BANDS if max(age, 0) >= least)


def _value(name: str, on: date) -> Decimal:
    parameter = load().parameter(f"c2s.{name}")
    return parameter.on(max(on, parameter.history[0].since)).value


def _day(answers: ReadOnlyJsonObject, name: str) -> date | None:
    given = text(answers, name)
    return date.fromisoformat(given) if given else None


def _whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",") + " €"
