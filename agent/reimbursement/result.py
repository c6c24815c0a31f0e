"""The answer: one line of care priced by the rules. Amounts are Decimal euros."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agent.reimbursement.steps import Step, cents, plain


@dataclass(frozen=True, slots=True)
class Estimate:
    """``price`` = ``amo`` + ``amc`` + ``left_to_pay``, ``amo`` being the refund less the deductions, never below 0."""

    act: str
    price: Decimal
    base: Decimal
    rate: Decimal
    """Per cent."""
    amo_before_deductions: Decimal
    """What the fund owes once the flat share on a heavy act is taken off, before participation and franchise."""
    participation: Decimal
    franchise: Decimal
    pat: Decimal
    amc: Decimal
    """Everything that others add: local scheme, solidarity cover, top-up."""
    steps: tuple[Step, ...]

    @property
    def amo(self) -> Decimal:
        """What the fund pays in the end."""
        return max(Decimal(0), self.amo_before_deductions - self.participation - self.franchise)

    @property
    def left_to_pay(self) -> Decimal:
        """What the person bears."""
        return self.price - self.amo - self.amc

    def shape(self) -> dict[str, Any]:
        """The contract's JSON shape of ``ameli estimate``."""
        amounts = (
            "price",
            "base",
            "amo_before_deductions",
            "participation",
            "franchise",
            "pat",
            "amo",
            "amc",
            "left_to_pay",
        )
        return {
            "act": self.act,
            **{name: str(cents(getattr(self, name))) for name in amounts[:2]},
            "rate": plain(self.rate),
            **{name: str(cents(getattr(self, name))) for name in amounts[2:]},
            "steps": [step.shape() for step in self.steps],
        }
