"""What the account's data *is*. Pure values: no I/O, no clock. Amounts are Decimal euros, dates are ISO days."""

from agent.account.identity import payment_id, ranked_ids
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
from agent.account.text import clean_text

__all__ = [
    "ActLine", "Beneficiary", "Coverage", "Deduction", "Document", "Indemnity", "Message", "Payment", "Profile",
    "clean_text", "payment_id", "ranked_ids",
]
