"""Prices by the rules over the socket: care as it is described, and what it is estimated at. Euros are texts."""

from typing import NotRequired, TypedDict

from agent.protocol.money import PriceDoubt, Text


class TopUpToCount(TypedDict, total=False):
    """A top-up's share, as an estimate is asked for with it: per cents of the base."""

    percent_brss: str
    percent_brss_optam: str


class Patient(TypedDict, total=False):
    """For whom an estimate is."""

    birth_date: str | None
    situations: list[str]


class CareToPrice(TypedDict, total=False):
    """``POST /v1/estimate``: a piece of care as a screen describes it. A file may say more, see ``ameli estimate``."""

    act: str
    on: str
    price: str
    base: str
    sector: str
    coordinated: bool
    beneficiary: Patient
    top_up: TopUpToCount


class PriceStep(Text):
    """What one rule did."""

    amount: str
    rule: str
    source: str


class PriceRange(TypedDict):
    """Lowest and highest euros where few cases are possible, and why."""

    amo: list[str]
    left_to_pay: list[str]
    why: Text


class Estimate(TypedDict):
    """``POST /v1/estimate``: one piece of care priced. ``rate`` is per cent, without needless zeros."""

    act: str
    price: str
    base: str
    rate: str
    amo_before_deductions: str
    participation: str
    franchise: str
    pat: str
    amo: str
    amc: str
    left_to_pay: str
    certainty: str
    """``sure``, ``dated`` or ``doubtful``."""
    doubts: list[PriceDoubt]
    steps: list[PriceStep]
    range: NotRequired[PriceRange]
    """Where few cases are possible; the amounts are the likelier ones."""
