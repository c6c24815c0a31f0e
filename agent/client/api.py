"""The agent's calls by name: the one place outside the agent that spells their paths. Shapes: ``agent.protocol``."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Protocol

    from agent.protocol.money import (
        Bank,
        BankForgotten,
        Coverage,
        CoverChange,
        Estimate,
        Ledger,
        Owed,
        Year,
    )

    Data = bytes  # ``Caller`` has a method of that name

    class Caller(Protocol):
        """What carries a call: ``Client``, or a command's access that opens the vault on the way."""

        def get(self, path: str, /, **query: Any) -> Any:
            """Read something; values that are None are left out."""

        def post(self, path: str, body: Any = None, /) -> Any:
            """Ask for something to be done."""

        def bytes(self, path: str, /, **query: Any) -> bytes:
            """Read a document's bytes."""

        def upload(self, path: str, data: Data, /, **query: Any) -> Any:
            """Bring a file's bytes."""


class AgentApi:
    """One method a call. Raises what its caller raises: Problem, with the agent's reason."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    # -- payments ----------------------------------------------------------------------------------------------------

    # -- money -------------------------------------------------------------------------------------------------------

    def ledger(self, year: int | None = None, beneficiary: str | None = None) -> Ledger:
        """Participations and franchises of a year of refunds, this one by default; of one person or of all."""
        found: Ledger = self._caller.get("/v1/ledger", year=year, beneficiary=beneficiary)
        return found

    def year(self, year: int | None = None, beneficiary: str | None = None) -> Year:
        """A year of care in sums, this one by default; of one person or of all."""
        found: Year = self._caller.get("/v1/year", year=year, beneficiary=beneficiary)
        return found

    def owed(self) -> Owed:
        """What is still to come, and what is worth asking the fund about."""
        found: Owed = self._caller.get("/v1/owed")
        return found

    def received(
        self, payment: str, amount: str | None = None, on: str | None = None, *, undo: bool = False
    ) -> Owed:
        """Note that the top-up's share of a payment arrived: the expected euros today by default."""
        found: Owed = self._caller.post("/v1/owed/received", _said(payment=payment, amount=amount, on=on, undo=undo))
        return found

    def dismiss(self, anomaly: str, *, undo: bool = False) -> Owed:
        """Hide an anomaly, or show it again."""
        found: Owed = self._caller.post("/v1/owed/dismiss", _said(anomaly=anomaly, undo=undo))
        return found

    def match(self, credit: str, payment: str | None) -> Owed:
        """Say which payment a bank credit is, ``none`` for none of them; None takes the word back."""
        found: Owed = self._caller.post("/v1/owed/match", _said(credit=credit, payment=payment))
        return found

    def bank(self) -> Bank:
        """What is kept of bank files."""
        found: Bank = self._caller.get("/v1/bank")
        return found

    def forget_bank(self) -> BankForgotten:
        """Drop everything read from bank files."""
        found: BankForgotten = self._caller.post("/v1/bank/forget")
        return found

    def coverage(self) -> Coverage:
        """The complementary cover: as the account names it, and as the person told it."""
        found: Coverage = self._caller.get("/v1/coverage")
        return found

    def set_coverage(self, change: CoverChange) -> Coverage:
        """Change what the person tells of contract, situations and treating doctors."""
        found: Coverage = self._caller.post("/v1/coverage", change)
        return found

    def estimate(self, care: Mapping[str, Any]) -> Estimate:
        """Price one piece of care by the rules; it needs no vault."""
        found: Estimate = self._caller.post("/v1/estimate", {"care": care})
        return found

    def estimates(self, care: Sequence[Any]) -> list[Estimate]:
        """Price several pieces of care, in their order."""
        found: list[Estimate] = self._caller.post("/v1/estimate", {"care": care})
        return found

    # -- documents, certificates, exports, imports -------------------------------------------------------------------

    # -- messages ----------------------------------------------------------------------------------------------------

    # -- procedures, requests, deadlines, the newcomer's way ---------------------------------------------------------

    # -- the account, the vault, the process, ameliBot ---------------------------------------------------------------


def _said(**body: str | bool | None) -> dict[str, str | bool]:
    """The body of a call: what is not said is left out."""
    return {name: value for name, value in body.items() if value is not None and value is not False}
