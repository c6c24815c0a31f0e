"""JSON: everything, in the contract's own shapes, under a version of its own. ``schema.json`` beside describes it."""

from typing import Any

from agent.files.exports.account import Account

FORMAT = "ameli-tui-export"
VERSION = 1
"""Moves when a key is removed or changes its meaning; new keys may come without it."""


def make(account: Account) -> bytes:
    """The file, indented, keys in a fixed order."""
    import orjson

    return orjson.dumps(document(account), option=orjson.OPT_INDENT_2) + b"\n"


def document(account: Account) -> dict[str, Any]:
    """The same as an object."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": account.made_at.isoformat(timespec="seconds"),
        "filters": dict(account.filters),
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
