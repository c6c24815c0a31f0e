"""OFX, the older form without closing tags and the newer one in XML: both are tags followed by their value."""

import html
import re
from datetime import date

from agent.concurrency.reader_threads import outside
from agent.files.formats.bank.errors import BankFileUnreadable
from agent.files.formats.bank.labels import plain
from agent.files.formats.bank.model import Account, Line, Unread, Why, days_around
from agent.files.formats.bounds import plain_decimal, sane_day

_TAG = re.compile(r"<(/?)([A-Za-z0-9.]{1,32})\b[^>]{0,200}>([^<]{0,4000})")
_STATEMENT = {"STMTRS", "CCSTMTRS"}
_HEAD = 4096
_BALANCES = ("SOLDE", "BALANCE", "SALDO")
_WHY = Why("sa date ou son montant est illisible", "its day or its amount cannot be read")
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
    for account in accounts:
        _uncover(account)
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
        amount = plain_decimal("".join(movement["TRNAMT"].split()).replace(",", ".").replace("\u2212", "-"))
        on = _day(movement["DTPOSTED"])
    except (KeyError, BankFileUnreadable):
        amount = on = None
    if amount is None or on is None:
        if not _is_balance(movement):
            account.unread.append(Unread(len(account.lines) + account.foreign + len(account.unread) + 1, _WHY))
            account.places.append(None)
        return
    if currency != "EUR" or movement.get("CURRENCY", "EUR") not in ("EUR", ""):
        account.foreign += 1
        return
    account.places.append(on)
    label = " ".join(filter(None, [movement.get("NAME"), movement.get("MEMO")]))
    account.lines.append(Line(on, amount, label))


def _is_balance(movement: dict[str, str]) -> bool:
    """Whether it is the account's balance written as a movement: one without a day, and called so."""
    said = plain(" ".join(filter(None, [movement.get("NAME"), movement.get("MEMO")])))
    return not movement.get("DTPOSTED", "").strip("0") and said.startswith(_BALANCES)


def _uncover(account: Account) -> None:
    """Take the days that unread movements may be of out of those that the file covers. Raises BankFileUnreadable."""
    if len(account.unread) > len(account.lines) + account.foreign:
        raise BankFileUnreadable(
            why_fr=f"{len(account.unread)} mouvements n'ont pas de date ou de montant lisible",
            why_en=f"{len(account.unread)} movements have no readable day or amount")
    account.gaps += [near for place, near in zip(account.places, days_around(account.places), strict=True)
                     if place is None]


def _day(text: str) -> date:
    try:
        if (day := sane_day(date(int(text[:4]), int(text[4:6]), int(text[6:8])))) is not None:
            return day
    except ValueError:
        pass
    raise BankFileUnreadable(why_fr="une date est illisible", why_en="a date cannot be read")
