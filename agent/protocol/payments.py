"""Payments, their lists and their explanations as they travel. Euros are strings ("19.00"), days are ISO dates.

Made by the agent, read by screens and commands: there for types, imported when a program runs only to name a row.
Annotations are real types, not strings: a shape then costs microseconds to make.
"""

from typing import Literal, NamedTuple, NotRequired, TypedDict

from agent.protocol.money import NotCounted, PriceDoubt
from agent.protocol.origins import RecordOrigin
from agent.protocol.prices import PriceStep

Receiver = Literal["assure", "tiers"]
"""Whom the fund paid: the insured person, or somebody else for them."""
Certainty = Literal["exact", "likely", "unknown"]
RawRow = tuple[str, str, str, str, Receiver, str, str, str | None, str]
"""A ``PaymentRow`` on its way: JSON knows no names of places."""
Month = tuple[str, str, int]
"""A month ("2026-10"), the euros paid in it, and how many payments they are."""


class PaymentRow(NamedTuple):
    """A payment in a list."""

    id: str
    paid_on: str
    kind: str
    amount: str
    to: Receiver
    label: str
    beneficiaries: str
    """Names, with commas between them."""
    document: str | None
    """Id of its décompte, where the service offers one."""
    acts: str
    """What was done, with commas between."""


class CareLine(TypedDict):
    """One act of a payment. None where the service gave nothing."""

    id: str
    beneficiary: str
    act: str
    act_date: str | None
    paid: str | None
    """The price, in euros."""
    base: str | None
    rate: str | None
    """In per cent."""
    reimbursed: str
    code: NotRequired[str]
    """Of the nomenclature, when a document prints one."""


class DeductionLine(TypedDict):
    """What was withheld from a payment; the amount is below zero."""

    id: str
    kind: str
    label: str
    act_date: str | None
    amount: str


class AllowanceLine(TypedDict):
    """Daily allowances of one period."""

    label: str
    start: str | None
    end: str | None
    days: int | None
    daily: str | None
    """Euros a day."""
    amount: str


class PaymentDetail(TypedDict):
    """One payment in full."""

    id: str
    paid_on: str
    kind: str
    amount: str
    to: Receiver
    label: str
    beneficiaries: list[str]
    lines: list[CareLine]
    deductions: list[DeductionLine]
    indemnities: list[AllowanceLine]
    document: str | None
    complete: bool
    """Whether its detail was read."""
    reference: NotRequired[str]
    """Of the transfer, when a statement prints one."""


class Disagreement(RecordOrigin):
    """What another source says of a payment, where it is not what is shown."""

    lines: list[CareLine]
    deductions: list[DeductionLine]
    indemnities: list[AllowanceLine]


class PaymentWithOrigins(PaymentDetail):
    """One payment in full, where it came from, and what sources that disagree say."""

    origins: list[RecordOrigin]
    """The best first."""
    doubts: list[Disagreement]


class PaymentWindow(TypedDict):
    """A window of the list, with sums in euros over all that answers the question."""

    total: int
    count_all: int
    sum: str
    sum_assure: str
    sum_tiers: str
    rows: list[RawRow]


class Facets(TypedDict):
    """What lists of payments can be filtered by. Years are the newest first."""

    beneficiaries: list[str]
    kinds: list[str]
    years: list[str]


# -- explanations ----------------------------------------------------------------------------------------------------


class Outcome(TypedDict):
    """What holding something against the rules came to, with what to do about it ("" for nothing)."""

    verdict: str
    text_fr: str
    text_en: str
    advice_fr: str
    advice_en: str


class ExplainedLine(Outcome):
    """One act from its price to what it brought; ``expected`` and ``actual`` are euros before deductions."""

    line: str
    beneficiary: str
    act: str
    act_date: str | None
    code: str | None
    recognised: Certainty
    """How sure it is which act this is."""
    certainty: Literal["sure", "dated", "doubtful"]
    """How sure what it was held against is; ``doubts`` say why."""
    steps: list[PriceStep]
    doubts: list[PriceDoubt]
    expected: str
    actual: str


class ExplainedAllowance(TypedDict):
    """A period of daily allowances in steps."""

    label: str
    start: str | None
    end: str | None
    steps: list[PriceStep]


class Origin(TypedDict):
    """The care that something was withheld for; None where it is not known."""

    payment: str | None
    line: str | None
    act: str | None
    act_date: str | None
    beneficiary: str | None
    certainty: Certainty
    reason_fr: str
    reason_en: str


class ExplainedDeduction(Outcome):
    """What was withheld, and for what."""

    deduction: str
    kind: str
    amount: str
    origin: Origin


class SumCheck(TypedDict):
    """Whether the parts of a payment make its amount; texts are "" when they do."""

    sum: str
    amount: str
    ok: bool
    text_fr: str
    text_en: str


class LineShare(TypedDict):
    """The top-up's share of a line, in euros."""

    line: str
    amount: str


class ExpectedTopUp(TypedDict):
    """What the complementary contract gives on a payment; ``expected`` is None without a contract."""

    contract: str | None
    expected: str | None
    counted: bool
    why_not: str | None
    not_counted: list[NotCounted]
    lines: list[LineShare]


class TopUp(ExpectedTopUp):
    """The same, and what arrived of it."""

    received: str | None
    status: Literal["received", "expected"] | None


class Arrival(TypedDict):
    """The transfer on the bank account that a payment is."""

    credit: str
    on: str
    certainty: Literal["said", "sure", "likely"]


class _Explained(TypedDict):
    payment: str
    headline_fr: str
    headline_en: str
    lines: list[ExplainedLine]
    indemnities: list[ExplainedAllowance]
    withheld: list[ExplainedDeduction]
    check: SumCheck
    left_to_pay: str


class ExplainedByRules(_Explained):
    """Why a payment is what it is, by the rules alone."""

    top_up: ExpectedTopUp


class Explanation(_Explained):
    """Why a payment is what it is, and what arrived."""

    top_up: TopUp
    arrived: Arrival | None
