"""One act of a line with its base: what is found first, and what rates and deductions work on."""

from dataclasses import dataclass
from decimal import Decimal

from agent.rules.codes.nomenclature import Billed


@dataclass(frozen=True, slots=True)
class Part:
    """One act of a line with its base in euros, for all its units."""

    billed: Billed
    base: Decimal
    joined: bool = False
    """Its base is not known apart: it lies in that of another act of the line."""
    tariff: Decimal | None = None
    """What the tables give, where the price is lower and so is the base."""

    @property
    def full(self) -> Decimal:
        """The act's tariff in euros, whatever was asked: what makes an act a costly one."""
        return self.base if self.tariff is None else self.tariff
