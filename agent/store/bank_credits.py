"""Bank credits that concern health, the days their files cover, and what the person said of them."""

from collections import Counter
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import NotRequired, TypedDict

from agent.account import clean_text
from agent.account.batch import BankAccount
from agent.protocol.money import Credit, KeptCredit
from agent.store.errors import NotFound
from agent.store.interfaces import Keeper, Step, Table
from agent.store.origins import Claim, imported_by, with_claim

_RANGES = " ranges"
"""Key of the record of covered days: no credit's id begins with a space."""


class LineClaim(Claim):
    """A line of a file that tells of a credit."""

    account: str
    label: str
    ordered: str | None


class CreditRecord(TypedDict):
    """A credit, kept under its id; see `KeptCredit`."""

    on: str
    amount: str
    label: str
    payer: str
    ordered: str | None
    said: str | None
    accounts: NotRequired[list[str]]
    claims: NotRequired[list[LineClaim]]
    """Absent in what older versions wrote."""


Spans = dict[str, list[list[str]]]
"""Days covered, ``[[first, last], …]`` ISO, by digest of the account."""


class _Ranges(TypedDict):
    """The days covered, by all files together and by each."""

    accounts: Spans
    sources: NotRequired[dict[str, Spans]]
    """By id of the import; empty for what an older version kept."""


class BankBook:
    """Credits by a stable id: day, amount, payer and rank among equals, so that the same line of another file, or of
    the same account in another format, is the same credit."""

    def __init__(self, vault: Keeper, step: Step) -> None:
        self._vault, self._step = vault, step
        self.table: Table[CreditRecord] = vault.db.table("bank")
        self._covered: Table[_Ranges] = vault.db.table("bank")
        """The same table, which holds one such record."""
        self.version = 0
        """Moves with every change."""

    def add(self, read: BankAccount, claim: Claim) -> tuple[int, int]:
        """Keep the credits of an account in a file; (new, seen again). A credit remembers which accounts showed it, for
        only those tell what never came."""
        seen: Counter[tuple[date, Decimal, str]] = Counter()
        new = again = 0
        with self._step():
            for line in read.lines:
                equal = (line.on, line.amount, line.payer)
                key = credit_id(*equal, seen[equal])
                seen[equal] += 1
                record = self.table.fetch(key)
                new, again = new + (record is None), again + (record is not None)
                mine: LineClaim = {**claim, "account": read.account, "label": clean_text(line.label, 300),
                                   "ordered": line.ordered.isoformat() if line.ordered else None}
                bare: CreditRecord = record or {
                    "on": line.on.isoformat(), "amount": f"{line.amount:.2f}", "label": "", "payer": line.payer,
                    "ordered": None, "said": None}
                after = _told(bare, with_claim(_lines(record), mine, _name))
                if after != record:
                    self.table.put(key, after)
            self._cover(claim["source"], read)
            self._vault.follow(commit=self._moved)
        return new, again

    def withdraw(self, source: str) -> list[KeptCredit]:
        """Take back what a file said; the credits of which nothing else tells."""
        gone = []
        for key, record in list(self.table.items()):
            if key == _RANGES or not any(imported_by(one["source"], source) for one in record.get("claims", ())):
                continue
            left = [one for one in _lines(record) if not imported_by(one["source"], source)]
            if left:
                self.table.put(key, _told(record, left))
            else:
                gone.append(_kept(key, record))
                self.table.drop(key)
        covered = self._covered.fetch(_RANGES)
        if covered is not None and any(imported_by(name, source) for name in covered.get("sources", {})):
            sources = {name: spans for name, spans in covered["sources"].items() if not imported_by(name, source)}
            if sources:
                self._covered.put(_RANGES, _covered(sources))
            else:
                self._covered.drop(_RANGES)
        self._vault.follow(commit=self._moved)
        return gone

    def _moved(self) -> None:
        self.version += 1  # once it is on the disk: what is worked out before knows nothing of it

    def _cover(self, source: str, read: BankAccount) -> None:
        covered = self._covered.fetch(_RANGES)
        sources = {name: dict(spans) for name, spans in _sources(covered).items()}
        spans = [[since.isoformat(), until.isoformat()] for since, until in read.covered]
        mine = sources.setdefault(source, {})
        mine[read.account] = _merged([*mine.get(read.account, ()), *spans])
        if any(mine.values()):
            self._covered.put(_RANGES, _covered(sources))

    def ranges(self) -> dict[str, list[list[str]]]:
        """The days covered, ``[[first, last], …]`` ISO, by digest of the account."""
        record = self._covered.fetch(_RANGES)
        return {name: [list(one) for one in spans] for name, spans in record["accounts"].items()} if record else {}

    def credits(self) -> list[KeptCredit]:
        """Every credit with its id, oldest first."""
        credits = [_kept(key, record) for key, record in self.table.items() if key != _RANGES]
        return sorted(credits, key=lambda credit: (credit["on"], credit["id"]))

    def say(self, key: str, said: str | None) -> None:
        """Note what the person says of a credit: a payment's id, ``none``, or nothing any more. Raises NotFound."""
        record = self.table.fetch(key) if key != _RANGES else None
        if record is None:
            raise NotFound(id=key)
        with self._step():
            self.table.put(key, {**record, "said": said})
            self._vault.follow(commit=self._moved)

    def rename(self, renamed: dict[str, str]) -> None:
        """Payments have other ids now: what the person said of credits goes with them. Call inside a step."""
        for key, record in list(self.table.items()):
            if key != _RANGES and (said := record["said"]) in renamed and said is not None:
                self.table.put(key, {**record, "said": renamed[said]})
                self._vault.follow(commit=self._moved)

    def unsay(self, payment: str) -> list[KeptCredit]:
        """A payment is gone: nothing is said any more of the credits that were said to be it. Call inside a step."""
        credits = []
        for key, record in list(self.table.items()):
            if key != _RANGES and record["said"] == payment:
                credits.append(_kept(key, record))
                self.table.put(key, {**record, "said": None})
                self._vault.follow(commit=self._moved)
        return credits

    def forget(self) -> int:
        """Drop everything read from banks; returns how many credits there were."""
        keys = [key for key, _ in self.table.items()]
        with self._step():
            for key in keys:
                self.table.drop(key)
            self._vault.follow(commit=self._moved)
        return len([key for key in keys if key != _RANGES])


