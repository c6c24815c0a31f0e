"""JSON: everything, in the contract's own shapes, under a version of its own. ``schema.json`` beside describes it."""

from collections.abc import Sequence
from typing import TypedDict

from agent.files.exports.account import Account, Filters
from agent.protocol.account import Profile
from agent.protocol.deadlines import Deadline
from agent.protocol.documents import Document
from agent.protocol.messages import KeptMessage
from agent.protocol.money import Coverage, Credit, Ledger, Owed, Year
from agent.protocol.payments import PaymentDetail
from agent.protocol.requests import RequestRecord

FORMAT = "ameli-tui-export"
VERSION = 1
"""Moves when a key is removed or changes its meaning; new keys may come without it."""


class Export(TypedDict):
    """The file, as an object."""

    format: str
    version: int
    made_at: str
    """Moment, ISO with its zone."""
    filters: Filters
    profile: Profile
    coverage: Coverage
    payments: Sequence[PaymentDetail]
    ledger: Sequence[Ledger]
    years: Sequence[Year]
    owed: Owed
    bank: Sequence[Credit]
    documents: Sequence[Document]
    messages: Sequence[KeptMessage]
    requests: Sequence[RequestRecord]
    deadlines: Sequence[Deadline]


def make(account: Account) -> bytes:
    """The file, indented, keys in a fixed order."""
    import orjson

    return orjson.dumps(document(account), option=orjson.OPT_INDENT_2) + b"\n"


def document(account: Account) -> Export:
    """The same as an object."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": account.made_at.isoformat(timespec="seconds"),
        "filters": account.filters,
        "profile": account.profile,
        "coverage": account.coverage,
        "payments": account.payments,
        "ledger": account.ledger,
        "years": account.years,
        "owed": account.owed,
        "bank": account.bank,
        "documents": account.documents,
        "messages": account.messages,
        "requests": account.requests,
        "deadlines": account.deadlines,
    }
