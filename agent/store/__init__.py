"""What the agent knows, over an open vault: payments, documents, messages, the person, the runs."""

from agent.store.errors import NotFound
from agent.store.payments.book import Query
from agent.store.store import Store

__all__ = ["NotFound", "Query", "Store"]
