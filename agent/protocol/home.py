"""What the first screen shows, in one answer. Euros are strings ("19.00")."""

from typing import TypedDict

from agent.protocol.messages import KeptHead, MessageHead
from agent.protocol.payments import RawRow
from agent.protocol.problems import Problem
from agent.protocol.process import Status


class Totals(TypedDict):
    """Euros paid since the first day of this month and of this year."""

    month: str
    year: str


class Shown(TypedDict):
    """What an open vault tells: the newest payments, and what waits for the person."""

    payments: list[RawRow]
    unread: int
    needs: list[Problem]
    """Problems, as every refusal tells them."""
    totals: Totals


class VaultHome(Shown):
    """The same with the newest messages, as they are kept."""

    messages: list[KeptHead]


class Home(Shown):
    """The same with what messages are about, and how the agent does."""

    messages: list[MessageHead]
    status: Status
