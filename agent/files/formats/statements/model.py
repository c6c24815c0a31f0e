"""What a statement says. Amounts are Decimal euros, days are dates."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from agent.account.model import DeductionKind

ROUNDING = Decimal("0.02")
"""What a refund may differ from base times rate."""


class Patient(NamedTuple):
    """Who was cared for, as the statement heads the care: a first name and a birth date."""

    name: str
    born: date | None


class PaperLine(NamedTuple):
    """One act. ``label`` as printed, without the sector and the code, which stand beside it."""

    patient: Patient | None
    act_date: date | None
    label: str
    code: str | None
    paid: Decimal | None
    base: Decimal | None
    rate: Decimal | None
    refunded: Decimal

    @property
    def adds_up(self) -> bool:
        """Whether base and rate make the refund, and neither base nor refund is more than the price, as far as they are
        there."""
        return self._refund_fits and self._price_fits

    @property
    def is_proven(self) -> bool:
        """Whether it says enough to add up, and does."""
        return self.base is not None and self.rate is not None and self.adds_up

    @property
    def _refund_fits(self) -> bool:
        if self.base is None or self.rate is None:
            return True
        return abs(self.base * self.rate / 100 - self.refunded) <= ROUNDING

    @property
    def _price_fits(self) -> bool:
        return not self.paid or max(self.refunded, self.base or self.refunded) <= self.paid + ROUNDING


class PaperDeduction(NamedTuple):
    """What was withheld: negative euros."""

    kind: DeductionKind
    label: str
    act_date: date | None
    amount: Decimal


class PaperAllowance(NamedTuple):
    """A period of daily allowances."""

    label: str
    start: date
    end: date
    days: int | None
    daily: Decimal | None
    amount: Decimal


@dataclass(slots=True)
class PaperPayment:
    """One payment of a statement."""

    paid_on: date
    amount: Decimal
    """As printed; of a third party's payment, which prints none, the sum of its lines."""
    to: Literal["assure", "tiers"]
    lines: list[PaperLine] = field(default_factory=list)
    deductions: list[PaperDeduction] = field(default_factory=list)
    allowances: list[PaperAllowance] = field(default_factory=list)
    reference: str | None = None
    """Office and number: ``0351 1829220001234``."""
    scanned: bool = False
    """Its words were read off a picture by some program: what no sum proves may be another figure."""

    @property
    def sound(self) -> bool:
        """Whether its parts make its amount, and each line its refund."""
        return self.total == self.amount and not self.doubtful

    @property
    def doubtful(self) -> list[PaperLine]:
        """The lines whose price, base, rate and refund do not prove each other."""
        return [line for line in self.lines if not (
            line.is_proven and (not self.scanned or line.paid == line.base))]

    @property
    def total(self) -> Decimal:
        """What its parts make."""
        parts = [*(one.refunded for one in self.lines), *(one.amount for one in self.deductions),
                 *(one.amount for one in self.allowances)]
        return sum(parts, Decimal(0))


@dataclass(slots=True)
class Statement:
    """One PDF. ``doubts`` (French, English) say why nothing was taken from its lines: then ``payments`` is empty."""

    kind: Literal["payment", "month"]
    month: date | None = None
    """First day of the month it is about."""
    period: tuple[date, date] | None = None
    """First and last day, of the older statements that are of no one month."""
    paid_on: date | None = None
    """Of the statement of one payment."""
    holder: str = ""
    """The insured person as the letterhead has it: family name first."""
    nir: str = ""
    """13 characters, or nothing."""
    fund: str = ""
    top_up: str = ""
    payments: list[PaperPayment] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)
