"""Beancount: the journal of double entry, every account opened, every transaction linked to its payment's id."""

from collections.abc import Iterator

from agent.files.exports.account import Account
from agent.files.exports.double_entry import Entry, journal

_CURRENCY = "EUR"


def make(account: Account) -> bytes:
    """The ledger file, oldest first."""
    book = journal(account)
    lines = [f'option "title" {_text(book.title)}', f'option "operating_currency" "{_CURRENCY}"', ""]
    if book.entries:
        first = book.entries[0].on.isoformat()
        lines += [f"{first} open {name} {_CURRENCY}" for name in book.accounts]
    for entry in book.entries:
        lines += ["", *_entry(entry)]
    return ("\n".join(lines) + "\n").encode()


def _entry(entry: Entry) -> Iterator[str]:
    yield f"{entry.on.isoformat()} * {_text(entry.payee)} {_text(entry.text)} #ameli ^{entry.payment}"
    yield f"  payment: {_text(entry.payment)}"
    for name, value in entry.facts.items():
        yield f"  {name}: {_text(value)}"
    for account, euros in entry.postings:
        yield f"  {account}  {euros:f} {_CURRENCY}"


def _text(value: str) -> str:
    """A string of the language: on one line, with the two signs that could end it escaped."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
