"""One step of an explanation, in words and numbers."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """The amount rounded to the cent, half a cent up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@lru_cache(65536)
def euros_fr(amount: Decimal) -> str:
    """``1234.5`` as ``1 234,50 €``."""
    return f"{cents(amount):,}".replace(",", "\u202f").replace(".", ",") + " €"


@lru_cache(65536)
def euros_en(amount: Decimal) -> str:
    """``1234.5`` as ``€1,234.50``."""
    return f"€{cents(amount):,}"


def plain(number: Decimal) -> str:
    """A rate or coefficient without needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Step:
    """What one rule did. ``rule`` is the article or the parameter's name, ``source`` where it was read."""

    text_fr: str
    text_en: str
    amount: Decimal
    rule: str
    source: str

    def shape(self) -> dict[str, str]:
        """The contract's JSON shape."""
        return {
            "text_fr": self.text_fr,
            "text_en": self.text_en,
            "amount": str(cents(self.amount)),
            "rule": self.rule,
            "source": self.source,
        }
