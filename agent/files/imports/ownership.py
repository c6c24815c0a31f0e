"""Whose a file is: what it shows of its account, held against what this vault knows of its own.

The number decides where both show one. Else the persons cared for, the fund, and the payments of days that are known
here already: a file of the same account agrees with them. What stays in doubt is asked of the person, never guessed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from agent.files.imports.person_names import Likeness, Person, likeness, one_family_of_others
from agent.store.payments.book import Query
from agent.store.payments.records import money
from agent.store.payments.same_care import words_of

if TYPE_CHECKING:
    from agent.protocol.payments import PaymentDetail
    from agent.store import Store

_FEW = 3
"""Payments known of the days a file covers, from which on it is telling that it shows none of them."""


class Verdict(Enum):
    """What the comparison came to."""

    OURS = auto()
    OTHERS = auto()
    """Clearly of another account, though no number says so."""
    OTHER_NUMBER = auto()
    """Another account's number stands in it: nobody's word changes that."""
    DOUBT = auto()


class Shown(NamedTuple):
    """A payment as a file shows it."""

    on: date
    to: str
    amount: Decimal
    care: Counter[tuple[str | None, str]] | None = None
    """Day of care and euros of each line; None where the file shows no detail."""
    people: tuple[str, ...] = ()


class Span(NamedTuple):
    """Days of which a file shows every payment, as far as it shows payments of that sort at all."""

    since: date
    until: date
    kinds: frozenset[str] | None = None
    """The service's words; None: all that were paid to the insured person."""

    def covers(self, record: PaymentDetail) -> bool:
        """Whether a payment known here should be shown."""
        sort = record["to"] == "assure" if self.kinds is None else record["kind"] in self.kinds
        return sort and self.since.isoformat() <= record["paid_on"] <= self.until.isoformat()


@dataclass
class Told:
    """What a file shows of whose it is."""

    numbers: set[str] = field(default_factory=set)
    """Of 13 characters."""
    holder: str = ""
    """The insured person, where a letterhead names one."""
    fund: str = ""
    people: list[Person] = field(default_factory=list)
    """Everybody cared for in it."""
    relatives: list[Person] = field(default_factory=list)
    """The family as the file itself shows it beside its number."""
    payments: list[Shown] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    alone: bool = False
    """It can only be of one account: a paper, not a session in which several people may have signed in."""


class Found(NamedTuple):
    """The verdict, and why, in both languages: counts and days alone, never a name or an amount."""

    verdict: Verdict
    fr: str = ""
    en: str = ""


@dataclass
class _Known:
    number: str
    insured: str
    family: list[Person]
    """As the account tells it."""
    named: list[Person]
    """Everybody cared for in the payments known."""
    fund: str
    payments: bool

    @classmethod
    def of(cls, store: Store) -> _Known:
        profile = store.profile()
        family = [Person(person["name"], _day(person["birth_date"])) for person in profile["beneficiaries"]]
        if profile["name"] and not any(likeness(Person(profile["name"]), [one]) is Likeness.SAME for one in family):
            family.append(Person(profile["name"], _day(profile["birth_date"])))
        credentials = store.credentials()
        return cls(
            (credentials["nir"] if credentials else profile["nir"])[:13], profile["name"], family,
            [Person(name) for name in store.payments.facets()["beneficiaries"]], profile["cpam"] or "",
            len(store.payments) > 0)

    @property
    def nothing(self) -> bool:
        return not (self.number or self.family or self.payments)


def nothing_known(store: Store) -> bool:
    """Whether this vault knows nobody yet: then a first file cannot be compared with anything."""
    return _Known.of(store).nothing


def whose(store: Store, facts: Told) -> Found:
    """Compare a file with what ``store`` knows. Nothing is written.

    Of a vault that knows nobody yet every file is its own.
    """
    account = _Known.of(store)
    if account.number and facts.numbers - {account.number}:
        return Found(Verdict.OTHER_NUMBER)
    if account.nothing or (account.number in facts.numbers and facts.alone):
        return Found(Verdict.OURS)
    people, paid = _people(account, facts), _Matched.of(store, facts)
    if account.number in facts.numbers:
        # Two people may have signed in while one session was recorded, and only one of them opened the details.
        return _unless(bool(people.strangers) or paid.contradicts, people, paid, other_fund=False)
    return _by_content(account, facts, people, paid)


@dataclass
class _People:
    """How the persons of a file relate to those known."""

    shown: int
    same: int
    strangers: int
    others: bool
    """All are of another family than the account's, which is known in full."""
    holder: Likeness | None


