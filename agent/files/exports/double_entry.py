"""The account in double entry, before any program's spelling: what care cost, who paid it, what came back.

Amounts are positive where a program calls them debits. Care stands on its own day, the fund's transfer on the day it
was paid, the top-up's share when it is expected and again when it arrived. Two accounts are meeting points with the
person's own books, so that nothing is counted twice: ``paid`` (what was paid at the professional's) and ``received``
(what arrived from the fund or the top-up); a bank statement booked against them brings each back to zero.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from agent.files.exports.account import ZERO, Account, amount, day, unexplained
from agent.files.exports.cells import identifier, line
from agent.files.exports.chart_of_accounts import Chart
from agent.files.exports.labels import KINDS, Words
from agent.protocol.money import TopUpShare
from agent.protocol.payments import PaymentDetail

Posting = tuple[str, Decimal]
"""An account's name, with ``:`` between its parts, and euros."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction; its postings make zero."""

    on: date
    payee: str
    text: str
    postings: tuple[Posting, ...]
    payment: str
    facts: dict[str, str] = field(default_factory=dict)
    """Named by words of ASCII letters and dashes."""


@dataclass(frozen=True, slots=True)
class Journal:
    """Entries, oldest first, and every account they use."""

    title: str
    entries: tuple[Entry, ...]
    accounts: tuple[str, ...]


def journal(account: Account) -> Journal:
    """The whole account in double entry."""
    chart, words = Chart(account), Words(account.lang)
    entries: list[Entry] = []
    for payment in account.payments:
        entries += _care(payment, chart, words)
        entries.append(_transfer(payment, chart, words))
    for share in account.shares():
        entries += _share(share, chart, words)
    entries.sort(key=lambda entry: (entry.on, entry.payment))  # stable: care, transfer and share stay in that order
    accounts = sorted({name for one in entries for name, _amount in one.postings})
    return Journal(words("Compte ameli", "ameli account"), tuple(entries), tuple(accounts))


def _care(payment: PaymentDetail, chart: Chart, words: Words) -> Iterator[Entry]:
    """What care cost, and who paid it: the fund for its part when it pays the professional, the person otherwise."""
    for act in payment["lines"]:
        back = amount(act["reimbursed"])
        price = back if act["paid"] is None else amount(act["paid"])
        direct = back if payment["to"] == "tiers" else ZERO
        facts = {"line": identifier(act["id"]), "beneficiary": line(act["beneficiary"])}
        details = {"base": act["base"], "rate": act["rate"], "code": act.get("code")}
        facts |= {name: line(value) for name, value in details.items() if value}
        yield Entry(
            day(act["act_date"]) or date.fromisoformat(payment["paid_on"]), line(act["beneficiary"]), line(act["act"]),
            _postings((chart.care(act), price), (chart.direct, -direct), (chart.paid, direct - price)),
            identifier(payment["id"]),
            facts | ({} if act["paid"] is not None else {"price": words("inconnu", "unknown")}))


def _transfer(payment: PaymentDetail, chart: Chart, words: Words) -> Entry:
    """The fund's payment: what it gives back, less deductions, arrives at the person's bank or the professional's."""
    postings = [(chart.direct if payment["to"] == "tiers" else chart.received, amount(payment["amount"]))]
    postings += [(chart.deduction(one["kind"]), -amount(one["amount"])) for one in payment["deductions"]]
    postings += [(chart.reimbursed, -amount(care["reimbursed"])) for care in payment["lines"]]
    postings += [(chart.allowance, -amount(allowance["amount"])) for allowance in payment["indemnities"]]
    postings.append((chart.undetailed, -unexplained(payment)))
    facts = {"kind": line(payment["kind"]), "to": line(payment["to"]), "amount": f"{amount(payment['amount'])} EUR"}
    if payment.get("reference"):
        facts["reference"] = line(payment["reference"])
    if payment["document"]:
        facts["document"] = identifier(payment["document"])
    withheld = [words.of(KINDS, one["kind"]) for one in payment["deductions"]]
    if withheld:
        facts["withheld"] = ", ".join(dict.fromkeys(withheld))
    return Entry(date.fromisoformat(payment["paid_on"]), words("Assurance Maladie", "Health insurance"),
                 line(payment["label"]), _postings(*postings), identifier(payment["id"]), facts)


def _share(share: TopUpShare, chart: Chart, words: Words) -> Iterator[Entry]:
    """The top-up's share: owed from the day of the fund's payment, settled on the day it came.

    A share that the top-up settles with the professional takes the place of what the person would have paid.
    """
    on, expected = date.fromisoformat(share["paid_on"]), amount(share["expected"])
    payee, label = words("Complémentaire", "Top-up"), line(share["label"])
    payment = identifier(share["payment"])
    facts: dict[str, str] = {"status": share["status"]}
    if share["status"] == "third_party":
        if expected:
            yield Entry(on, payee, label, _postings((chart.paid, expected), (chart.top_up, -expected)), payment, facts)
        return
    if expected:
        yield Entry(on, payee, label, _postings((chart.due, expected), (chart.top_up, -expected)), payment, facts)
    if share["received"] is not None:
        came = amount(share["received"])
        more = came - expected  # what was not expected counts on the day it came
        yield Entry(day(share["received_on"]) or on, payee, label,
                    _postings((chart.received, came), (chart.due, -expected), (chart.top_up, -more)), payment, facts)


def _postings(*given: Posting) -> tuple[Posting, ...]:
    """The postings, each account once, none of zero."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for name, euros in given:
        sums[name] += euros
    return tuple((name, euros) for name, euros in sums.items() if euros)