def _lines(record: CreditRecord | None) -> list[LineClaim]:
    """The lines that tell of a credit."""
    if record is None:
        return []
    if "claims" in record:
        return record["claims"]
    return [{"way": "file", "source": "", "at": "", "account": account, "label": record["label"],
             "ordered": record["ordered"]} for account in record.get("accounts") or [""]]


def _told(record: CreditRecord, lines: list[LineClaim]) -> CreditRecord:
    """A credit as several lines tell it together."""
    kept = sorted(lines, key=_name)
    return {**record, "label": min((line["label"] for line in kept), key=lambda label: (-len(label), label)),
            "ordered": min((line["ordered"] for line in kept if line["ordered"]), default=None),
            "accounts": sorted({line["account"] for line in kept if line["account"]}), "claims": kept}


def _name(line: LineClaim) -> tuple[str, str]:
    return line["source"], line["account"]


def _sources(covered: _Ranges | None) -> dict[str, Spans]:
    if covered is None:
        return {}
    return covered.get("sources", {"": covered["accounts"]})


def _covered(sources: dict[str, Spans]) -> _Ranges:
    accounts = sorted({account for spans in sources.values() for account in spans})
    together = {account: _merged([span for spans in sources.values() for span in spans.get(account, ())])
                for account in accounts}
    return {"accounts": {account: spans for account, spans in together.items() if spans}, "sources": sources}


def credit_id(on: date, amount: Decimal, payer: str, rank: int) -> str:
    """The id of the ``rank``-th (from 0) credit of that day, amount and payer."""
    return "b" + blake2b(f"{on.isoformat()}|{amount:.2f}|{payer}|{rank}".encode(), digest_size=8).hexdigest()


def _merged(spans: list[list[str]]) -> list[list[str]]:
    merged: list[list[str]] = []
    for first, last in sorted(spans):
        if merged and date.fromisoformat(first).toordinal() <= date.fromisoformat(merged[-1][1]).toordinal() + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return merged


def _kept(key: str, record: CreditRecord) -> KeptCredit:
    kept: KeptCredit = {"id": key, "on": record["on"], "amount": record["amount"], "label": record["label"],
                        "payer": record["payer"], "ordered": record["ordered"], "said": record["said"]}
    if "accounts" in record:
        kept["accounts"] = record["accounts"]
    return kept


def shape(record: KeptCredit) -> Credit:
    """A credit as it travels over the socket."""
    return {"id": record["id"], "on": record["on"], "amount": record["amount"], "label": record["label"],
            "payer": record["payer"]}