@dataclass
class _Matched:
    """How the payments of a file relate to those known."""

    shared: int
    expected: int
    missing: int
    same_care: int

    @classmethod
    def of(cls, store: Store, facts: Told) -> _Matched:
        days = [one.on for one in facts.payments] + [day for span in facts.spans for day in span[:2]]
        if not days:
            return cls(0, 0, 0, 0)
        kept = store.payments.found(Query(since=min(days).isoformat(), until=max(days).isoformat()))
        mine = Counter(_key(date.fromisoformat(one["paid_on"]), one["to"], one["amount"]) for one in kept)
        theirs = Counter(_key(one.on, one.to, money(one.amount)) for one in facts.payments)
        shared = mine & theirs
        expected = Counter(
            _key(date.fromisoformat(one["paid_on"]), one["to"], one["amount"]) for one in kept
            if any(span.covers(one) for span in facts.spans)
            and not (one["to"] == "tiers" and store.payments.is_printed(one["id"])))
        missing = expected - theirs
        return cls(shared.total(), expected.total(), missing.total(), _same_care(kept, facts.payments))

    @property
    def agrees(self) -> bool:
        return (self.shared >= 2 or self.same_care > 0) and self.missing <= self.shared

    @property
    def contradicts(self) -> bool:
        return self.expected >= _FEW and self.missing > 2 * self.shared


def _people(account: _Known, facts: Told) -> _People:
    certain = account.family + (facts.relatives if account.number in facts.numbers else [])
    near = [likeness(one, certain + account.named) for one in facts.people] if certain or account.named else []
    holder = likeness(Person(facts.holder), certain) if facts.holder and certain else None
    strangers = near.count(Likeness.STRANGE)
    same = near.count(Likeness.SAME)
    others = bool(account.family) and bool(near) and not same and (
        strangers == len(near) or one_family_of_others(facts.people, certain + account.named))
    return _People(len(near), same, strangers, others, holder)


def _by_content(account: _Known, facts: Told, people: _People, paid: _Matched) -> Found:
    """Without a number that both know."""
    other_fund = bool(account.fund and facts.fund) and not _same_fund(account.fund, facts.fund)
    if people.holder is Likeness.STRANGE and not paid.agrees:
        return Found(Verdict.OTHERS)
    if people.holder is Likeness.SAME and likeness(
            Person(facts.holder), [Person(account.insured)]) is Likeness.SAME and not people.strangers:
        return _unless(paid.contradicts or (other_fund and not paid.agrees), people, paid, other_fund)
    if paid.agrees:
        mixed = bool(people.strangers) and not facts.alone
        chance = paid.shared == 1 and bool(people.shown) and not people.same
        return _unless(people.others or people.holder is Likeness.STRANGE or mixed or chance, people, paid, other_fund)
    # A paper in the name of somebody of the family may be of that person's own account.
    if people.holder is None and (people.others or (paid.contradicts and not people.same)):
        return Found(Verdict.OTHERS)
    sure = bool(people.shown) and people.same == people.shown and people.holder is None
    return _unless(not sure or paid.contradicts or other_fund, people, paid, other_fund)


def _unless(doubt: bool, people: _People, paid: _Matched, other_fund: bool) -> Found:
    return _doubt(people, paid, fund=other_fund) if doubt else Found(Verdict.OURS)


def _doubt(people: _People, paid: _Matched, *, fund: bool) -> Found:
    fr, en = [], []
    unknown = people.shown - people.same
    if unknown:
        fr.append(f"{unknown} des {people.shown} personnes nommées ne sont pas connues ici avec certitude")
        en.append(f"{unknown} of the {people.shown} persons named are not known here for certain")
    elif not people.shown:
        fr.append("aucune personne soignée n'y est nommée")
        en.append("nobody cared for is named in it")
    if paid.missing:
        fr.append(f"{paid.missing} des {paid.expected} paiements connus de ces jours n'y sont pas")
        en.append(f"{paid.missing} of the {paid.expected} payments known of those days are not in it")
    elif paid.shared < 2:
        fr.append("trop peu de paiements déjà connus y figurent")
        en.append("too few payments known already are in it")
    if fund:
        fr.append("sa caisse est une autre")
        en.append("its fund is another")
    return Found(Verdict.DOUBT, ", ".join(fr), ", ".join(en))


def _same_care(kept: list[PaymentDetail], shown: list[Shown]) -> int:
    """Payments whose care is known line by line and is the same in the file."""
    mine = {(_key(date.fromisoformat(one["paid_on"]), one["to"], one["amount"]), frozenset(_care(one).items()))
            for one in kept if one["lines"]}
    return sum((_key(one.on, one.to, money(one.amount)), frozenset(one.care.items())) in mine
               for one in shown if one.care)


def _care(record: PaymentDetail) -> Counter[tuple[str | None, str]]:
    return Counter((line["act_date"], line["reimbursed"]) for line in record["lines"])


def _key(on: date, to: str, amount: str) -> tuple[date, str, str]:
    return on, to, amount


def _same_fund(fund: str, other: str) -> bool:
    """Whether the shorter name is part of the longer: letterheads add an address."""
    a, b = words_of(fund), words_of(other)
    return a <= b or b <= a


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
