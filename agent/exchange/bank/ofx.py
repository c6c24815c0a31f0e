"""OFX, the older form without closing tags and the newer one in XML: both are tags followed by their value."""

import html
import re
from datetime import date
from decimal import Decimal, InvalidOperation

from agent.aside import outside
from agent.exchange.bank.errors import BankFileUnreadable
from agent.exchange.bank.model import Account, Line

_TAG = re.compile(r"<(/?)([A-Za-z0-9.]{1,32})\b[^>]{0,200}>([^<]{0,4000})")
_STATEMENT = {"STMTRS", "CCSTMTRS"}
_HEAD = 4096
_MOST_LINES = 200_000


def looks_like_ofx(data: bytes) -> bool:
    """Whether the file begins as OFX does."""
    head = data[:_HEAD].upper()
    return b"OFXHEADER" in head or b"<OFX>" in head


@outside
def read_ofx(data: bytes) -> list[Account]:
    """The accounts of a file. Raises BankFileUnreadable."""
    accounts: list[Account] = []
    account: Account | None = None
    movement: dict[str, str] | None = None
    currency = "EUR"
    closed = False
    for end, name, value in _TAG.findall(_text(data)):
        tag, said = name.upper(), html.unescape(value).strip()
        if tag in _STATEMENT:
            if end:
                account = None
            else:
                account, currency = Account(""), "EUR"
                accounts.append(account)
        elif tag == "OFX" and end:
            closed = True
        elif account is None:
            continue
        elif tag == "STMTTRN":
            if movement is not None:
                _add(account, movement, currency)
            movement = None if end else {}
        elif end:
            continue
        elif movement is not None:
            movement.setdefault(tag, said)
        elif tag == "ACCTID":
            account.name = said
        elif tag == "CURDEF":
            currency = said.upper()
        elif tag in ("DTSTART", "DTEND") and said:
            account.since, account.until = (_day(said), account.until) if tag == "DTSTART" else (
                account.since, _day(said))
        if account is not None and len(account.lines) > _MOST_LINES:
            raise BankFileUnreadable(why_fr="il a trop de lignes", why_en="it has too many lines")
    if not accounts:
        raise BankFileUnreadable(why_fr="il ne contient aucun relevé de compte", why_en="it holds no account statement")
    if movement is not None or not closed:
        raise BankFileUnreadable(why_fr="il est coupé", why_en="it is cut short")
    return accounts


def _text(data: bytes) -> str:
    head = data[:_HEAD].upper()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"CHARSET:1252" in head or b"8859-1" in head:
        return data.decode("cp1252", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _add(account: Account, movement: dict[str, str], currency: str) -> None:
    if not movement:
        return
    try:
        amount = Decimal("".join(movement["TRNAMT"].split()).replace(",", ".").replace("\u2212", "-"))
        on = _day(movement["DTPOSTED"])
    except (KeyError, InvalidOperation):
        raise BankFileUnreadable(
            why_fr="un mouvement n'a pas de date ou de montant lisible",
            why_en="a movement has no readable day or amount") from None
    if not amount.is_finite() or abs(amount) > 10**9:
        raise BankFileUnreadable(why_fr="un montant est absurde", why_en="an amount is absurd")
    if currency != "EUR" or movement.get("CURRENCY", "EUR") not in ("EUR", ""):
        account.foreign += 1
        return
    label = " ".join(filter(None, [movement.get("NAME"), movement.get("MEMO")]))
    account.lines.append(Line(on, amount, label))


def _day(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise BankFileUnreadable(why_fr="une date est illisible", why_en="a date cannot be read") from None
