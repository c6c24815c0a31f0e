"""Money over the socket: the ledger, a year in sums, what is owed, the bank's credits, the top-up contract.

Amounts are texts of euros with two decimals (``"12.50"``), never floats. Days are ISO (``2026-11-23``).
"""

from typing import Literal, NotRequired, TypedDict

Certainty = Literal["exact", "likely", "unknown"]
DeductionKind = Literal["participation", "franchise"]
Part = Literal["payments", "top_up", "arrivals", "anomalies"]
"""What is not counted: everything, the top-up's shares, what arrived at the bank, what is worth asking about."""
Why = Literal[
    "no_account", "nothing_read", "before_known", "to_come", "since_known", "no_contract", "before_contract",
    "after_contract", "no_rule", "no_bank_file", "days_not_covered", "detail_not_read",
]  # fmt: skip


class Text(TypedDict):
    """A sentence in both languages."""

    text_fr: str
    text_en: str


class PriceDoubt(Text):
    """Why an amount is not sure."""

    kind: str
    """``dated`` or ``doubtful``."""
    rule: str


class NotCounted(Text):
    """Something a sum leaves out."""

    part: Part
    why: Why
    partly: bool
    """Whether the rest of that part is counted."""
    payments: int
    """How many payments it concerns; 0: all of them."""
    cure: str | None
    """The command that makes it count."""


class LeavesOut(TypedDict):
    """An answer with what it leaves out."""

    not_counted: list[NotCounted]


class Counting(LeavesOut):
    """Whether an answer counts what it is about."""

    counted: bool
    why_not: Why | None
    """The reason that leaves out all of it."""


# -- the ledger of participations and franchises ---------------------------------------------------------------------


class Withheld(TypedDict):
    """A deduction, or its trace to the care it was made for."""

    payment: str
    deduction: str
    kind: str
    amount: str
    on: str
    act_date: str | None
    certainty: Certainty
    reason_fr: str
    reason_en: str
    why: NotRequired[str]
    """Of an unexplained deduction: ``exempt``, ``ceiling``, ``no_care``, ``above_due`` or ``no_date``."""


class LedgerEntry(Text):
    """What one act made due, and what of it was withheld."""

    id: str
    kind: DeductionKind
    payment: str
    line: str
    act: str
    act_date: str
    refunded_on: str
    third_party: bool
    amount: str
    withheld: list[Withheld]
    outstanding: str
    rule: str
    source: str
    certainty: str
    """Of the amount due: ``sure``, ``dated`` or ``doubtful``."""
    doubts: list[PriceDoubt]


YearCeiling = TypedDict("YearCeiling", {
    "kind": DeductionKind, "from": str, "amount": str, "other": str | None, "certainty": str,
    "doubts": list[PriceDoubt],
})  # fmt: skip
"""A yearly ceiling for refunds from a day on; ``other``: what another source says for the same days. ``certainty`` is
``sure`` or ``doubtful``."""


class Gauge(TypedDict):
    """How far a person's yearly ceiling is reached, in euros."""

    ceiling: str
    """In force: today in the year that runs, on the last day of another one."""
    other_ceiling: NotRequired[str]
    """What another source says of it; see ``ceilings`` of the year."""
    due: str
    withheld: str
    outstanding: str
    left: str


class LedgerPerson(TypedDict):
    """A person's year."""

    name: str
    participation: Gauge
    franchise: Gauge
    entries: list[LedgerEntry]


class Forecast(Text):
    """What the next reimbursements will be short of; ``old`` of it is hardly asked for any more."""

    participation: str
    franchise: str
    total: str
    old: str
    doubtful: str
    """What of the total is due by one reading of a contested ceiling only."""


class LedgerYear(TypedDict):
    """A calendar year of refunds."""

    year: int
    years: list[int]
    """Those that can be asked for."""
    ceilings: list[YearCeiling]
    """Those of the year, of both kinds, by the day from which each holds."""
    beneficiaries: list[LedgerPerson]
    unexplained: list[Withheld]
    forecast: Forecast


class Ledger(LedgerYear, Counting):
    """``GET /v1/ledger``."""


# -- a year in sums --------------------------------------------------------------------------------------------------


class Sums(TypedDict):
    """Euros spent, given back by the fund, and left before any top-up."""

    spent: str
    reimbursed: str
    left: str


class PersonSums(Sums):
    """Of one person."""

    name: str


class CareGroup(TypedDict):
    """A kind of care: its name in the tables and its labels."""

    kind: str
    label_fr: str
    label_en: str


class CareSums(CareGroup, Sums):
    """Of one kind of care."""


