"""Monthly statements: the list of closed months, and the PDF of each, fetched once."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from agent.account import Document
from agent.account.batch import DocumentRead
from agent.sync.errors import NOT_UNDERSTOOD, ListShrunk

if TYPE_CHECKING:
    from agent.account.sync_notes import StatementsNote
    from agent.portal import StatementRef
    from agent.sync.context import Reading
    from agent.sync.result import Outcome

LOOK_BACK = 2
"""Months listed again by a repeat sync, before the last one: a statement may appear some days after its month."""
SURE = 24
"""The service keeps 27 months; of those the newest so many must be in every whole list."""
_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre")


async def sync_statements(run: Reading) -> Outcome:
    """Fetch the statements not kept yet."""
    state = run.known.notes().get("statements", {})
    listed = await list_statements(run, state.get("listed_on"))
    kept = run.known.statements()
    wanted = [key for key in listed if key not in kept]
    announced = frozenset(state.get("announced", ()))
    missing = set(wanted)
    for done, key in enumerate(wanted):
        run.progress("statements", done, len(wanted))
        try:
            data = await run.portal.statement_pdf(listed[key])
        except NOT_UNDERSTOOD as error:
            run.problem(error)
            continue
        await run.document(DocumentRead(document=statement_document(key, listed[key].month), data=data))
        missing.discard(key)
        if key in announced:
            run.result.announced["documents"] += 1
    if wanted:
        run.progress("statements", len(wanted), len(wanted))
    # What could not be fetched is looked for again over the whole list.
    note: StatementsNote = {"listed_on": run.today.isoformat() if not missing else None}
    if waiting := announced & missing:
        note["announced"] = sorted(waiting)
    await run.note(statements=note)
    return "read"


async def list_statements(run: Reading, listed_on: str | None) -> dict[str, StatementRef]:
    """What the service lists, by stable id: all, or since shortly before the ISO day of an earlier list."""
    since = None if run.full or not listed_on else _months_before(date.fromisoformat(listed_on), LOOK_BACK)
    refs = await run.portal.statements(since)
    listed = dict(zip(statement_ids(refs), refs, strict=True))
    expected = run.known.statements(since or _months_before(run.today, SURE))
    seen = sum(key in expected for key in listed)
    if seen < len(expected):
        run.problem(ListShrunk(list="statements", listed=seen, known=len(expected)))
    return listed


def statement_ids(refs: list[StatementRef]) -> list[str]:
    """Stable ids: month, kind and rank in the month (the service's tokens change)."""
    seen: Counter[tuple[str, str]] = Counter()
    ids = []
    for ref in refs:
        equal = (ref.month, ref.object_type)
        kind = "" if ref.object_type == "ReleveSoinsIJ" else "-" + "".join(filter(str.isalnum, ref.object_type))[:30]
        ids.append(f"r{ref.month}{kind}" + (f"-{seen[equal] + 1}" if seen[equal] else ""))
        seen[equal] += 1
    return ids


def statement_document(key: str, month: str) -> Document:
    """The document of a statement; ``key`` is of ``statement_ids``, ``month`` is ``YYYYMM``."""
    year, number = int(month[:4]), int(month[4:])
    return Document(
        id=key,
        kind="releve_mensuel",
        title=f"Relevé mensuel {_MONTHS[number - 1]} {year}",
        date=date(year, number, monthrange(year, number)[1]),
        filename=f"{year}-{number:02d}_releve-mensuel{key[7:]}.pdf",
    )


def _months_before(day: date, months: int) -> str:
    for _ in range(months):
        day = day.replace(day=1) - timedelta(days=1)
    return f"{day:%Y%m}"
