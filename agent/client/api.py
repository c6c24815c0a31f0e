"""The agent's calls by name: the one place outside the agent that spells their paths. Shapes: ``agent.protocol``."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from typing import Any, Protocol

    from agent.protocol.deadlines import Deadline
    from agent.protocol.messages import Message

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

    def messages(self, search: str | None = None, *, asking: bool = False) -> list[Message]:
        """The inbox, newest first; those that hold every word of ``search``; ``asking``: unread ones that ask for
        something."""
        found: list[Message] = self._caller.get("/v1/messages", search=search, asking=1 if asking else None)
        return found

    def message(self, message: str) -> Message:
        """One message by its id, which counts as read from now on."""
        found: Message = self._caller.get(f"/v1/messages/{_quoted(message)}")
        return found

    # -- procedures, requests, deadlines, the newcomer's way ---------------------------------------------------------

    def deadlines(self) -> list[Deadline]:
        """Everything that has a last day, soonest first."""
        found: list[Deadline] = self._caller.get("/v1/deadlines")
        return found

    def deadlines_calendar(self, lang: str) -> bytes:
        """The same as a calendar file, in ``fr`` or ``en``."""
        return self._caller.bytes("/v1/deadlines/calendar", lang=lang)

    # -- the account, the vault, the process, ameliBot ---------------------------------------------------------------


def _quoted(part: str) -> str:
    """An id or a name as one part of a path, whatever it holds."""
    from urllib.parse import quote  # costs a command's start more than it needs where there is none

    return quote(part, safe="")
