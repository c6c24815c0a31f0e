"""What carries the agent's calls: there for types only, imported by nothing that runs."""

from typing import Any, Protocol

Data = bytes  # ``Caller`` has a method of that name

class Caller(Protocol):
    """What carries a call: ``Client``, or a command's access that opens the vault on the way."""

    def get(self, path: str, /, *, deadline: float | None = None, **query: Any) -> Any:
        """Read something; values that are None are left out. ``deadline``: seconds, then it is given up."""

    def post(self, path: str, body: Any = None, /, *, deadline: float | None = None) -> Any:
        """Ask for something to be done, within ``deadline`` seconds when given."""

    def bytes(self, path: str, /, **query: Any) -> bytes:
        """Read a document's bytes."""

    def upload(self, path: str, data: Data, /, **query: Any) -> Any:
        """Bring a file's bytes."""
