"""The desk: sending requests to a service that takes them from programs.

The wire is this project's own: no public description of such a service exists, and the real one has none. A portal
answers ``GET /PortailAS/demarches/v1/`` with ``{"service": "demarches", "version": 1}``, or it has no desk. Everything
is sent by PUT under a name of our choosing (a paper by its SHA-256, a request by its key), so that sending twice is
harmless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import quote

import msgspec

from agent.account import clean_text
from agent.concurrency.reader_threads import aside
from agent.portal.errors import PortalChanged, ServerFault
from agent.portal.pages.json_answers import decoded, decoded_as
from config.addresses import is_real_service

if TYPE_CHECKING:
    from agent.portal.http.client import Reply
    from agent.portal.navigation import Session
    from config.json_value import ReadOnlyJsonObject

T = TypeVar("T")

ROOT = "/PortailAS/demarches/v1"
_PAGE = "démarches"
_MOST = 200
"""Requests, stages or needs read of one answer."""


class Refusal(msgspec.Struct, frozen=True):
    """One reason why the service does not take a request."""

    field: str = ""
    code: str = ""
    message: str = ""


class Need(msgspec.Struct, frozen=True):
    """A paper that the service asks for."""

    paper: str
    label: str = ""
    until: str = ""


class Stage(msgspec.Struct, frozen=True):
    """A stage that was reached."""

    name: str
    label: str = ""
    on: str = ""


class Decision(msgspec.Struct, frozen=True):
    """How it ended."""

    accepted: bool
    reason: str | None = None
    on: str = ""


class Progress(msgspec.Struct, frozen=True):
    """Where a request stands at the service."""

    key: str
    status: Literal["received", "needs_papers", "accepted", "refused"]
    reference: str = ""
    procedure: str = ""
    stage: str | None = None
    stages: tuple[Stage, ...] = ()
    needs: tuple[Need, ...] = ()
    decision: Decision | None = None


class Taken(msgspec.Struct, frozen=True):
    """The service's answer to a request or message: taken under a reference, or refused for reasons."""

    reference: str = ""
    refusals: tuple[Refusal, ...] = ()


class _Reference(msgspec.Struct):
    reference: str


class _Hash(msgspec.Struct):
    sha256: str


class _Refusals(msgspec.Struct):
    errors: tuple[Refusal, ...] = ()


class _Listed(msgspec.Struct):
    requests: tuple[Progress, ...] = ()


_PAPER_REFUSED = {
    400: "le fichier est arrivé abîmé",
    413: "le fichier est trop volumineux",
    415: "ce type de fichier n'est pas accepté",
}


class Desk:
    """What a program may ask of the service in the person's name. Every method may raise SessionEnded and the errors of
    ``Http``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def exists(self) -> bool:
        """Whether this portal has a desk. The real service is not even asked: it has none."""
        if is_real_service(self._session.origins.base):
            return False
        reply = await self._session.exchange("GET", ROOT + "/", _PAGE)
        if reply.status != 200 or reply.is_html:
            return False
        try:
            service = await aside(decoded, reply.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False
        return isinstance(service, dict) and service.get("service") == "demarches" and service.get("version") == 1

    async def put_paper(self, sha256: str, data: bytes, media_type: str) -> Refusal | None:
        """Send a paper's bytes; what the service has against it, or None."""
        reply = await self._session.exchange("PUT", f"{ROOT}/papers/{sha256}", _PAGE, data, media_type)
        if reply.status in (200, 201):
            if (await _decoded(reply, _Hash)).sha256 != sha256:
                raise PortalChanged(page=_PAGE, missing="empreinte du fichier")
            return None
        if reply.status in _PAPER_REFUSED:
            return Refusal("", str(reply.status), _PAPER_REFUSED[reply.status])
        raise ServerFault(status=reply.status, page=_PAGE)

    async def put_request(self, key: str, body: ReadOnlyJsonObject) -> Taken:
        """Send a request; the same key and body again change nothing."""
        return await self._put(f"{ROOT}/requests/{quote(key, safe='')}", body)

    async def put_message(self, key: str, body: ReadOnlyJsonObject) -> Taken:
        """Send a message to an adviser; the same key and body again change nothing."""
        return await self._put(f"{ROOT}/messages/{quote(key, safe='')}", body)

    async def put_request_paper(self, key: str, name: str, body: ReadOnlyJsonObject) -> Taken:
        """Add a paper, already sent, to a request that asks for it."""
        path = f"{ROOT}/requests/{quote(key, safe='')}/papers/{quote(name, safe='')}"
        return await self._put(path, body)

    async def withdraw(self, key: str) -> bool:
        """Take a request back; False when it is too late. One that never arrived counts as taken back."""
        reply = await self._session.exchange("DELETE", f"{ROOT}/requests/{quote(key, safe='')}", _PAGE)
        if reply.status in (200, 202, 204, 404):
            return True
        if reply.status in (403, 409):
            return False
        raise ServerFault(status=reply.status, page=_PAGE)

    async def requests(self) -> tuple[Progress, ...]:
        """Where every request stands."""
        reply = await self._session.exchange("GET", f"{ROOT}/requests", _PAGE)
        if reply.status != 200:
            raise ServerFault(status=reply.status, page=_PAGE)
        wrapped = reply.body.lstrip()[:1] == b"{"
        if wrapped:
            return (await _decoded(reply, _Listed)).requests[:_MOST]
        return (await _decoded(reply, tuple[Progress, ...]))[:_MOST]

    async def _put(self, path: str, body: ReadOnlyJsonObject) -> Taken:
        reply = await self._session.exchange("PUT", path, _PAGE, msgspec.json.encode(body))
        if reply.status in (200, 201):
            reference = clean_text((await _decoded(reply, _Reference)).reference, 80).strip()
            if not reference:  # whatever answered, it did not take the request: it is sent again
                raise PortalChanged(page=_PAGE, missing="référence")
            return Taken(reference)
        if reply.status in _REFUSED:
            reasons = tuple(_clean(one) for one in (await _decoded(reply, _Refusals)).errors[:_MOST])
            return Taken(refusals=reasons or (Refusal("", str(reply.status), "demande refusée sans motif"),))
        raise ServerFault(status=reply.status, page=_PAGE)


_REFUSED = (400, 404, 409, 410, 413, 422)
"""Answers that repeating would not change: wrong, unknown, in conflict, taken back, too large, refused for reasons."""


def _clean(refusal: Refusal) -> Refusal:
    return Refusal(clean_text(refusal.field, 200), clean_text(refusal.code, 80), clean_text(refusal.message, 500))


async def _decoded(reply: Reply, shape: type[T]) -> T:
    try:
        return await aside(decoded_as, reply.body, shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PortalChanged(page=_PAGE, missing="réponse JSON attendue") from None
