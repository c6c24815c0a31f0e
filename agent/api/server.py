"""HTTP/1.1 over the agent's socket: h11 reads and writes, asyncio waits, everything is bounded."""

import asyncio
import contextlib
import logging
import os
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import h11
import orjson

from agent.api.limits import Limits as Limits
from agent.api.peer import peer_uid
from agent.api.request_body import BodyTooLarge, RequestBody
from agent.core.events import Subscription
from agent.core.refusals import BadRequest, Internal
from agent.errors import AmeliError
from agent.protocol import PROTOCOL, PROTOCOL_HEADER

log = logging.getLogger(__name__)
_CHUNK = 65536
_PIECE = 1 << 20
"""Bytes of an answer sent in one go."""
_TURNS = 10
"""Of the loop, until whoever was accepted is among the connections: four with Python 3.11."""
_STREAM_END_S = 1.0


class Request:
    """One call, read whole."""

    def __init__(self, method: str, target: str, headers: dict[str, str], body: bytearray) -> None:
        """Raises ValueError for an address that is none."""
        parts = urlsplit(target)
        self.method = method
        self.path = parts.path
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.headers = headers
        self.body = body


class Response:
    """An answer that is known whole."""

    def __init__(self, body: bytes, status: int = 200, media_type: str = "application/json") -> None:
        self.status = status
        self.body = body
        self.headers = {"content-type": media_type, "cache-control": "no-store"}

    @classmethod
    def of(cls, value: object, status: int = 200) -> "Response":
        """The answer that carries ``value`` as JSON."""
        return cls(orjson.dumps(value, default=_unnamed), status)


def _unnamed(value: object) -> tuple[object, ...]:
    """A tuple whose places have names, as JSON's list."""
    if isinstance(value, tuple):
        return tuple(value)
    raise TypeError(f"not JSON: {type(value).__name__}")


def refusal(error: AmeliError) -> Response:
    """The answer that tells an error."""
    return Response(orjson.dumps(error.problem()), error.http_status, "application/problem+json")


Stage = Literal["asking", "answered", "idle", "listening"]
"""How far a conversation is: not all is said yet; the answer is being made or sent; it was, and nothing more is asked;
events are told."""
Answer = Awaitable[Response | Subscription]


class Admitted(NamedTuple):
    """A request that will be answered: by ``answer``, awaited within ``meanwhile``."""

    answer: Answer
    meanwhile: AbstractContextManager[None]


Admit = Callable[[Request], Awaitable[Admitted]]


class _Refused(Exception):
    """A request that cannot be read; answered, then the connection is closed."""

    def __init__(self, status: int, what: str) -> None:
        self.response = refusal(BadRequest(what=what))
        self.response.status = status

    @classmethod
    def because(cls, error: AmeliError) -> "_Refused":
        """The answer that tells an error of the file itself."""
        refused = cls(error.http_status, error.code)
        refused.response = refusal(error)
        return refused


