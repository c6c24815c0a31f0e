"""The agent's calls by name: the one place outside the agent that spells their paths. Shapes: ``agent.protocol``."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from typing import Any, Protocol

    from agent.protocol.home import Home
    from agent.protocol.payments import Explanation, Facets, Month, PaymentDetail, PaymentWindow

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

    def payments(
        self, *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
        kind: str | None = None, search: str | None = None, limit: int | None = None,
    ) -> list[PaymentDetail]:
        """Payments with their detail, newest first; days are ISO and inclusive."""
        listed: list[PaymentDetail] = self._caller.get(
            "/v1/payments", since=since, until=until, beneficiary=beneficiary, kind=kind, search=search, limit=limit)
        return listed

    def payment(self, payment: str) -> PaymentDetail:
        """One payment."""
        detail: PaymentDetail = self._caller.get(f"/v1/payments/{_quoted(payment)}")
        return detail

    def rows(
        self, *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
        kind: str | None = None, search: str | None = None, offset: int | None = None, limit: int | None = None,
    ) -> PaymentWindow:
        """A window of the list of payments, with sums over all that answers."""
        window: PaymentWindow = self._caller.get("/v1/rows", since=since, until=until, beneficiary=beneficiary,
                                                 kind=kind, search=search, offset=offset, limit=limit)
        return window

    def months(
        self, *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
        kind: str | None = None, search: str | None = None,
    ) -> list[Month]:
        """What was paid by month, newest first."""
        months: list[Month] = self._caller.get(
            "/v1/months", since=since, until=until, beneficiary=beneficiary, kind=kind, search=search)
        return months

    def facets(self) -> Facets:
        """What lists of payments can be filtered by."""
        facets: Facets = self._caller.get("/v1/facets")
        return facets

    def explain(self, payment: str) -> Explanation:
        """Why a payment is what it is."""
        explanation: Explanation = self._caller.get(f"/v1/explain/{_quoted(payment)}")
        return explanation

    # -- money -------------------------------------------------------------------------------------------------------

    # -- documents, certificates, exports, imports -------------------------------------------------------------------

    # -- messages ----------------------------------------------------------------------------------------------------

    # -- procedures, requests, deadlines, the newcomer's way ---------------------------------------------------------

    # -- the account, the vault, the process, ameliBot ---------------------------------------------------------------

    # -- the first screen --------------------------------------------------------------------------------------------

    HOME = "/v1/home"
    """Its path, for the program that sends it before anything else is loaded."""

    def home(self) -> Home:
        """Everything the first screen shows."""
        home: Home = self._caller.get(self.HOME)
        return home


def _quoted(part: str) -> str:
    """A part of a path."""
    from urllib.parse import quote

    return quote(part, safe="")
