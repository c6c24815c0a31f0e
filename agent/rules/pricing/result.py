"""The answer: one line of care priced by the rules. Amounts are Decimal euros."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from agent.protocol import prices
from agent.protocol.money import PriceDoubt
from agent.rules.pricing.steps import Doubt, Step, cents, plain, shapes

Certainty = Literal["sure", "dated", "doubtful"]
_WORDS: dict[Doubt, Certainty] = {"": "sure", "dated": "dated", "doubtful": "doubtful"}
"""From what the steps say to the contract's word, the worst last."""


def certainty_of(steps: Iterable[Step]) -> Certainty:
    """``sure``, ``dated`` (a value is only the latest known) or ``doubtful`` (it may be another): the worst of them."""
    kinds = {step.doubt for step in steps}
    return next(_WORDS[kind] for kind in reversed(_WORDS) if kind in kinds or not kind)


@dataclass(frozen=True, slots=True)
class Range:
    """Between which euros the answer lies where few cases are possible, lowest first, and why in French and English."""

    amo: tuple[Decimal, Decimal]
    left_to_pay: tuple[Decimal, Decimal]
    why: tuple[str, str]

    def shape(self) -> prices.PriceRange:
        """The contract's JSON shape."""
        low, high = self.amo
        least, most = self.left_to_pay
        return {
            "amo": [str(cents(low)), str(cents(high))], "left_to_pay": [str(cents(least)), str(cents(most))],
            "why": {"text_fr": self.why[0], "text_en": self.why[1]},
        }


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
    range: Range | None = None
    """Where a value is contested; the amounts above are the likelier ones."""

    @property
    def amo(self) -> Decimal:
        """What the fund pays in the end."""
        return max(Decimal(0), self.amo_before_deductions - self.participation - self.franchise)

    @property
    def left_to_pay(self) -> Decimal:
        """What the person bears."""
        return self.price - self.amo - self.amc

    @property
    def certainty(self) -> Certainty:
        """``certainty_of`` its steps; ``doubts`` say why."""
        return certainty_of(self.steps)

    @property
    def doubts(self) -> tuple[Step, ...]:
        """The steps that say why it is not sure."""
        return tuple(step for step in self.steps if step.doubt)

    def shape(self) -> prices.Estimate:
        """The contract's JSON shape of ``ameli estimate``."""
        shape: prices.Estimate = {
            "act": self.act,
            "price": str(cents(self.price)),
            "base": str(cents(self.base)),
            "rate": plain(self.rate),
            "amo_before_deductions": str(cents(self.amo_before_deductions)),
            "participation": str(cents(self.participation)),
            "franchise": str(cents(self.franchise)),
            "pat": str(cents(self.pat)),
            "amo": str(cents(self.amo)),
            "amc": str(cents(self.amc)),
            "left_to_pay": str(cents(self.left_to_pay)),
            "certainty": self.certainty,
            "doubts": [doubt_shape(step) for step in self.doubts],
            "steps": shapes(self.steps),
        }
        if self.range is not None:
            shape["range"] = self.range.shape()
        return shape


def doubt_shape(step: Step) -> PriceDoubt:
    """Why something is not sure, as JSON: ``kind`` (``dated`` or ``doubtful``), ``text_fr``, ``text_en``, ``rule``."""
    return {"kind": step.doubt, "text_fr": step.text_fr, "text_en": step.text_en, "rule": step.rule}


def left_to_pay(left: Decimal) -> Step:
    """The last step of an estimate of care: what the person bears."""
    return Step("Reste à votre charge : {0}.", "Left to pay: {0}.", left, "price - amo - amc", "CSS", left)
