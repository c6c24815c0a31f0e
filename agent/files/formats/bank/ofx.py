"""OFX, the older form without closing tags and the newer one in XML: both are tags followed by their value.

Banks write it in their own ways: texts in UTF-8 under a head that says 1252, amounts with a comma, thousands or no
sign, days with dashes, spans that begin in 1900, elements that are not closed. What the format forbids is read where it
has one meaning alone.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from agent.concurrency.reader_threads import outside
from agent.files.formats.bank.account_statement import (
    MOST_MOVEMENTS,
    MOST_STATEMENTS,
    AccountStatement,
    accounts_of,
    bank_day,
    too_many,
)
from agent.files.formats.bank.amounts import Notation, amount_of, notation_of
from agent.files.formats.bank.errors import BankFileUnreadable
from agent.files.formats.bank.labels import plain
from agent.files.formats.bank.model import Account, Why

_TAG = re.compile(r"<(/?)([A-Za-z0-9.]{1,32})\b[^>]{0,200}>([^<]{0,4000})")
_MARK = re.compile(rb"OFXHEADER|<OFX[\s>]")
_STATEMENT = {"STMTRS", "CCSTMTRS"}
_LIST = "BANKTRANLIST"
_HEAD = 4096
_BALANCES = ("SOLDE", "BALANCE", "SALDO")
_OUT = frozenset({"DEBIT", "FEE", "SRVCHG", "ATM", "POS", "CHECK", "PAYMENT", "DIRECTDEBIT", "REPEATPMT", "CASH"})
_IN = frozenset({"CREDIT", "INT", "DIV", "DEP", "DIRECTDEP"})
"""Types of movements that say a way, for files whose amounts have no signs."""
_OUTGOING = re.compile(r"(?:PRLV|PRELEVEMENT|CARTE|CB|PAIEMENT|RETRAIT|ACHAT|CHEQUE)\b")
_SEVERAL = 2
_WHY = Why("sa date ou son montant est illisible", "its day or its amount cannot be read")
_TWICE = Why("il a le numéro, le jour et le montant d'un autre : c'est peut-être le même",
             "it has the number, day and amount of another one: it may be the same")
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)", re.ASCII)
_CURRENCIES = {"CURRENCY", "ORIGCURRENCY"}


@dataclass(slots=True)
class _Told:
    """One statement as its tags tell it."""

    about: dict[str, str] = field(default_factory=dict)
    """The values beside the movements, by their tags."""
    movements: list[dict[str, str]] = field(default_factory=list)


def looks_like_ofx(data: bytes) -> bool:
    """Whether the file begins as OFX does, whatever its encoding."""
    return _MARK.search(data[:_HEAD].replace(b"\x00", b"").upper()) is not None


@outside
def read_ofx(data: bytes) -> list[Account]:
    """The accounts of a file. Raises BankFileUnreadable."""
    statements, made_on = _told(_text(data))
    if not statements:
        raise BankFileUnreadable(why_fr="il ne contient aucun relevé de compte", why_en="it holds no account statement")
    movements = [movement for statement in statements for movement in statement.movements]
    notation = notation_of(_written(movement) for movement in movements)
    by_type = _signed_by_type(movements, notation)
    return accounts_of([_statement(one, notation, made_on, by_type=by_type) for one in statements])


def _told(text: str) -> tuple[list[_Told], date | None]:
    """Every statement of a file, and the day it was made on. Raises BankFileUnreadable where it is cut."""
    statements: list[_Told] = []
    statement: _Told | None = None
    movement: dict[str, str] | None = None
    made_on: date | None = None
    inside = ""
    closed = False
    count = 0
    for end, tag, said in _tags(text):
        if movement is not None and (tag in _STATEMENT or tag in ("STMTTRN", _LIST, "OFX")):
            movement = None
        if tag in _STATEMENT:
            statement = None if end else _Told()
            if statement is not None:
                statements.append(statement)
        elif tag == "OFX":
            closed = closed or bool(end)
        elif tag == "DTSERVER":
            made_on = made_on or _day(said)
        elif statement is None:
            continue
        elif tag == "STMTTRN":
            if not end:
                movement, inside, count = {}, "", count + 1
                statement.movements.append(movement)
        elif tag in _CURRENCIES:
            inside = "" if end else tag
            if movement is not None and said and not end:
                movement.setdefault(tag, said)
        elif end:
            continue
        elif movement is not None:
            movement.setdefault(f"{inside}.{tag}" if tag in ("CURSYM", "CURRATE") else tag, said)
        elif tag in ("ACCTID", "CURDEF", "DTSTART", "DTEND"):
            statement.about.setdefault(tag, said)
        if count > MOST_MOVEMENTS or len(statements) > MOST_STATEMENTS:
            raise too_many()
    if statements and not closed:
        raise BankFileUnreadable(why_fr="il est coupé", why_en="it is cut short")
    return statements, made_on


def _tags(text: str) -> Iterator[tuple[str, str, str]]:
    """Every tag: whether it closes, its name, and the text after it."""
    for end, name, value in _TAG.findall(text):
        yield end, name.upper(), html.unescape(value).strip()


def _text(data: bytes) -> str:
    """A file's text, with what XML sets apart put among the rest. What the head says of the encoding is often wrong."""
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    elif head.count(b"\x00") > len(head) // 3:
        text = data.decode("utf-16-le" if head[1:2] == b"\x00" else "utf-16-be", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    text = _replaced(text, "<!--", "-->", lambda _inside: "")
    return _replaced(text, "<![CDATA[", "]]>", html.escape)


def _replaced(text: str, begin: str, end: str, by: Callable[[str], str]) -> str:
    """The text with everything between two marks replaced; a mark that is not closed stays."""
    kept, at = [], 0
    while (first := text.find(begin, at)) >= 0 and (last := text.find(end, first + len(begin))) >= 0:
        kept += [text[at:first], by(text[first + len(begin):last])]
        at = last + len(end)
    return "".join([*kept, text[at:]])


def _written(movement: dict[str, str]) -> str:
    """A movement's amount as it stands, with the zero that some banks leave out."""
    text = movement.get("TRNAMT", "").replace("\u2212", "-").strip()
    return re.sub(r"^([-+]?)\s*(?=[.,]\d)", r"\g<1>0", text).rstrip(".,")


def _signed_by_type(movements: Sequence[dict[str, str]], notation: Notation) -> bool:
    """Whether only the types tell what left, no amount having a sign. Raises BankFileUnreadable where nothing tells."""
    amounts = [amount_of(_written(movement), notation) for movement in movements]
    if any(amount is not None and amount < 0 for amount in amounts):
        return False
    types = {movement.get("TRNTYPE", "").upper() for movement in movements}
    if types & _OUT and types & _IN:
        return True
    if sum(_OUTGOING.match(plain(_label(movement))) is not None for movement in movements) >= _SEVERAL:
        raise BankFileUnreadable(
            why_fr="ses montants n'ont pas de signe, et rien ne dit s'ils sont entrés ou sortis",
            why_en="its amounts have no sign, and nothing tells whether they came or left")
    return False


def _statement(source: _Told, notation: Notation, made_on: date | None, *, by_type: bool) -> AccountStatement:
    until = _day(source.about.get("DTEND", ""))
    statement = AccountStatement(
        source.about.get("ACCTID", ""), since=_day(source.about.get("DTSTART", "")),
        until=min(until, made_on) if until is not None and made_on is not None else until)
    currency = source.about.get("CURDEF", "").upper() or "EUR"
    seen: set[tuple[str, date, Decimal, str]] = set()
    for movement in source.movements:
        if not movement:
            continue
        number = len(statement.met) + 1
        on, amount = _day(movement.get("DTPOSTED", "")), amount_of(_written(movement), notation)
        kind = movement.get("TRNTYPE", "").upper()
        if on is None or amount is None or (by_type and kind not in _OUT | _IN):
            if on is not None or not _is_balance(movement):
                statement.miss(number, _WHY)
            continue
        if _is_foreign(movement, currency):
            statement.leave(on)
            continue
        same = (movement.get("FITID", ""), on, amount, _label(movement))
        if same[0] and same in seen:
            statement.miss(number, _TWICE, on)
            continue
        seen.add(same)
        statement.add(on, -amount if by_type and kind in _OUT else amount, same[-1])
    return statement


def _label(movement: dict[str, str]) -> str:
    return " ".join(filter(None, [movement.get("NAME") or movement.get("EXTDNAME"), movement.get("MEMO")]))


def _is_foreign(movement: dict[str, str], currency: str) -> bool:
    """Whether its amount is in another currency: ``ORIGCURRENCY`` tells of one that was changed into euros already."""
    own = movement.get("CURRENCY.CURSYM") or movement.get("CURRENCY") or currency
    return own.upper() != "EUR"


def _is_balance(movement: dict[str, str]) -> bool:
    """Whether it is the account's balance written as a movement: one without a day that may be, and called so."""
    return plain(_label(movement)).startswith(_BALANCES)


def _day(text: str) -> date | None:
    match = _DAY.match(text.strip())
    try:
        return bank_day(date(int(match[1]), int(match[2]), int(match[3]))) if match else None
    except ValueError:
        return None
