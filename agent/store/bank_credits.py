"""Bank credits that concern health, the days their files cover, and what the person said of them."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import NotRequired, TypedDict

from agent.account import clean_text
from agent.protocol.money import Credit, KeptCredit
from agent.store.errors import NotFound
from agent.store.interfaces import Keeper, Step, Table

_RANGES = " ranges"
"""Key of the record of covered days: no credit's id begins with a space."""


class CreditRecord(TypedDict):
    """A credit, kept under its id; see `KeptCredit`."""

    on: str
    amount: str
    label: str
    payer: str
    ordered: str | None
    said: str | None
    accounts: NotRequired[list[str]]


class _Ranges(TypedDict):
    """The days covered, ``[[first, last], …]``, by digest of the account."""

    accounts: dict[str, list[list[str]]]


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

    def save(
        self, credits: Iterable[tuple[date, Decimal, str, str, date | None]], account: str,
        covered: Iterable[tuple[date, date]],
    ) -> tuple[int, int]:
        """Keep ``(day, euros, label, payer, day of the order)`` of a file; (new, known).

        ``covered``: first and last days of which the file surely says everything.

        ``account`` is a digest: a credit remembers which accounts showed it, for only those tell what never came.
        """
        seen: Counter[tuple[date, Decimal, str]] = Counter()
        new = known = 0
        with self._step():
            for on, amount, label, payer, ordered in credits:
                equal = (on, amount, payer)
                key = credit_id(on, amount, payer, seen[equal])
                seen[equal] += 1
                record = self.table.fetch(key)
                if record is not None:
                    known += 1
                    accounts = sorted({*record.get("accounts", ()), account})
                    day = record["ordered"] or (ordered.isoformat() if ordered else None)
                    if (accounts, day) == (record.get("accounts"), record["ordered"]):
                        continue
                    record = {**record, "ordered": day, "accounts": accounts}
                else:
                    new += 1
                    record = {"on": on.isoformat(), "amount": f"{amount:.2f}", "label": clean_text(label, 300),
                              "payer": payer, "ordered": ordered.isoformat() if ordered else None, "said": None,
                              "accounts": [account]}
                self.table.put(key, record)
            self._cover(account, covered)
            self._vault.follow(commit=self._moved)
        return new, known

    def _moved(self) -> None:
        self.version += 1  # once it is on the disk: what is worked out before knows nothing of it

    def _cover(self, account: str, more: Iterable[tuple[date, date]]) -> None:
        covered = self.ranges()
        spans = [*covered.get(account, ()), *([since.isoformat(), until.isoformat()] for since, until in more)]
        if spans:
            covered[account] = _merged(spans)
            self._covered.put(_RANGES, {"accounts": covered})

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

    def forget(self) -> int:
        """Drop everything read from banks; returns how many credits there were."""
        keys = [key for key, _ in self.table.items()]
        with self._step():
            for key in keys:
                self.table.drop(key)
            self._vault.follow(commit=self._moved)
        return len([key for key in keys if key != _RANGES])


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
    return {"id": key, **record}


def shape(record: KeptCredit) -> Credit:
    """A credit as it travels over the socket."""
    return {"id": record["id"], "on": record["on"], "amount": record["amount"], "label": record["label"],
            "payer": record["payer"]}
