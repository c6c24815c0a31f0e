"""A document as the vault keeps it, and which of several files of one document is shown."""

from collections.abc import Callable, Sequence
from typing import NotRequired, TypedDict

from agent.store import origins
from agent.store.origins import newest_first, quality


class FileClaim(origins.Claim):
    """A file that a source gave."""

    blob: str | None
    """Name of its bytes; equal files share them. None until they are kept."""
    size: int | None
    digest: str
    """Of its bytes; empty where an older version did not keep it."""
    unread: NotRequired[bool]


class DocumentRecord(TypedDict):
    """A document, kept under its id; the fields of ``agent.account.Document``, and the name of its bytes."""

    id: str
    kind: str
    title: str
    date: str
    filename: str
    media_type: NotRequired[str]
    size: NotRequired[int | None]
    fetched: NotRequired[bool]
    payment: NotRequired[str | None]
    message: NotRequired[str | None]
    unread: NotRequired[bool]
    blob: str | None
    """None until the bytes are kept."""
    claims: NotRequired[list[FileClaim]]
    """Absent in what older versions wrote."""


def files_of(record: DocumentRecord) -> list[FileClaim]:
    """The files that sources gave, from a record."""
    claims = record.get("claims")
    if claims is not None:
        return claims
    claim: FileClaim = {"way": "sync", "source": "", "at": "", "blob": record["blob"], "size": record.get("size"),
                        "digest": ""}
    if record.get("unread"):
        claim["unread"] = True
    return [claim]


def with_files(record: DocumentRecord, claims: Sequence[FileClaim]) -> DocumentRecord:
    """A record whose shown file is the best of those: one that is here and can be read, of the best source."""
    unread = {claim["digest"] for claim in claims if claim.get("unread")}
    kept = sorted(claims, key=_order)
    best = min(kept, key=lambda claim: (claim["blob"] is None, claim["digest"] in unread, _order(claim)))
    return {**record, "blob": best["blob"], "size": best["size"], "fetched": best["blob"] is not None,
            "unread": best["digest"] in unread, "claims": kept}


def without_bytes(record: DocumentRecord, lost: Callable[[str], bool]) -> DocumentRecord:
    """A record some of whose bytes are not here any more: another source's file is shown where there is one."""
    return with_files(record, [
        {**claim, "blob": None} if claim["blob"] is not None and lost(claim["blob"]) else claim
        for claim in files_of(record)])


def with_bytes(record: DocumentRecord, blob: str) -> DocumentRecord:
    """A record whose missing bytes are here again."""
    return with_files(record, [{**claim, "blob": blob} if claim["blob"] is None else claim
                               for claim in files_of(record)])


def blobs_of(record: DocumentRecord) -> set[str]:
    """The names of all bytes that are kept of a document."""
    return {claim["blob"] for claim in files_of(record) if claim["blob"] is not None}


def _order(claim: FileClaim) -> tuple[object, ...]:
    return quality(claim["way"]), newest_first(claim["at"]), claim["source"], claim.get("number", 0)
