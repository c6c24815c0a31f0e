"""What carries the agent's calls, and the path of a call: there for types only, imported by nothing that runs."""

from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
Data = bytes  # ``Caller`` has a method of that name
Value = str | int | None


class Route(str, Generic[T]):
    """The path of a call whose answer has the shape ``T``."""


class Caller(Protocol):
    """What carries a call: ``Client``, or a command's access that opens the vault on the way."""

    def get(self, route: Route[T], /, *, deadline: float | None = None, **query: Value) -> T:
        """Read something; values that are None are left out. ``deadline``: seconds, then it is given up."""

    def post(self, route: Route[T], body: object = None, /, *, deadline: float | None = None) -> T:
        """Ask for something to be done, within ``deadline`` seconds when given."""

    def bytes(self, path: str, /, **query: Value) -> bytes:
        """Read a document's bytes."""

    def upload(self, route: Route[T], data: Data, /, **query: Value) -> T:
        """Bring a file's bytes."""
