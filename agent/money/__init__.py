"""The person's money: ledger, explanations and what is owed, over the data of one open vault."""

from agent.money.service import Money

__all__ = ["Money"]
