"""Monthly statements: the REST of the sub-app."""

from __future__ import annotations

import binascii
import logging
from base64 import b64decode
from collections import Counter
from datetime import date
from urllib.parse import quote

from agent.account.retention import STATEMENT_MONTHS
from agent.concurrency.reader_threads import aside, outside
from agent.portal.errors import NoDocument, PortalChanged
from agent.portal.navigation import Session
from agent.portal.pages.selectors import STATEMENTS_REST, StatementsPage
from agent.portal.types import StatementRef
from config.json_value import JsonValue

PAGE = StatementsPage.page
RETENTION = STATEMENT_MONTHS
"""Months kept by the service when it does not say itself."""
STEP = 6
"""Months asked at once, as the service's own page does."""
_MOST = 120
_log = logging.getLogger(__name__)


async def list_statements(session: Session, today: date, since: str | None) -> list[StatementRef]:
    """The statements of the closed months, newest first, from the month ``since`` (``YYYYMM``) or all that are kept."""
    last = _index(today) - 1
    depth = RETENTION
    by_month: dict[str, list[StatementRef]] = {}
    end = last
    while end >= _oldest(last, depth, since):
        start = max(end - STEP + 1, _oldest(last, depth, since))
        months, kept = await aside(read_months, await session.rest(
            f"{STATEMENTS_REST}/home?debutPeriode={_month(start)}&finPeriode={_month(end)}", PAGE
        ))
        depth = kept or depth
        for month, refs in months.items():
            if _month(start) <= month <= _month(end):
                by_month[month] = refs
        end = start - 1
    return [ref for month in sorted(by_month, reverse=True) for ref in by_month[month]]


@outside
def read_months(answer: JsonValue) -> tuple[dict[str, list[StatementRef]], int | None]:
    """The statements of each month, and the months kept if the answer says so. Raises PortalChanged."""
    whole = answer if isinstance(answer, dict) else {}
    rubrics = whole.get(StatementsPage.months)
    if not isinstance(rubrics, list):
        raise PortalChanged(page=PAGE, missing=StatementsPage.months)
    months: dict[str, list[StatementRef]] = {}
    for rubric in rubrics:
        of_month = rubric if isinstance(rubric, dict) else {}
        month = str(of_month.get(StatementsPage.month, ""))
        if not (month.isascii() and month.isdigit() and len(month) == 6 and 1 <= int(month[4:]) <= 12
                and 1900 < int(month[:4]) < 2200):
            raise PortalChanged(page=PAGE, missing=StatementsPage.month)
        listed = of_month.get(StatementsPage.listed) or []
        if not isinstance(listed, list):
            raise PortalChanged(page=PAGE, missing=StatementsPage.listed)
        refs = months.setdefault(month, [])
        tokens = {ref.token for ref in refs}
        ranks = Counter(ref.object_type for ref in refs)
        for entry in listed:
            statement = entry if isinstance(entry, dict) else {}
            kind, token = statement.get(StatementsPage.kind), statement.get(StatementsPage.token)
            if not isinstance(kind, str) or not isinstance(token, str) or not token or len(token) > 500:
                raise PortalChanged(page=PAGE, missing=f"{StatementsPage.kind}, {StatementsPage.token}")
            if token not in tokens:
                tokens.add(token)
                refs.append(StatementRef(month=month, object_type=kind, rank=ranks[kind], token=token))
                ranks[kind] += 1
    return months, _retention(whole.get(StatementsPage.facts))


async def fetch_statement(session: Session, ref: StatementRef) -> bytes:
    """The PDF of a statement; a token that is no longer known is looked up again, once. Raises NoDocument."""
    answer = await _document(session, ref.token)
    if answer is None:
        months, _ = await aside(read_months, await session.rest(
            f"{STATEMENTS_REST}/home?debutPeriode={ref.month}&finPeriode={ref.month}", PAGE
        ))
        key = (ref.object_type, ref.rank)
        fresh = [one.token for one in months.get(ref.month, []) if (one.object_type, one.rank) == key]
        answer = await _document(session, fresh[0]) if fresh else None
    if answer is None:
        raise NoDocument
    return await aside(read_pdf, answer)


async def _document(session: Session, token: str) -> JsonValue:
    return await session.rest(f"{STATEMENTS_REST}/pdf/{quote(token, safe='')}", StatementsPage.file_page)


@outside
def read_pdf(answer: JsonValue) -> bytes:
    """The PDF in a document's JSON: kind, base64 and first bytes are checked. Raises PortalChanged."""
    if not isinstance(answer, dict) or answer.get(StatementsPage.media_type) != "application/pdf":
        raise PortalChanged(page=StatementsPage.file_page, missing=f"{StatementsPage.media_type} application/pdf")
    content = answer.get(StatementsPage.content)
    try:
        data = b64decode(content, validate=True) if isinstance(content, str) else b""
    except (binascii.Error, ValueError):
        data = b""
    if not data.startswith(b"%PDF-"):
        raise PortalChanged(page=StatementsPage.file_page, missing="contenu PDF")
    if answer.get(StatementsPage.size) != len(data):
        _log.warning("statement: size differs from the announced one")
    return data


def _retention(facts: JsonValue) -> int | None:
    for fact in facts if isinstance(facts, list) else []:
        if isinstance(fact, dict) and fact.get("identifiant") == StatementsPage.retention:
            text = str(fact.get("contenu", "")).strip()
            if text.isascii() and text.isdigit() and 0 < len(text) <= 3:
                return min(max(int(text), 1), _MOST)
    return None


def _oldest(last: int, depth: int, since: str | None) -> int:
    oldest = last - depth + 1
    if since is None:
        return oldest
    if len(since) != 6 or not since.isascii() or not since.isdigit():
        raise ValueError("since: YYYYMM")
    return max(oldest, int(since[:4]) * 12 + int(since[4:]) - 1)


def _index(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month(index: int) -> str:
    return f"{index // 12:04d}{index % 12 + 1:02d}"
