"""Faults on demand: a layer around the whole service that delays, refuses, cuts, spoils or repeats its answers."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.sandbox.errors import BadFault

_STATUS = re.compile(r"(429|5[0-9]{2})")
_AFTER = re.compile(r"(?:drop|5[0-9]{2})-after")
_TIMES = re.compile(r"([0-9]+)x")
_KINDS = (
    "latency", "500", "502", "503", "504", "429", "truncate", "malformed", "duplicate", "markup", "drop", "redirect",
    "column", "keys", "token", "404", "moved",
    "drop-after", "500-after", "502-after", "503-after", "504-after",
)
MOVED = "/PortailAS/nouvel-espace/accueil"
"""Where the moved fault leads: a page of the service itself that is not the one asked for."""
ELSEWHERE = "http://ailleurs.invalid/maintenance.html"
"""Where the redirect fault leads: a name that no resolver knows."""
_RENAMED = (
    (rb"rowitem", rb"ligne-paiement"), (rb"rowdate", rb"entete-mois"), (rb"blocParMois", rb"bloc-mois"),
    (rb"col-montant", rb"montant"), (rb"data-mindate", rb"data-borne-min"),
    (rb"tableauMessagesRecus", rb"listeMessages"), (rb"NomEtPrenomLabel", rb"identite"),
    (rb"naturePrestation", rb"libelleActe"), (rb"rubriquesMensuelles", rb"rubriques"), (rb"lmhidden_", rb"champ_"),
)
_REPEATED = (
    re.compile(rb"<li id=\\?\"lignePaiement.*?</li>", re.S), re.compile(rb"<tr class=\"(?:non)?lu\">.*?</tr>", re.S),
    re.compile(rb"<tr><td id=\"Nature.*?</tr>", re.S),
)


_KEYS = (
    (rb'"tableauPaiement"', rb'"listePaiements"'), (rb'"moisAnnee"', rb'"periode"'), (rb'"contenu"', rb'"donnees"'),
    (rb'"rubriquesMensuelles"', rb'"rubriquesParMois"'),
)
_COLUMN = (
    re.compile(rb"<th[^>]*>[^<]*pay[^<]*</th>"), re.compile(rb"<td id=\\?\"montantPaye[^>]*>.*?</td>", re.S),
    re.compile(rb"<td><a href=[^>]*>\d\d/\d\d/\d\d</a></td>"),
)
"""The price of an act, and the day of a message: columns that a page may lose."""


class DroppedConnection(ConnectionError):
    """In-process form of a dropped connection: there is no socket to close."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its kind, how often (0 to 1; seconds for ``latency``), where (part of an address, or empty).

    Kinds that end in ``-after`` strike once the service has done what was asked: only its answer is lost.
    """

    kind: str
    value: float = 1.0
    where: str = ""
    times: int = 0
    """It strikes that many times and no more; 0: always."""


@dataclass
class Faults:
    """The faults in force. ``seed`` makes their chance repeatable."""

    items: tuple[Fault, ...] = ()
    spec: str = ""
    seed: int = 0
    rng: Random = field(default_factory=Random)
    struck: Counter[int] = field(default_factory=Counter)
    """How often each fault struck, by its place in ``items``."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    held_up: int = 0
    """Requests that wait out a latency now."""

    @classmethod
    def parse(cls, spec: str, seed: int = 0) -> "Faults":
        """Read ``kind[=rate][@where]`` separated by commas.

        ``kind=where`` means always, there; ``kind=2x`` the first two times.

        For example ``latency=0.2,500=0.1,truncate=paiements.do,drop=0.05@/compte/,drop-after=1x@/requests/``.
        Raises BadFault.
        """
        items = []
        for part in filter(None, (piece.strip() for piece in spec.split(","))):
            name, _, rest = part.partition("=")
            rest, _, where = rest.partition("@")
            name, at, placed = name.partition("@")
            where = placed if at else where
            if name not in _KINDS and not _STATUS.fullmatch(name) and not _AFTER.fullmatch(name):
                raise BadFault(spec=part, allowed=", ".join(_KINDS))
            if counted := _TIMES.fullmatch(rest):
                if name == "latency" or not int(counted[1]):
                    raise BadFault(spec=part, allowed=", ".join(_KINDS))
                items.append(Fault(name, 1.0, where, int(counted[1])))
                continue
            try:
                value = float(rest) if rest else 1.0
            except ValueError:
                value, where = 1.0, rest
            if value < 0 or (name != "latency" and value > 1):
                raise BadFault(spec=part, allowed=", ".join(_KINDS))
            items.append(Fault(name, value, where))
        return cls(tuple(items), spec, seed, Random(seed))  # noqa: S311 - chance of a test, not a secret

    def replace(self, other: "Faults") -> None:
        """Put other faults in force, without changing the layer."""
        self.items, self.spec, self.rng, self.struck = other.items, other.spec, other.rng, Counter()

    async def hold_up(self, seconds: float) -> None:
        """Keep a request waiting."""
        self.held_up += 1
        try:
            await self.sleep(seconds)
        finally:
            self.held_up -= 1

    def strike(self, address: str) -> list[Fault]:
        """The faults that hit this request."""
        hits = []
        for place, fault in enumerate(self.items):
            if fault.kind == "moved" and address.startswith(MOVED):
                continue  # the new place itself answers
            if fault.where not in address or (fault.times and self.struck[place] >= fault.times):
                continue
            if fault.kind == "latency" or self.rng.random() < fault.value:
                self.struck[place] += 1
                hits.append(fault)
        return hits


