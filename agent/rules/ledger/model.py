"""What the ledger holds. Amounts are Decimal euros, never negative."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from agent.protocol import money
from agent.protocol.money import Certainty, PriceDoubt
from agent.protocol.money import DeductionKind as Kind

KINDS: tuple[Kind, Kind] = ("participation", "franchise")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation of a person with its days, both included; None means open."""

    name: str
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it holds on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone cared for on the account."""

    name: str
    birth_date: date | None = None
    situations: tuple[Situation, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """A deduction, or its trace: what was withheld, when, on which payment, how surely it belongs here and why."""

    payment: str
    deduction: str
    kind: str
    amount: Decimal
    on: date
    act_date: date | None
    certainty: Certainty
    reason_fr: str
    reason_en: str
    why: str = ""
    """Of an unexplained deduction: ``exempt``, ``ceiling``, ``no_care``, ``above_due`` or ``no_date``."""

    def shape(self) -> money.Withheld:
        """The JSON shape."""
        shape: money.Withheld = {
            "payment": self.payment, "deduction": self.deduction, "kind": self.kind, "amount": f"{self.amount:.2f}",
            "on": self.on.isoformat(), "act_date": self.act_date.isoformat() if self.act_date else None,
            "certainty": self.certainty, "reason_fr": self.reason_fr, "reason_en": self.reason_en,
        }
        if self.why:
            shape["why"] = self.why
        return shape


@dataclass(slots=True)
class Entry:
    """What one act made due."""

    id: str
    kind: Kind
    beneficiary: str
    payment: str
    line: str
    act: str
    act_date: date
    refunded_on: date
    third_party: bool
    amount: Decimal
    rule: str
    source: str
    withheld: list[Withheld] = field(default_factory=list)
    unit: Decimal = ZERO
    """What one box makes due, for a line that may stand for several; 0 for any other."""
    refund: Decimal = ZERO
    """What was given back on the line: never is more withheld on it."""
    doubtful: Decimal = ZERO
    """What of the amount is due by one reading of a contested ceiling only."""
    doubts: tuple[PriceDoubt, ...] = ()
    """Why the amount is not sure."""

    @property
    def outstanding(self) -> Decimal:
        """What has not been withheld yet."""
        return self.amount - sum((one.amount for one in self.withheld), ZERO)

    @property
    def certainty(self) -> str:
        """Of the amount due: ``sure``, ``dated`` or ``doubtful``."""
        kinds = {doubt["kind"] for doubt in self.doubts}
        return "doubtful" if "doubtful" in kinds else "dated" if kinds else "sure"

    def lower(self, less: Decimal) -> None:
        """Make that much less due."""
        self.amount -= less
        self.doubtful = min(self.doubtful, self.amount)

    def shape(self) -> money.LedgerEntry:
        """The JSON shape."""
        name_fr, name_en = {
            "participation": ("Participation forfaitaire", "Participation forfaitaire"),
            "franchise": ("Franchise médicale", "Franchise"),
        }[self.kind]
        return {
            "id": self.id, "kind": self.kind, "payment": self.payment, "line": self.line, "act": self.act,
            "act_date": self.act_date.isoformat(), "refunded_on": self.refunded_on.isoformat(),
            "third_party": self.third_party, "amount": f"{self.amount:.2f}",
            "withheld": [one.shape() for one in self.withheld], "outstanding": f"{self.outstanding:.2f}",
            "rule": self.rule, "source": self.source, "certainty": self.certainty, "doubts": list(self.doubts),
            "text_fr": f"{name_fr} sur {self.act} du {self.act_date:%d/%m/%Y}.",
            "text_en": f"{name_en} on {self.act} of {self.act_date.isoformat()}.",
        }


@dataclass(frozen=True, slots=True)
class Origin:
    """The care a deduction was traced to."""

    payment: str
    line: str
    act: str
    act_date: date
    beneficiary: str
    certainty: Certainty
    reason_fr: str
    reason_en: str
