"""Calls to the agent over its socket, for screens and commands alike. Standard library only: imported before anything.

``Client(find_paths()).ask(api.status())`` returns the decoded JSON; a refusal is a ``Problem``.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time

from agent.client import api
from agent.client.call import Answered, Call
from agent.protocol import BACKGROUND_HEADER, PROTOCOL, PROTOCOL_HEADER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedReader
    from typing import BinaryIO, TypeVar

    from agent.protocol.events import Heard
    from config.paths import Paths

    T = TypeVar("T")
else:
    T = None

_LONGEST = 107 if sys.platform == "linux" else 103
_HEALTH, _HEALTH_S = "/v1/health", 10.0
"""Whether the agent lives, and how long one may take to say so that is busy, or begins anew because it was locked."""
_DEADLINES = {
    _HEALTH: _HEALTH_S, "/v1/status": 2.0, "/v1/unlock": 30.0, "/v1/setup": 30.0, "/v1/passphrase": 60.0,
    "/v1/recovery": 30.0, "/v1/login": 180.0, "/v1/logout": 60.0, "/v1/sync": 3600.0, "/v1/attestation": 120.0,
    "/v1/doctor": 30.0, "/v1/lock": 20.0, "/v1/messages": 60.0, "/v1/verify": 600.0,
    "/v1/backups": 600.0, "/v1/backups/outgoing": 600.0, "/v1/restore": 600.0,  # years of documents, a slow disk
    "/v1/import/statements": 600.0,  # 27 of them, each a tenth of a second and more on a slow machine
}
"""Seconds after which a call is doubted, from connecting to the last byte: an agent that still answers
``/v1/health`` is at work, and is waited for. A sync that waits tells its progress by events."""
_DEADLINE = 30.0
_DOCUMENT_DEADLINE = 120.0
_SENDS, _SENDING = ("/v1/procedures/", "/v1/requests/"), 60.0
"""Calls that may send something to the service before they answer."""
_OF_ANY_PROTOCOL = (_HEALTH, "/v1/stop")
"""Calls that mean the same in every version."""
_TELL_S = 5.0
"""How often somebody who waits is told that the agent is at work."""
_OWN_PROGRESS = ("/v1/sync", "/v1/login")
"""Calls during which something else tells how far it is."""
_PART = 1 << 20
"""Bytes of a file that are sent at a time."""
_SILENCE = 40.0
"""An event stream says that it lives every 15 s."""


class Problem(Exception):
    """Why the agent refused, in both languages; the same face as ``agent.errors.AmeliError``."""

    def __init__(self, code: str, exit_code: int, message: dict[str, str], hint: dict[str, str], http: int = 0) -> None:
        super().__init__(message.get("en", code))
        self.code = code
        self.exit_code = exit_code
        self.messages = message
        self.hints = hint
        self.http = http
        """HTTP status, 0 when the agent gave none."""

    @property
    def exit(self) -> int:
        """Exit code of the command that met it."""
        return self.exit_code

    def message(self, lang: str) -> str:
        """What happened and why, one sentence, in ``fr`` or ``en``."""
        return self.messages.get(lang) or self.messages.get("en") or self.code

    def hint(self, lang: str) -> str:
        """What to do about it, in ``fr`` or ``en``."""
        return self.hints.get(lang) or self.hints.get("en") or ""


class NotRunning(Problem):
    """No agent serves this home."""

    def __init__(self) -> None:
        super().__init__(
            "not_running", 1,
            {"fr": "L'agent ne tourne pas.", "en": "The agent is not running."},
            {"fr": "Lancez « ameli agent start ».", "en": "Run `ameli agent start`."},
        )


class AgentOutdated(Problem):
    """The agent speaks an older protocol than this program."""

    def __init__(self) -> None:
        super().__init__(
            "agent_outdated", 1,
            {"fr": "L'agent en marche est d'une version plus ancienne que ce programme.",
             "en": "The running agent is older than this program."},
            {"fr": "Lancez « ameli agent restart ».", "en": "Run `ameli agent restart`."},
        )


def _silent() -> Problem:
    return Problem(
        "agent_silent", 1,
        {"fr": "L'agent n'a pas répondu à temps.", "en": "The agent did not answer in time."},
        {"fr": "Lancez « ameli agent restart ».", "en": "Run `ameli agent restart`."},
    )


def _broken() -> Problem:
    return Problem(
        "agent_gone", 1,
        {"fr": "L'agent s'est arrêté avant d'avoir répondu.", "en": "The agent ended before it had answered."},
        {"fr": "Lancez « ameli agent start », puis « ameli agent logs ».",
         "en": "Run `ameli agent start`, then `ameli agent logs`."},
    )


def _unreachable(reason: str) -> Problem:
    return Problem(
        "agent_unreachable", 1,
        {"fr": f"L'agent ne peut pas être joint : {reason}.", "en": f"The agent cannot be reached: {reason}."},
        {"fr": "Vérifiez AMELI_HOME et à qui appartient ce dossier.",
         "en": "Check AMELI_HOME and who owns that folder."},
    )


def connect(path: str, timeout: float) -> socket.socket:
    """Connect to this user's agent, however long the socket's path. Raises NotRunning or another Problem."""
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.settimeout(timeout)
    folder = -1
    try:
        if len(os.fsencode(path)) > _LONGEST and sys.platform == "linux":
            folder = os.open(os.path.dirname(path), os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)  # noqa: PTH120
            path = f"/proc/self/fd/{folder}/{os.path.basename(path)}"  # noqa: PTH119
        _connect(link, path, time.monotonic() + timeout)
        # What is sent may be a passphrase: not to a socket that somebody else laid here
        if sys.platform == "linux":
            owner = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)[4:8]
            if int.from_bytes(owner, sys.byteorder) != os.geteuid():
                raise _unreachable("another user runs it")
    except OSError as error:
        link.close()
        if isinstance(error, TimeoutError):
            raise _silent() from None
        if isinstance(error, FileNotFoundError | NotADirectoryError | ConnectionRefusedError | ConnectionResetError):
            raise NotRunning from None
        raise _unreachable(error.strerror or str(error)) from None
    except BaseException:
        link.close()
        raise
    finally:
        if folder >= 0:
            os.close(folder)
    return link


def _connect(link: socket.socket, path: str, end: float) -> None:
    while True:
        try:
            return link.connect(path)
        except BlockingIOError:  # Linux says so, and does not wait, while the queue of those who knock is full
            if time.monotonic() > end:
                raise TimeoutError from None
            time.sleep(0.01)


class Early(Answered[T]):
    """A call that is already on its way."""

    def __init__(self, client: Client, call: Call[T]) -> None:
        """An agent that is at work is waited for beyond the call's usual time, but not beyond a deadline of its own."""
        self._client, self._call = client, call
        self._strict = call.deadline is not None or call.path == _HEALTH
        deadline = _deadline(call)
        self._began = time.monotonic()
        self._end = self._began + deadline
        tells = client.on_wait is not None and call.path not in _OWN_PROGRESS
        self._tell_at = self._began + _TELL_S if tells else None
        body = call.data if call.body is None else json.dumps(call.body).encode()
        head = [f"{call.method} {call.target} HTTP/1.1", "host: agent", f"{PROTOCOL_HEADER}: {PROTOCOL}",
                "connection: close"]
        if client.background:
            head.append(f"{BACKGROUND_HEADER}: 1")
        if body is not None:
            head += ["content-type: application/json", f"content-length: {_size(body)}"]
        self._link = client.connect(deadline)
        try:
            _send(self._link, "\r\n".join(head).encode("ascii") + b"\r\n\r\n", body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before it was read: the reason is waiting to be received
        except TimeoutError:
            self._link.close()
            raise _silent() from None

    def finish(self) -> T:
        """Wait for the answer and return it. Raises Problem."""
        with self._link as link:
            status, headers, body = self._receive(link)
        spoken = headers.get(PROTOCOL_HEADER, "")
        if spoken.isdigit() and int(spoken) < PROTOCOL and self._call.path not in _OF_ANY_PROTOCOL:
            raise AgentOutdated
        if status >= 400:
            raise _problem(status, body)
        return self._call.read(body)

    def cancel(self) -> None:
        """Hang up: the answer is no longer wanted."""
        self._link.close()

    def _receive(self, link: socket.socket) -> tuple[int, dict[str, str], bytes]:
        received = bytearray()
        cut = -1
        length = -1
        headers: dict[str, str] = {}
        while length < 0 or len(received) < cut + length:
            link.settimeout(self._left())
            try:
                more = link.recv(262144)
            except TimeoutError:
                continue
            except OSError:
                raise _broken() from None
            if not more:
                raise _broken()
            received += more
            if length < 0 and (end := received.find(b"\r\n\r\n")) >= 0:
                headers = _headers(received[:end])
                cut, length = end + 4, int(headers.get("content-length", "0"))
        return int(received[9:12]), headers, bytes(received[cut : cut + length])

    def _left(self) -> float:
        """Seconds to wait before looking again. Raises Problem when the time is up and the agent is not at work."""
        now = time.monotonic()
        if now >= self._end:
            if self._strict or not self._client.lives():
                raise _silent()
            self._end = now + _TELL_S
        if self._tell_at is None:
            return self._end - now
        if now >= self._tell_at:
            self._tell_at = now + _TELL_S
            assert self._client.on_wait is not None
            self._client.on_wait(now - self._began)
        return max(0.01, min(self._end, self._tell_at) - now)


def _size(body: bytes | BinaryIO) -> int:
    return len(body) if isinstance(body, bytes) else os.fstat(body.fileno()).st_size


def _send(link: socket.socket, head: bytes, body: bytes | BinaryIO | None) -> None:
    """Send a request. Raises OSError; a file that became shorter meanwhile leaves it incomplete."""
    if body is None or isinstance(body, bytes):
        link.sendall(head + (body or b""))
        return
    left = _size(body)
    body.seek(0)  # a call may be made again
    link.sendall(head)
    while left > 0 and (part := body.read(min(left, _PART))):
        link.sendall(part)
        left -= len(part)


def _headers(head: bytearray) -> dict[str, str]:
    lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _problem(status: int, body: bytes) -> Problem:
    try:
        problem = json.loads(body)
        return Problem(problem["code"], problem["exit"], problem["message"], problem["hint"], status)
    except (ValueError, KeyError, TypeError):
        texts = {"fr": f"L'agent a refusé ({status}).", "en": f"The agent refused ({status})."}
        return Problem("agent_garbled", 1, texts, {}, status)


class Client:
    """Calls to the agent of one home. Each call has its own connection, so threads may share a client."""

    def __init__(
        self, paths: Paths, background: bool = False, on_wait: Callable[[float], None] | None = None
    ) -> None:
        """``background``: calls made by a program on its own, that do not count as use by a person. ``on_wait`` is told
        every few seconds, from the thread that waits, for how many an answer has been waited for."""
        self.on_wait = on_wait
        self.paths = paths
        self.address = str(paths.socket)
        self.background = background

    def connect(self, timeout: float) -> socket.socket:
        """Connect to the agent, where it is when the home's disk takes no writes too. Raises Problem."""
        try:
            return connect(self.address, timeout)
        except NotRunning:
            spare = self.paths.spare_run_dir
            try:
                seen = spare.lstat()
            except OSError:
                raise NotRunning from None
            if seen.st_uid != os.geteuid() or seen.st_mode & 0o777 != 0o700 or not spare.is_dir():
                raise NotRunning from None  # somebody else laid it there
            return connect(str(spare / "agent.sock"), timeout)

    def ask(self, call: Call[T]) -> T:
        """Make a call and return what it is answered. Raises Problem (NotRunning, locked…)."""
        return self.send(call).finish()

    def send(self, call: Call[T]) -> Early[T]:
        """Send a call and return at once; ``finish()`` of what is returned waits for the answer. Raises Problem."""
        return Early(self, call)

    def lives(self) -> bool:
        """The agent answers at all: what takes long is work."""
        try:
            Client(self.paths, background=True).ask(api.health(deadline=_HEALTH_S))
        except Problem:
            return False
        return True

    def events(
        self, after: int | None = None, silence: float = _SILENCE, *, opened: Callable[[], object] | None = None
    ) -> Iterator[Heard]:
        """Yield ``{"id", "event", "data"}`` as things happen, after event ``after`` when given; ``opened`` is called
        when the agent has begun to tell them.

        Ends when the agent ends the stream; call again with the last id to resume. A silence longer than
        ``silence`` seconds is a Problem. Closing the generator closes the connection.
        """
        link = self.connect(silence)
        with link:
            resume = "" if after is None else f"last-event-id: {after}\r\n"
            # HTTP/1.0: the stream comes unframed, and ends with the connection
            request = f"GET /v1/events HTTP/1.0\r\nhost: agent\r\n{PROTOCOL_HEADER}: {PROTOCOL}\r\n{resume}\r\n"
            link.sendall(request.encode("ascii"))
            with link.makefile("rb") as lines:
                try:
                    yield from _parse_events(lines, opened)
                except TimeoutError:
                    raise _silent() from None
                except ConnectionError:
                    return


def _parse_events(lines: BufferedReader, opened: Callable[[], object] | None) -> Iterator[Heard]:
    status = int(lines.readline()[9:12] or 0)
    head = bytearray(b"\r\n")
    while (line := lines.readline()) not in (b"\r\n", b""):
        head += line
    if status != 200:
        raise _problem(status, lines.read()) if status else _broken()
    if opened is not None:
        opened()
    event: Heard = {"id": 0, "event": "", "data": {}}
    for line in lines:
        name, _, value = line.decode("utf-8").rstrip("\r\n").partition(": ")
        if name == "data":
            event["data"] = json.loads(value)
        elif name == "id":
            event["id"] = int(value)
        elif name == "event":
            event["event"] = value
        elif not line.strip() and event["event"]:
            yield event
            event = {"id": 0, "event": "", "data": {}}


def _deadline(call: Call[T]) -> float:
    if call.deadline is not None:
        return call.deadline
    if call.carries_file:
        return _DOCUMENT_DEADLINE
    return _DEADLINES.get(call.path, _SENDING if call.path.startswith(_SENDS) else _DEADLINE)