class FaultLayer:
    """ASGI layer that applies faults. ``over_sockets`` tells whether a connection can really be dropped."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self.app, self.faults, self.over_sockets = app, faults, False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.faults.items or scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        struck = self.faults.strike(f"{scope['path']}?{scope['query_string'].decode('latin-1')}")
        for fault in struck:
            if fault.kind == "latency":
                await self.faults.hold_up(fault.value)
        kinds = [fault.kind for fault in struck]
        if "drop" in kinds:
            await self._drop(send)
            return
        early = _early(kinds)
        if early is not None:
            await early(scope, receive, send)
            return
        late = next((kind for kind in kinds if _AFTER.fullmatch(kind)), None)
        if late is not None:
            await self.app(scope, receive, _unheard)
            if late == "drop-after":
                await self._drop(send)
                return
            await PlainTextResponse("Gateway Timeout", int(late[:3]))(scope, receive, send)
            return
        await self.app(scope, receive, self._spoiling(kinds, send) if kinds else send)

    async def _drop(self, send: Send) -> None:
        if not self.over_sockets:
            raise DroppedConnection("the sandbox dropped the connection")
        # The server closes a connection whose answer stays unfinished.
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100000")]})
        await send({"type": "http.response.body", "body": b"<html>", "more_body": True})

    @staticmethod
    def _spoiling(kinds: list[str], send: Send) -> Send:
        head: list[Message] = []
        body = bytearray()

        async def spoil(message: Message) -> None:
            if message["type"] == "http.response.start":
                head.append(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            content = bytes(body)
            for kind in kinds:
                content = _SPOILERS[kind](content) if kind in _SPOILERS else content
            headers = [pair for pair in head[0]["headers"] if pair[0].lower() != b"content-length"]
            headers.append((b"content-length", str(len(content)).encode()))
            await send({**head[0], "headers": headers})
            await send({"type": "http.response.body", "body": content})

        return spoil


async def _unheard(message: Message) -> None:
    """Where an answer goes that nobody is to receive."""


def _early(kinds: list[str]) -> Response | None:
    """The answer that replaces the service's own, if any."""
    for kind in kinds:
        if kind == "429":
            return PlainTextResponse("Too Many Requests", 429, {"retry-after": "7"})
        if _STATUS.fullmatch(kind):
            return PlainTextResponse("Internal Server Error" if kind == "500" else "Service Unavailable", int(kind))
        if kind in ("redirect", "moved"):
            return Response(status_code=302, headers={"location": ELSEWHERE if kind == "redirect" else MOVED})
        if kind == "404":
            return PlainTextResponse("Not Found", 404)
    return None


def _truncate(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _malform(content: bytes) -> bytes:
    """JSON that does not parse, HTML whose tags do not close."""
    if content[:1] in b"{[" and content:
        return content[:-1] + b',"'
    return re.sub(rb"</(td|div|li|ul|table|tr|form|span)>", b"<", content)


def _repeat(content: bytes) -> bytes:
    for pattern in _REPEATED:
        content = pattern.sub(lambda match: match[0] * 2, content)
    return content


def _rename(content: bytes) -> bytes:
    for old, new in _RENAMED:
        content = content.replace(old, new)
    return content


def _rename_keys(content: bytes) -> bytes:
    for old, new in _KEYS:
        content = content.replace(old, new)
    return content


def _drop_column(content: bytes) -> bytes:
    for pattern in _COLUMN:
        content = pattern.sub(b"", content)
    return content


def _other_token(content: bytes) -> bytes:
    """The anti-forgery token as JSON, as newer guards hand it out."""
    name, colon, value = content.partition(b":")
    return b'{"csrfToken":"' + value.strip() + b'"}' if name.strip() == b"_ct" and colon else content


_SPOILERS: dict[str, Callable[[bytes], bytes]] = {
    "truncate": _truncate, "malformed": _malform, "duplicate": _repeat, "markup": _rename,
    "column": _drop_column, "keys": _rename_keys, "token": _other_token,
}
