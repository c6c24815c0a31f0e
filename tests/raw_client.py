"""A client that calls by path, as whoever knows nothing of the calls' names does: curl, or an older program."""

from typing import Any

from agent.client import call
from agent.client.client import Client


class RawClient(Client):
    """Each call is spelled out. Raises Problem, as the client does."""

    def get(self, path: str, /, *, deadline: float | None = None, **query: Any) -> Any:
        """Read something."""
        return self.ask(call.get(path, deadline=deadline, **query))

    def post(self, path: str, body: object = None, /, *, deadline: float | None = None) -> Any:
        """Have something done."""
        return self.ask(call.post(path, body, deadline=deadline))

    def bytes(self, path: str, /, **query: Any) -> bytes:
        """A file's bytes."""
        return self.ask(call.get_file(path, **query))

    def upload(self, path: str, data: Any, /, **query: Any) -> Any:
        """Bring a file."""
        return self.ask(call.upload(path, data, **query))
