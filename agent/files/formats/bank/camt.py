"""camt.053, the account statement of ISO 20022: read entry by entry by defusedxml, which opens no entity.

Its entries say whether they came or left, its balances and counts prove that none is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from agent.concurrency.reader_threads import outside
from agent.files.formats.bank.account_statement import (
    MOST_MOVEMENTS,
    MOST_STATEMENTS,
    NO_AMOUNT,
    NO_CURRENCY,
    NO_DAY,
    NO_SIDE,
    AccountStatement,
    Balance,
    accounts_of,
    bank_day,
    too_many,
)
from agent.files.formats.bank.errors import BankFileUnreadable
from agent.files.formats.bank.model import Account, Why
from agent.files.formats.bounds import plain_decimal

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEAD = 8192
_MARK = re.compile(rb"camt\.053|<(?:\w+:)?BkToCstmrStmt\b")
_DEEPEST = 60
_MOST_ELEMENTS = 8_000_000
_MOST_IN_ENTRY = 20_000
"""Elements of one entry: a batch of hundreds of payments has fewer."""
_BOOKED, _STILL_TO_COME = frozenset({"BOOK", ""}), frozenset({"PDNG", "INFO", "FUTR"})
_OPENINGS, _CLOSINGS = ("OPBD", "PRCD"), ("CLBD",)
_NO_STATE = Why("son état n'est pas connu", "its state is not known")
_GROUP = Why("il réunit plusieurs paiements dont les montants ne font pas le sien",
             "it groups several payments whose amounts do not make its own")
_A_DAY = timedelta(days=1)


def looks_like_camt(data: bytes) -> bool:
    """Whether the file begins as such a statement does, whatever its encoding."""
    head = data[:_HEAD].replace(b"\x00", b"")
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") and _MARK.search(head) is not None


@outside
def read_camt(data: bytes) -> list[Account]:
    """The accounts of a file. Raises BankFileUnreadable."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError

    try:
        statements = list(_statements(data))
    except DefusedXmlException:
        raise BankFileUnreadable(
            why_fr="il définit des abréviations XML, ce qu'aucune banque ne fait",
            why_en="it defines XML entities, which no bank does") from None
    except (ParseError, ValueError, LookupError):
        raise BankFileUnreadable(why_fr="il est coupé ou abîmé", why_en="it is cut short or damaged") from None
    if not statements:
        raise BankFileUnreadable(why_fr="il ne contient aucun relevé de compte", why_en="it holds no account statement")
    return accounts_of(statements)


def _statements(data: bytes) -> Iterator[AccountStatement]:
    """Every statement; what was read of an element is let go at its end."""
    from defusedxml.ElementTree import iterparse

    source = data if data.startswith((b"\xff\xfe", b"\xfe\xff")) else data.lstrip(b" \t\r\n")
    path: list[Element] = []
    statement: AccountStatement | None = None
    elements = in_entry = entries = statements = 0
    for event, element in iterparse(BytesIO(source), events=("start", "end"), forbid_dtd=True):
        name = _name(element)
        if event == "start":
            path.append(element)
            elements, in_entry = elements + 1, in_entry + 1
            if elements > _MOST_ELEMENTS or in_entry > _MOST_IN_ENTRY or len(path) > _DEEPEST:
                raise too_many()
            if name == "Stmt" and statement is None:
                statement, statements = AccountStatement(), statements + 1
                if statements > MOST_STATEMENTS:
                    raise too_many()
            continue
        path.pop()
        if statement is not None and path and _name(path[-1]) == "Stmt":
            if name == "Ntry":
                entries += 1
                if entries > MOST_MOVEMENTS:
                    raise too_many()
                _entry(statement, element, entries)
            else:
                _about(statement, element, name)
            path[-1].clear()  # keeps no element that was read
            in_entry = 0
        elif name == "Stmt" and statement is not None:
            yield statement
            statement = None


def _about(statement: AccountStatement, element: Element, name: str) -> None:
    """What stands beside the entries: account, days, balances, count."""
    if name == "Acct":
        statement.name = _text(element, "Id", "IBAN") or _text(element, "Id", "Othr", "Id")
    elif name == "FrToDt":
        statement.since, statement.until = _day(element, "FrDtTm", "FrDt"), _last_day(element)
    elif name == "Bal":
        code = _text(element, "Tp", "CdOrPrtry", "Cd")
        amount, on = _signed(element), _day(element, "Dt")
        if amount is None or on is None or _currency(element) != "EUR":
            return
        if code in _OPENINGS and statement.opening is None:
            statement.opening = Balance(on, amount)
        elif code in _CLOSINGS:
            statement.closing = Balance(on, amount)
    elif name == "TxsSummry":
        count = _text(element, "TtlNtries", "NbOfNtries")
        statement.announced = int(count) if re.fullmatch(r"\d{1,7}", count, re.ASCII) else None


