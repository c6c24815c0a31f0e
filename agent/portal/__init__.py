"""How we talk to the account service: its pages read into the account's objects. Knows no vault and no schedule."""

from agent.portal.portal import Portal
from agent.portal.types import (
    CodeAnswer,
    FetchedFile,
    MessageRow,
    PaymentRow,
    PortalConfig,
    PortalSession,
    StatementRef,
)

__all__ = [
    "CodeAnswer", "FetchedFile", "MessageRow", "PaymentRow", "Portal", "PortalConfig", "PortalSession", "StatementRef",
]
