"""A journal for Ledger and hledger: the double entry of care in the syntax that both read."""

import re
from collections.abc import Iterator

from agent.files.exports.account import Account
from agent.files.exports.double_entry import Entry, journal

_CURRENCY = "EUR"
_COMMENT = re.compile(r"[;#|%*!=()\[\]{}\"]")
"""Signs that a description could end, begin a comment, a state, a code or a second date with."""


def make(account: Account) -> bytes:
    """The journal file, oldest first."""
    book = journal(account)
    lines = [f"; {_plain(book.title)}", "", f"commodity {_CURRENCY}", f"    format 1000.00 {_CURRENCY}", ""]
    lines += [f"account {name}" for name in book.accounts]
    tags = sorted({name for entry in book.entries for name in entry.facts})
    lines += ["", *(f"tag {name}" for name in tags)]  # Ledger's --pedantic wants them declared
    for entry in book.entries:
        lines += ["", *_entry(entry)]
    return ("\n".join(lines) + "\n").encode()


def _entry(entry: Entry) -> Iterator[str]:
    yield f"{entry.on.isoformat()} * ({entry.payment}) {_plain(entry.payee)} | {_plain(entry.text)}".rstrip()
    for name, value in entry.facts.items():
        yield f"    ; {name}: {_plain(value)}"
    for account, euros in entry.postings:
        yield f"    {account}  {euros:f} {_CURRENCY}"


def _plain(value: str) -> str:
    """Text that neither program reads as more than text. A comma would end a tag's value, a colon begin a tag."""
    return " ".join(_COMMENT.sub(" ", value).replace(",", " ").replace(":", " ").split())
