"""What the account's data *is*. Pure values: no I/O, no clock. Amounts are Decimal euros, dates are ISO days."""

from __future__ import annotations

from agent.account.clean_text import clean_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agent.account.model import (
        ActLine,
        Beneficiary,
        Coverage,
        Deduction,
        Document,
        Indemnity,
        Message,
        Payment,
        Profile,
    )
    from agent.account.payment_ids import payment_id, ranked_ids

__all__ = [
    "ActLine", "Beneficiary", "Coverage", "Deduction", "Document", "Indemnity", "Message", "Payment", "Profile",
    "clean_text", "payment_id", "ranked_ids",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        # The commands clean text without paying for the model (msgspec: a quarter of a bare Textual's start).
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from agent.account import model
        from agent.account import payment_ids as identity

        value = getattr(identity if name in ("payment_id", "ranked_ids") else model, name)
        globals()[name] = value
        return value