def _entry(statement: AccountStatement, entry: Element, number: int) -> None:
    """One entry: a movement, or several where it is a batch that proves its parts."""
    state = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
    if state in _STILL_TO_COME:
        statement.skipped += 1
        return
    on = _day(entry, "BookgDt") or _day(entry, "ValDt")
    if state not in _BOOKED:
        statement.miss(number, _NO_STATE, on)
        return
    currency = _currency(entry)
    if on is None or not currency:
        statement.miss(number, NO_DAY if on is None else NO_CURRENCY, on)
        return
    if currency != "EUR":
        statement.leave(on)
        return
    amount = _signed(entry)
    if amount is None:
        side = _text(entry, "CdtDbtInd") in ("CRDT", "DBIT")
        statement.miss(number, NO_AMOUNT if side else NO_SIDE, on)
        return
    parts = [part for details in _all(entry, "NtryDtls") for part in _all(details, "TxDtls")]
    amounts = [_part(part, amount) for part in parts]
    if len(parts) < 2 or len({_label(part, amount > 0) for part in parts}) == 1:
        statement.add(on, amount, " ".join(filter(None, [
            *(_label(part, amount > 0) for part in parts[:1]), _text(entry, "AddtlNtryInf")])))
    elif None in amounts or sum((one or Decimal(0) for one in amounts), Decimal(0)) != amount:
        statement.miss(number, _GROUP, on)
    else:
        statement.skipped -= len(parts) - 1  # the count is of entries
        for part, share in zip(parts, amounts, strict=True):
            statement.add(on, share or Decimal(0), _label(part, amount > 0))


def _label(part: Element, came: bool) -> str:
    """Who is on the other side, and what for. Of what was taken back the sides are those of the first way: not told."""
    reversal = bool(_all(part, "RtrInf"))
    sides = () if reversal else ("Dbtr", "UltmtDbtr") if came else ("Cdtr", "UltmtCdtr")
    names = [_text(parties, side, "Nm") or _text(parties, side, "Pty", "Nm")
             for parties in _all(part, "RltdPties") for side in sides]
    words = [said for info in _all(part, "RmtInf") for said in (
        *(" ".join((one.text or "").split()) for one in _all(info, "Ustrd")),
        *(_text(one, "AddtlRmtInf") for one in _all(info, "Strd")))]
    return " ".join(dict.fromkeys(filter(None, [*names, *words, _text(part, "AddtlTxInf")])))


def _part(part: Element, whole: Decimal) -> Decimal | None:
    """The amount of one payment of a batch, with its own sign or the batch's."""
    written = _find(part, "Amt")
    if written is None and (details := _find(part, "AmtDtls", "TxAmt")) is not None:
        written = _find(details, "Amt")
    if written is None or written.get("Ccy") != "EUR":
        return None
    side = _text(part, "CdtDbtInd")
    amount = _euros(written.text or "")
    came = whole > 0 if not side else side == "CRDT"
    return amount if amount is None or came else -amount


def _signed(element: Element) -> Decimal | None:
    """The amount of an entry or balance, negative when it left or is owed."""
    amount, side = _euros(_text(element, "Amt")), _text(element, "CdtDbtInd")
    if amount is None or side not in ("CRDT", "DBIT"):
        return None
    return amount if side == "CRDT" else -amount


def _euros(text: str) -> Decimal | None:
    amount = plain_decimal(text)
    return amount if amount is not None and amount >= 0 and amount == round(amount, 2) else None


def _currency(element: Element) -> str:
    amount = _find(element, "Amt")
    return (amount.get("Ccy") or "").strip().upper() if amount is not None else ""


def _day(element: Element, *names: str) -> date | None:
    """The first day of those named, itself or in its ``Dt`` or ``DtTm``."""
    for name in names:
        for text in (_text(element, name), _text(element, name, "Dt"), _text(element, name, "DtTm")):
            if (read := _moment(text)) is not None:
                return read.date()
    return None


def _last_day(element: Element) -> date | None:
    """The last day of a span: midnight is the end of the day before."""
    read = _moment(_text(element, "ToDtTm"))
    if read is not None:
        return read.date() - _A_DAY if read.time() == time() else read.date()
    return _day(element, "ToDt")


def _moment(text: str) -> datetime | None:
    match = re.match(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)|$|[Z+-])", text, re.ASCII)
    try:
        read = datetime.fromisoformat(f"{match[1]}T{match[2] or '00:00:00'}") if match else None
    except ValueError:
        return None
    return read if read is not None and bank_day(read.date()) is not None else None


def _name(element: Element) -> str:
    """A tag without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _all(element: Element, name: str) -> list[Element]:
    return [child for child in element if _name(child) == name]


def _find(element: Element, *names: str) -> Element | None:
    for name in names:
        children = _all(element, name)
        if not children:
            return None
        element = children[0]
    return element


def _text(element: Element, *names: str) -> str:
    named = _find(element, *names)
    return " ".join((named.text or "").split()) if named is not None else ""
