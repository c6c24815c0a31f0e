"""Pages of the service that no longer read: kept until they read again, with an anonymised copy to show.

The page itself is never kept: only its outline (names of parts) and a copy that was anonymised beforehand, one per
page, the newest, for ``KEPT`` at most.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict

from agent.protocol.problems import Bilingual
from agent.protocol.process import PageChange
from agent.store.interfaces import Keeper, Step, Table

KEPT = timedelta(days=30)
"""How long a copy is kept for a page that stays unreadable."""
LARGEST = 512 << 10
"""Bytes of a copy; a larger one is not kept."""
_NAMES = 12
"""Names of parts told of one page."""


class Bad(NamedTuple):
    """A page that was not understood."""

    page: str
    """The service's name of it."""
    name: str
    """Its short name, for commands."""
    page_en: str
    missing: str
    expected: tuple[str, ...]
    """Selectors or keys by which the missing part was looked for."""
    status: int | None
    outline: frozenset[str]
    """Names of the parts that are there."""
    copy: tuple[str, bytes] | None
    """Its anonymised copy: what kind it is, and its bytes."""


class ChangeRecord(TypedDict):
    """A page that does not read, as it is kept under the service's name of it. Moments are ISO."""

    name: str
    page_en: str
    missing: str
    expected: list[str]
    status: int | None
    gone: list[str]
    new: list[str]
    """Names of parts that are not there any more, and of those that never were before."""
    known_good: str | None
    """Day on which it read last."""
    since: str
    last: str
    """Moments of the first and the last time that it did not read."""
    count: int
    blob: str | None
    size: int
    kind: str | None
    """Of its copy."""


class Outline(TypedDict):
    """How a page is built when it reads."""

    names: list[str]
    """Names of parts that it ever had."""
    always: list[str]
    """Those that it always had."""
    on: str
    """Day on which this was seen."""


class ChangeBook:
    """By page. Beside it stands how each page is built when it reads: the names that it ever had, and those that it
    always had (some come and go with what there is to show). What moved is the difference."""

    def __init__(self, vault: Keeper, step: Step) -> None:
        self._vault = vault
        self._step = step
        self.table: Table[ChangeRecord] = vault.db.table("changes")
        self._outlines: Table[Outline] = vault.db.table("outlines")

    def all(self) -> list[PageChange]:
        """The pages that do not read, the longest known first."""
        return sorted((_shape(page, record) for page, record in self.table.items()), key=lambda change: change["since"])

    def names(self) -> list[Bilingual]:
        """The pages that do not read, by name in both languages."""
        return [{"fr": one["page"], "en": one["page_en"]} for one in self.all()]

    def note_bad(self, bad: Bad, now: datetime) -> None:
        """A page was not understood."""
        before, good = self.table.fetch(bad.page), self._outlines.fetch(bad.page)
        ever, always = (frozenset(good["names"]), frozenset(good["always"])) if good else (frozenset(), frozenset())
        with self._step():
            blob, size, kind = _kept(before)
            if bad.copy is not None and len(bad.copy[1]) <= LARGEST:
                if blob is not None:
                    self._vault.delete_blob(blob)
                blob, size, kind = self._vault.put_blob(bad.copy[1]), len(bad.copy[1]), bad.copy[0]
            self.table.put(bad.page, {
                "name": bad.name, "page_en": bad.page_en, "missing": bad.missing, "expected": list(bad.expected),
                "status": bad.status, "gone": sorted(always - bad.outline)[:_NAMES] if bad.outline else [],
                "new": sorted(bad.outline - ever)[:_NAMES] if ever else [],
                "known_good": good["on"] if good else None,
                "since": before["since"] if before else now.isoformat(), "last": now.isoformat(),
                "count": before["count"] + 1 if before else 1, "blob": blob, "size": size, "kind": kind,
            })

    def note_good(self, page: str, outline: frozenset[str], now: datetime) -> None:
        """A page reads: what was wrong with it is over, and how it is built is remembered."""
        before = self._outlines.fetch(page)
        names = sorted(outline.union(before["names"]) if before else outline)
        always = sorted(outline.intersection(before["always"]) if before else outline)
        with self._step():
            self.drop(page)
            if outline and (before is None or (names, always) != (before["names"], before["always"])):
                self._outlines.put(page, {"names": names, "always": always, "on": now.date().isoformat()})

    def drop(self, page: str) -> None:
        """Forget a page's change and its copy."""
        if (record := self.table.fetch(page)) is not None:
            with self._step():
                if record["blob"] is not None:
                    self._vault.delete_blob(record["blob"])
                self.table.drop(page)

    def copy(self, page: str) -> tuple[str, bytes] | None:
        """The kind and the bytes of the anonymised copy of a page, if there is one."""
        record = self.table.fetch(page)
        if record is None or record["blob"] is None or record["kind"] is None:
            return None
        return record["kind"], self._vault.get_blob(record["blob"])

    def drop_copy(self, blob: str) -> bool:
        """Forget the anonymised copy that these bytes are; False when they are none. It is made again with the page."""
        change = [(page, record) for page, record in self.table.items() if record["blob"] == blob]
        for page, record in change:
            self.table.put(page, record | {"blob": None, "size": 0, "kind": None})
        return bool(change)

    def sweep(self, now: datetime) -> None:
        """Wipe the copies that have been kept long enough."""
        for page, record in list(self.table.items()):
            if record["blob"] is not None and now - datetime.fromisoformat(record["last"]) > KEPT:
                with self._step():
                    self._vault.delete_blob(record["blob"])
                    self.table.put(page, record | {"blob": None, "size": 0, "kind": None})


def _kept(record: ChangeRecord | None) -> tuple[str | None, int, str | None]:
    return (record["blob"], record["size"], record["kind"]) if record else (None, 0, None)


def _shape(page: str, record: ChangeRecord) -> PageChange:
    return {
        "page": page, "page_en": record["page_en"], "name": record["name"], "missing": record["missing"],
        "expected": record["expected"], "status": record["status"], "gone": record["gone"], "new": record["new"],
        "known_good": record["known_good"], "since": record["since"], "last": record["last"],
        "count": record["count"], "size": record["size"], "kind": record["kind"], "sample": record["blob"] is not None,
    }
