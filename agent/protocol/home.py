"""What the first screen shows, in one answer. Euros are strings ("19.00")."""

from typing import Any, TypedDict

from agent.protocol.payments import RawRow


class Totals(TypedDict):
    """Euros paid since the first day of this month and of this year."""

    month: str
    year: str


class VaultHome(TypedDict):
    """What an open vault tells: the newest payments and messages, and what waits for the person."""

    payments: list[RawRow]
    unread: int
    messages: list[dict[str, Any]]
    """Heads, without their text."""
    needs: list[dict[str, Any]]
    """Problems, as every refusal tells them."""
    totals: Totals


class Home(VaultHome):
    """The same with what messages are about, and how the agent does."""

    status: dict[str, Any]