class YearSums(Sums):
    """The care refunded in a year."""

    year: int
    years: list[int]
    top_up_expected: str | None
    """None where no share of a top-up is counted."""
    withheld: str
    by_person: list[PersonSums]
    by_kind: list[CareSums]
    months: list[list[str]]
    """``[month, spent, reimbursed, left]``, the month as ``2026-11``, oldest first."""


class Year(YearSums, Counting):
    """``GET /v1/year``."""


# -- the top-up contract and everybody's situations ------------------------------------------------------------------

Contract = TypedDict("Contract", {
    "name": str | None, "percent_brss": str, "percent_optam": str | None,
    "frame": str | None, "lenses": str | None, "dental": str | None, "hearing": str | None,
    "hospital_room": str | None, "from": str | None, "until": str | None,
})  # fmt: skip
"""A contract as noted: per cents of the base with the fund's share, flat amounts in euros, first and last day."""

ContractTold = TypedDict("ContractTold", {
    "name": str | None, "percent_brss": str | None, "percent_optam": str | None,
    "frame": str | None, "lenses": str | None, "dental": str | None, "hearing": str | None,
    "hospital_room": str | None, "from": str | None, "until": str | None,
}, total=False)  # fmt: skip
"""A contract as a person tells it; what is empty or not named is not known."""

Situation = TypedDict("Situation", {"situation": str, "from": str | None, "until": str | None})
"""A situation of a person with its first and last day; None: open."""


class Cover(TypedDict):
    """What the person told: the contract, and by person the situations and whether a treating doctor is declared."""

    contract: Contract | None
    situations: dict[str, list[Situation]]
    attending_doctor: dict[str, bool]


class NamedCover(TypedDict):
    """The complementary cover that the account's papers name, where and of which day that was read."""

    top_up: str | None
    source: str | None
    on: str | None


class Coverage(NamedCover, Cover):
    """``GET /v1/coverage``, and the answer of a change."""


class CoverChange(TypedDict, total=False):
    """``POST /v1/coverage``: what is not named stays; a contract of None is forgotten."""

    contract: ContractTold | Contract | None
    situations: dict[str, list[Situation]]
    attending_doctor: dict[str, bool]


# -- what is owed ----------------------------------------------------------------------------------------------------


class TopUpShare(TypedDict):
    """The complementary insurance's share of one payment."""

    payment: str
    paid_on: str
    label: str
    beneficiaries: list[str]
    to: str
    """Who the fund paid: ``assure`` or ``tiers``."""
    expected: str
    received: str | None
    missing: str
    status: Literal["expected", "overdue", "received", "third_party"]
    received_on: str | None
    how: str | None
    """``hand``, or the file it was read in."""


class BankMismatch(Text):
    """A payment that never arrived, or a transfer that no payment explains."""

    kind: Literal["paid_not_arrived", "arrived_not_explained"]
    payment: str | None
    credit: str | None
    on: str
    amount: str
    candidates: list[str]
    """The payments that the transfer might be."""
    evidence: list[Text]


class FundMessage(TypedDict):
    """A ready message to the fund, in French."""

    subject: str
    body_fr: str


class FoundAnomaly(Text):
    """What the rules do not explain."""

    id: str
    kind: str
    payment: str
    line: str | None
    beneficiary: str | None
    act_date: str | None
    amount: str
    evidence: list[Text]
    message: FundMessage


class Anomaly(FoundAnomaly):
    """The same with the delay to claim: None without a day of care."""

    claim_until: str | None
    """The first day on which it is too late."""
    claim: Literal["open", "soon", "over"] | None


class Owed(Counting):
    """``GET /v1/owed``, and the answer of what changes it."""

    top_up: list[TopUpShare]
    missing: list[BankMismatch]
    anomalies: list[Anomaly]
    dismissed: int
    """How many anomalies are hidden."""
    contract: Contract | None


# -- the bank's files ------------------------------------------------------------------------------------------------


class Credit(TypedDict):
    """A transfer that a bank file shows."""

    id: str
    on: str
    amount: str
    label: str
    payer: str
    """``fund``, ``top_up`` or ``maybe``."""


class KeptCredit(Credit):
    """A transfer as the vault keeps it."""

    ordered: str | None
    """The day of the payment that its reference names."""
    said: str | None
    """What the person says it is: a payment's id, or ``none``."""
    accounts: NotRequired[list[str]]
    """Digests of the accounts whose files showed it; a vault of long ago kept none."""


class Bank(TypedDict):
    """``GET /v1/bank``: credits, oldest first, and ``[first, last]`` days covered, by digest of the account."""

    credits: list[Credit]
    ranges: dict[str, list[list[str]]]


class BankForgotten(TypedDict):
    """``POST /v1/bank/forget``: how many credits there were."""

    forgotten: int
