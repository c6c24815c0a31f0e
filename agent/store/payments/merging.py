"""The words of sources come into the payments and leave them; what is kept of a group is worked out anew each time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.protocol.origins import Way
from agent.store.account_records import PrintedNote
from agent.store.account_state import Single
from agent.store.origins import imported_by
from agent.store.payments.book import PaymentBook
from agent.store.payments.claims import Claim, PaymentRecord, claims_of, merged
from agent.store.payments.resolve import Group, resolve, shown

Name = tuple[Way, str, str | int]


class Outcome(NamedTuple):
    """What one word came to."""

    key: str
    """The payment it tells of."""
    new: bool
    """Nothing had told of it."""
    changed: bool
    """It was known in full and now reads differently."""
    completed: bool
    """It was known, and is so in full now."""


@dataclass(slots=True)
class Moved:
    """Where words and payments went."""

    claims: dict[Name, tuple[str, str]] = field(default_factory=dict)
    """Words that tell of another payment now: its id before and after."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Payments that have another id now."""
    gone: dict[str, PaymentRecord] = field(default_factory=dict)
    """Payments of which nothing tells any more, as they were."""


class PaymentMerger:
    """Writes payments. Call inside a transaction of the store."""

    def __init__(self, book: PaymentBook, any_loose: Single[PrintedNote]) -> None:
        """``any_loose`` notes that some words name no id: most vaults have none, and then no equals are looked for."""
        self._book, self._any_loose = book, any_loose

    def add(self, grouped: Iterable[tuple[Group, Claim]]) -> tuple[list[Outcome], Moved]:
        """Take in what sources say, with what became of each in the same order."""
        moved = Moved()
        listed = list(grouped)
        if any(claim.place is None for _, claim in listed) and self._any_loose.read() is None:
            self._any_loose.write({"any": True})
        if self._any_loose.read() is None:
            return self._add_listed(listed), moved
        groups: defaultdict[Group, list[Claim]] = defaultdict(list)
        for group, claim in listed:
            groups[group].append(claim)
        outcomes: dict[tuple[Group, Name], Outcome] = {}
        for group, claims in groups.items():
            for claim, outcome in zip(claims, self._join(group, claims, moved), strict=True):
                outcomes[group, claim.name] = outcome
        return [outcomes[group, claim.name] for group, claim in listed], moved

    def withdraw(self, source: str) -> Moved:
        """Take back what an import said. Payments of which nothing else tells are gone."""
        moved = Moved()
        groups = dict.fromkeys(
            group_of(record) for _, record in self._book.table.items()
            if any(imported_by(claim["source"], source) for claim in record.get("claims", ())))
        for group in groups:
            self._settle(group, lambda claims: {
                name: claim for name, claim in claims.items() if not imported_by(claim.source, source)}, moved)
        return moved

    def _add_listed(self, listed: Iterable[tuple[Group, Claim]]) -> list[Outcome]:
        """All words bear the service's ids: each record is its own."""
        outcomes, records = [], dict[str, PaymentRecord]()
        for group, claim in listed:
            assert claim.place is not None
            before = records.get(claim.place) or self._book.table.fetch(claim.place)
            claims = _joined(claims_of(claim.place, before) if before else [], [claim])
            record = shown(claim.place, group, list(claims.values()))
            outcomes.append(_outcome(claim.place, before, record))
            if record != before:
                records[claim.place] = record
        self._book.replace(records)
        return outcomes

    def _join(self, group: Group, claimed: list[Claim], moved: Moved) -> list[Outcome]:
        before, after, placed = self._settle(group, lambda claims: _joined(claims.values(), claimed), moved)
        own = {claim.name for claim in claimed}
        outcomes = []
        for claim in claimed:
            key = placed[claim.name]
            if key in before:
                outcomes.append(_outcome(key, before[key], after[key]))
                continue
            old = next((before[old] for old, heir in moved.renamed.items() if heir == key and old in before), None)
            earlier = old is not None or any(name not in own and place == key for name, place in placed.items())
            completed = old is not None and not old["complete"] and after[key]["complete"]
            outcomes.append(Outcome(key, new=not earlier, changed=False, completed=completed))
        return outcomes

    def _settle(
        self, group: Group, change: Callable[[Mapping[Name, Claim]], dict[Name, Claim]], moved: Moved,
    ) -> tuple[dict[str, PaymentRecord], dict[str, PaymentRecord], dict[Name, str]]:
        """Change the words of a group and keep what they come to. The group before and after, and where words are."""
        before: dict[str, PaymentRecord] = {}
        for key in self._book.of_day(group.paid_on):
            record = self._book.table.fetch(key)
            if record is not None and group_of(record) == group:
                before[key] = record
        words = {key: claims_of(key, record) for key, record in before.items()}
        was = {claim.name: key for key, claims in words.items() for claim in claims}
        claims = change({claim.name: claim for claims in words.values() for claim in claims})
        payments = resolve(group, claims.values())
        after = {key: shown(key, group, told) for key, told in payments.items()}
        placed = {claim.name: key for key, told in payments.items() for claim in told}
        for name, key in placed.items():
            if (old := was.get(name, key)) != key:
                moved.claims[name] = old, key
        for key, record in before.items():
            if key in after:
                continue
            heirs = [placed[claim.name] for claim in words[key] if claim.name in placed]
            if heirs:
                moved.renamed[key] = heirs[0]
            else:
                moved.gone[key] = record
        self._book.replace({key: after.get(key) for key in {**before, **after} if after.get(key) != before.get(key)})
        return before, after, placed


def group_of(record: PaymentRecord) -> Group:
    """What a payment has in common with its equals."""
    return Group(record["paid_on"], record["amount"], record["to"])


def _joined(claims: Iterable[Claim], more: Iterable[Claim]) -> dict[Name, Claim]:
    """Words by name, those of one source and payment made one."""
    joined = {claim.name: claim for claim in claims}
    for claim in more:
        earlier = joined.get(claim.name)
        joined[claim.name] = claim if earlier is None else merged(earlier, claim)
    return joined


def _outcome(key: str, before: PaymentRecord | None, after: PaymentRecord) -> Outcome:
    if before is None:
        return Outcome(key, new=True, changed=False, completed=False)
    return Outcome(
        key, new=False, changed=before["complete"] and _read(before) != _read(after),
        completed=after["complete"] and not before["complete"])


def _read(record: PaymentRecord) -> PaymentRecord:
    """What a person reads of a payment."""
    bare = record.copy()
    bare.pop("claims", None)
    bare.pop("printed", None)
    return bare
