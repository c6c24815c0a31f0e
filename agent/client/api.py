"""The agent's calls by name: the one place outside the agent that spells their paths. Shapes: ``agent.protocol``."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from typing import Any, Protocol

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

    # -- documents, certificates, exports, imports -------------------------------------------------------------------

    # -- messages ----------------------------------------------------------------------------------------------------

    # -- procedures, requests, deadlines, the newcomer's way ---------------------------------------------------------

    # -- the account, the vault, the process, ameliBot ---------------------------------------------------------------
