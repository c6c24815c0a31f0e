"""What a complementary contract gives on the lines of an account: one line after the other, many of them alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from agent.errors import AmeliError
from agent.rules.codes.nomenclature import Kind, read_acts
from agent.rules.dated_tables import Law
from agent.rules.pricing.engine import complement
from agent.rules.pricing.parts import Part
from agent.rules.pricing.rates import Share, find_share
from agent.rules.pricing.request import Care, TopUp
from agent.rules.pricing.steps import cents
from agent.rules.pricing.top_up import Line, contract_amount

_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_OF_ONE_RATE = frozenset({Kind.DOCTOR, Kind.MEDICINE, Kind.AUXILIARY, Kind.BIOLOGY, Kind.IMAGING, Kind.TECHNICAL})
"""Care whose rate hangs on its amount by the threshold of costly acts alone."""


_KEPT = 16_384
"""Shares that are remembered."""


class _Alike(NamedTuple):
    """What lines have in common whose price and base alone differ."""

    care: Care
    top_up: TopUp
    law: Law
    share: Share
    below: Decimal
    """Bases from here on are those of costly acts, which have rules of their own."""


class ContractShares:
    """The shares of one contract."""

    def __init__(self, top_up: TopUp) -> None:
        self._top_up = top_up
        self._alike: dict[tuple[object, ...], _Alike | None] = {}
        self._shares: dict[tuple[object, ...], Decimal | None] = {}

    def of(
        self, act: str, on: date, price: Decimal, base: Decimal, sector: Literal["1", "2"], coordinated: bool,
        full: bool, local: bool = False,
    ) -> Decimal | None:
        """Euros that the contract's percentage gives on an act with that price and base; None when the tables have no
        price for such care. ``full``: the fund pays the whole base; ``local``: the local scheme of Alsace-Moselle
        gives its share first, on a line of its own."""
        place = (act, on, price, base, sector, coordinated, full, local)
        if place in self._shares:
            return self._shares[place]
        if len(self._shares) >= _KEPT:
            self._shares.clear()
        share = self._shares[place] = self._find_share(*place)
        return share

    def _find_share(
        self, act: str, on: date, price: Decimal, base: Decimal, sector: str, coordinated: bool, full: bool, local: bool
    ) -> Decimal | None:
        key = (act, on, sector, coordinated, full, local)
        if key not in self._alike:
            self._alike[key] = self._find_alike(*key)
        alike = self._alike[key]
        if alike is not None and base < alike.below:
            return _share(alike, price, base)
        try:
            care = self._care(*key, price, base)
            before = complement(replace(care, top_up=None)) if local else _ZERO
            return max(_ZERO, complement(care) - before)
        except AmeliError:  # nothing is promised on care that cannot be priced
            return None

    def _care(
        self, act: str, on: date, sector: str, coordinated: bool, full: bool, local: bool, price: Decimal,
        base: Decimal,
    ) -> Care:
        situation = {"ald"} if full else {"alsace_moselle"} if local else set[str]()
        return Care(
            act=act, on=on, price=price, base=base, sector=sector, coordinated=coordinated, top_up=self._top_up,
            situations=frozenset(situation))

    def _find_alike(
        self, act: str, on: date, sector: str, coordinated: bool, full: bool, local: bool
    ) -> _Alike | None:
        """None where each line is worked out by itself."""
        if local:
            return None
        care = self._care(act, on, sector, coordinated, full, local, _ONE, _ONE)
        law = Law.of(act, on)
        try:
            billed = read_acts(act)
            if len(billed) > 1 or billed[0].act.kind not in _OF_ONE_RATE:
                return None
            share, _steps = find_share(Part(billed[0], _ONE), care, law, in_stay=False)
        except AmeliError:
            return None
        below = law.value_or_none("hospital.heavy_act_threshold") or Decimal("Infinity")
        return None if share.heavy else _Alike(care, self._top_up, law, share, below)


def _share(alike: _Alike, price: Decimal, base: Decimal) -> Decimal:
    share = alike.share
    amount = cents(base * share.rate / _HUNDRED)
    lost = cents(base * (share.rate + share.increase) / _HUNDRED) - amount if share.increase else _ZERO
    line = Line(price, base, min(amount, price), lost, (share,))  # of a share the act alone is asked
    return contract_amount(alike.care, alike.top_up, line, alike.law)