class Server:
    """Serves one listening socket until stopped."""

    def __init__(
        self, admit: Admit, limits: type[Limits] = Limits, peer: Callable[[socket.socket], int] = peer_uid
    ) -> None:
        """``admit`` lets each request in, or raises AmeliError; ``peer`` tells a connection's user (a parameter for
        tests)."""
        self._admit = admit
        self._limits = limits
        self._peer = peer
        self._server: asyncio.AbstractServer | None = None
        self._heard: socket.socket
        self._connections: dict[asyncio.Task[None], _Connection] = {}
        self._turned = asyncio.Event()
        """Set each time a connection came a step further."""

    async def start(self, listening: socket.socket) -> None:
        """Begin to answer on ``listening``, which stays open, and its file where it is, when this server stops."""
        self._heard = heard = listening.dup()
        if sys.version_info >= (3, 13):  # which began to remove the file of a socket that it closes
            self._server = await asyncio.start_unix_server(
                self._accept, sock=heard, limit=_CHUNK, cleanup_socket=False)
        else:
            self._server = await asyncio.start_unix_server(self._accept, sock=heard, limit=_CHUNK)

    async def stop(self, grace_s: float = 2.0, unsaid_s: float = 0.0) -> None:
        """Accept nobody new, let answers under way finish within ``grace_s``, end every connection.

        ``unsaid_s``: how long callers who were accepted and have not said yet what they want are waited for.
        """
        server, self._server = self._server, None
        if server is not None:
            # A server that is closed at once drops, without a word, whom it accepted in this turn of the loop
            asyncio.get_running_loop().remove_reader(self._heard)
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            server.close()
        await self._until_none_is("asking", unsaid_s)
        await self._until_none_is("answered", grace_s)
        await self._until_none_is("listening", _STREAM_END_S)
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _until_none_is(self, stage: Stage, most_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(most_s):
                while any(connection.stage == stage for connection in self._connections.values()):
                    self._turned.clear()
                    await self._turned.wait()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            uid = self._peer(writer.get_extra_info("socket"))
        except OSError:
            uid = -1  # gone already
        if uid != os.geteuid():
            log.warning("a connection of another user was closed")
            writer.transport.abort()
            return
        connection = self._connections[task] = _Connection(reader, writer, self._limits, self._turned.set)
        try:
            if len(self._connections) > self._limits.connections:
                await connection.answer(_Refused(503, "too many connections").response, close=True)
            else:
                await self._serve(connection)
        except (ConnectionError, TimeoutError, h11.LocalProtocolError):
            log.debug("a caller left")
        except asyncio.CancelledError:
            pass  # the agent stops; swallowed because asyncio.streams would report it as an error
        finally:
            del self._connections[task]
            self._turned.set()
            writer.transport.abort() if connection.broken else writer.close()

    async def _serve(self, connection: "_Connection") -> None:
        while True:
            try:
                request = await connection.read()
            except _Refused as refused:
                await connection.answer(refused.response, close=True)
                await connection.hear_out()
                return
            if request is None:
                return
            connection.reach("answered")
            try:
                answer = await self._handle(request)
                if isinstance(answer, Response):
                    await connection.answer(answer)
            finally:
                request.body[:] = bytes(len(request.body))  # it may have held a passphrase
            if isinstance(answer, Subscription):
                connection.reach("listening")
                await connection.stream(answer)
                return
            connection.reach("idle")
            if not connection.again():
                return

    async def _handle(self, request: Request) -> Response | Subscription:
        try:
            admitted = await self._admit(request)
            with admitted.meanwhile:
                return await admitted.answer
        except AmeliError as error:
            return refusal(error)
        except Exception:  # the border: a fault of ours must not end the agent
            log.exception("unforeseen error")
            return refusal(Internal())


class _Connection:
    """One caller: h11's state machine and the bytes."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limits: type[Limits],
        turned: Callable[[], None],
    ) -> None:
        """``turned`` is called whenever ``stage`` changes."""
        writer.transport.set_write_buffer_limits(high=0)  # an answer counts as sent once the system has all of it
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._turned = turned
        self.stage: Stage = "asking"
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=limits.header)
        self.broken = False

    def reach(self, stage: Stage) -> None:
        """Come to another stage of the conversation."""
        self.stage = stage
        self._turned()

    async def read(self) -> Request | None:
        """Read one request; None when the caller is done. Raises _Refused."""
        if self._http.trailing_data[0] == b"":
            try:
                async with asyncio.timeout(self._limits.idle_s):
                    first = await self._reader.read(_CHUNK)
            except TimeoutError:
                return None
            if not first:
                return None
            self._http.receive_data(first)
        if self.stage == "idle":
            self.reach("asking")
        try:
            async with asyncio.timeout(self._limits.receive_s) as limit:
                return await self._read_rest(limit)
        except TimeoutError:
            raise _Refused(408, "it took too long to arrive") from None
        except h11.RemoteProtocolError as error:
            raise _Refused(error.error_status_hint, "it is not HTTP, or its header is too long") from None

    async def _read_rest(self, limit: asyncio.Timeout) -> Request | None:
        body = RequestBody(self._limits, limit)
        try:
            return await self._read_parts(body)
        except BodyTooLarge:
            raise _Refused(413, "the body is too large") from None
        except AmeliError as error:
            raise _Refused.because(error) from None
        finally:
            body.leave()

    async def _read_parts(self, body: RequestBody) -> Request | None:
        head: h11.Request | None = None
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                if self._http.they_are_waiting_for_100_continue:
                    await self._send(h11.InformationalResponse(status_code=100, headers=[]))
                self._http.receive_data(await self._reader.read(_CHUNK))
            elif isinstance(event, h11.Request):
                head = event
                # h11 bounds only what has not arrived whole
                if len(head.target) + sum(len(n) + len(v) for n, v in head.headers) > self._limits.header:
                    raise _Refused(431, "its header is too long")
                body.begin(head.target, int(dict(event.headers).get(b"content-length", b"0")))
            elif isinstance(event, h11.Data):
                await body.add(event.data)
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None
                headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
                data = await body.whole()
                try:
                    return Request(head.method.decode("ascii"), head.target.decode("latin-1"), headers, data)
                except ValueError:  # of urlsplit, for "//[" and the like
                    data[:] = bytes(len(data))
                    raise _Refused(400, "its address cannot be read") from None
            else:  # ConnectionClosed, PAUSED
                return None

    async def answer(self, response: Response, close: bool = False) -> None:
        """Send a whole answer."""
        headers = {
            **response.headers,
            "content-length": str(len(response.body)),
            PROTOCOL_HEADER: str(PROTOCOL),
            **({"connection": "close"} if close else {}),
        }
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        start = h11.Response(status_code=response.status, headers=list(headers.items()))
        body = response.body
        if len(body) <= _PIECE:
            await self._send(start, h11.Data(data=body), h11.EndOfMessage())
            return
        await self._send(start)
        for at in range(0, len(body), _PIECE):  # a long answer is not copied whole, and others are answered in between
            await self._send(h11.Data(data=body[at : at + _PIECE]))
        await self._send(h11.EndOfMessage())

    async def hear_out(self) -> None:
        """Let a caller who still sends finish, for a moment: closing at once would throw our answer away."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._limits.linger_s):
                await self._discard()

    async def _discard(self) -> None:
        """Throw away what the caller sends, until it leaves."""
        while await self._reader.read(_CHUNK):
            pass

    def again(self) -> bool:
        """Prepare for the caller's next request; False when there can be none."""
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            return True
        return False

    async def stream(self, subscription: Subscription) -> None:
        """Send events until the caller leaves or falls behind."""
        gone = asyncio.ensure_future(self._discard())  # ends with the caller: nothing more is expected from it
        try:
            headers = [("content-type", "text/event-stream"), ("cache-control", "no-store"), ("connection", "close")]
            await self._send(h11.Response(status_code=200, headers=[*headers, (PROTOCOL_HEADER, str(PROTOCOL))]))
            async with contextlib.aclosing(self._texts(subscription, gone)) as texts:
                async for text in texts:
                    await self._send(h11.Data(data=text))
        finally:
            gone.cancel()
            subscription.close()

    async def _texts(self, subscription: Subscription, gone: "asyncio.Future[None]") -> AsyncGenerator[bytes]:
        yield b": open\n\n"
        while True:
            coming = asyncio.ensure_future(subscription.next())
            try:
                await asyncio.wait(
                    (coming, gone), timeout=self._limits.heartbeat_s, return_when=asyncio.FIRST_COMPLETED
                )
                if gone.done():
                    return
                if not coming.done():
                    yield b": alive\n\n"
                    continue
                event = coming.result()
            finally:
                coming.cancel()
            if event is None:
                return
            yield b"id: %d\nevent: %s\ndata: %s\n\n" % (event.id, event.kind.encode(), orjson.dumps(event.data))

    async def _send(self, *events: h11.Event) -> None:
        for event in events:
            data = self._http.send(event)
            if data:
                self._writer.write(data)
        try:
            async with asyncio.timeout(self._limits.send_s):
                await self._writer.drain()
        except TimeoutError:
            self.broken = True
            raise
