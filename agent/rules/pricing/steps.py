"""One step of an explanation, in words and numbers."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

from agent.protocol.prices import PriceStep

CENT = Decimal("0.01")
_ZERO = Decimal(0)
Doubt = Literal["", "dated", "doubtful"]
"""What a step says against the estimate: nothing, that a value is only the latest known, or that it may be wrong."""


def cents(amount: Decimal) -> Decimal:
    """The amount rounded to the cent, half a cent up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@lru_cache(maxsize=32_768)
def euros_fr(amount: Decimal) -> str:
    """``1234.5`` as ``1 234,50 €``."""
    return f"{cents(amount):,}".replace(",", "\u202f").replace(".", ",") + " €"


@lru_cache(maxsize=32_768)
def euros_en(amount: Decimal) -> str:
    """``1234.5`` as ``€1,234.50``."""
    return f"€{cents(amount):,}"


@lru_cache(maxsize=1024)
def plain(number: Decimal) -> str:
    """A rate or coefficient without needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Step:
    """What one rule did. ``rule`` is the article or the parameter's name, ``source`` where it was read.

    The texts are templates filled when somebody reads them, as most estimates are computed for their amounts. What
    fills ``{0}``, ``{1}``...: a Decimal is euros, a string stands as it is, a pair is the French and the English text.
    ``doubt`` says what the step is to the estimate's certainty.
    """

    __slots__ = ("_en", "_fr", "_parts", "_shape", "amount", "doubt", "rule", "source")

    def __init__(
        self,
        text_fr: str,
        text_en: str,
        amount: Decimal,
        rule: str,
        source: str,
        *parts: Decimal | str | tuple[str, str],
        doubt: Doubt = "",
    ) -> None:
        self._fr = text_fr
        self._en = text_en
        self.amount = amount
        self.rule = rule
        self.source = source
        self.doubt: Doubt = doubt
        self._parts = parts
        self._shape: PriceStep | None = None

    @property
    def text_fr(self) -> str:
        """What the rule did, in French."""
        if not self._parts:
            return self._fr
        return self._fr.format(*(euros_fr(p) if isinstance(p, Decimal) else _word(p, 0) for p in self._parts))

    @property
    def text_en(self) -> str:
        """What the rule did, in English."""
        if not self._parts:
            return self._en
        return self._en.format(*(euros_en(p) if isinstance(p, Decimal) else _word(p, 1) for p in self._parts))

    def shape(self) -> PriceStep:
        """The contract's JSON shape."""
        return (self._shape or self._filled()).copy()

    def _filled(self) -> PriceStep:
        self._shape = {
            "text_fr": self.text_fr,
            "text_en": self.text_en,
            "amount": str(cents(self.amount)),
            "rule": self.rule,
            "source": self.source,
        }
        return self._shape

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Step) and self.shape() == other.shape()

    def __hash__(self) -> int:
        return hash((self.text_fr, cents(self.amount), self.rule))

    def __repr__(self) -> str:
        return f"Step({self.text_en!r}, {self.amount})"


def shapes(steps: Iterable[Step]) -> list[PriceStep]:
    """The steps in the contract's JSON shape, to be read only: a step that many lines have is one object in all."""
    return [step._shape or step._filled() for step in steps]


def note(text_fr: str, text_en: str, rule: str, source: str, *parts: Decimal | str | tuple[str, str]) -> Step:
    """A step that says something and moves no money."""
    return Step(text_fr, text_en, _ZERO, rule, source, *parts)


def doubt(
    text_fr: str, text_en: str, rule: str, source: str, *parts: Decimal | str | tuple[str, str],
    kind: Doubt = "doubtful",
) -> Step:
    """A step that says why the estimate may be wrong, and moves no money."""
    return Step(text_fr, text_en, _ZERO, rule, source, *parts, doubt=kind)


def _word(part: str | tuple[str, str], language: int) -> str:
    return part if isinstance(part, str) else part[language]
