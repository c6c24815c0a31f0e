"""A set of changes to tables, and its bytes: the content of a journal record, and (from nothing) of a snapshot.

One section per table: a line of JSON ``{"table", "clear", "drop", "put": [keys], "remove": [keys]}``, then the
documents of ``put``, one line each. ``clear`` empties the table first, ``drop`` removes it altogether.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import orjson

from agent.vault.errors import VaultDamaged

_PIECE = 500
"""Documents written at a time."""

Tables = dict[str, dict[str, bytes]]
"""table -> key -> document as JSON bytes. Bytes, because parsing one is the cheapest private copy there is (4 us),
opening need not parse 100,000 of them, and the garbage collector never walks them."""


DAY = "$day"
"""The first record of a day names it, as a table that is no part of the content: so a lost record can be dated."""


@dataclass(slots=True)
class TableChange:
    """What a transaction does to one table."""

    clear: bool = False
    drop: bool = False
    docs: dict[str, bytes | None] = field(default_factory=dict, repr=False)  # no data in tracebacks
    """The new document of each changed key, None for a removed one."""


def encode(changes: Iterable[tuple[str, TableChange]]) -> bytes:
    """Return the bytes of these changes."""
    lines: list[bytes] = []
    for name, change in changes:
        put = [key for key, doc in change.docs.items() if doc is not None]
        remove = [key for key, doc in change.docs.items() if doc is None]
        section = {"table": name, "clear": change.clear, "drop": change.drop, "put": put, "remove": remove}
        lines.append(orjson.dumps(section))
        lines.extend(doc for doc in change.docs.values() if doc is not None)
    lines.append(b"")
    return b"\n".join(lines)


def encode_all(tables: Tables) -> bytes:
    """Return the bytes of the changes that make these tables from nothing."""
    return b"".join(pieces(tables))


def pieces(tables: Tables) -> Iterator[bytes]:
    """Yield what `encode_all` returns, piece by piece: joining 60 MB at once would hold up every other thread."""
    for name, docs in tables.items():
        section = {"table": name, "clear": False, "drop": False, "put": list(docs), "remove": []}
        yield orjson.dumps(section) + b"\n"
        values = iter(docs.values())
        while some := list(islice(values, _PIECE)):
            some.append(b"")
            yield b"\n".join(some)


def apply(changes: Iterable[tuple[str, TableChange]], tables: Tables) -> None:
    """Make the changes in memory."""
    for name, change in changes:
        if change.drop:
            tables.pop(name, None)
            continue
        if change.clear:
            tables[name] = {}
        docs = tables.setdefault(name, {})
        for key, doc in change.docs.items():
            if doc is None:
                docs.pop(key, None)
            else:
                docs[key] = doc


def decode_into(data: bytes, tables: Tables, part: str) -> None:
    """Make the changes that `encode` wrote. Raises `VaultDamaged`."""
    lines = data.split(b"\n")
    at, end = 0, len(lines) - 1
    try:
        while at < end:
            section = orjson.loads(lines[at])
            name, put = section["table"], section["put"]
            at += 1
            if section["drop"]:
                tables.pop(name, None)
                continue
            if section["clear"]:
                tables[name] = {}
            docs = tables.setdefault(name, {})
            for key in section["remove"]:
                docs.pop(key, None)
            if at + len(put) > end:
                raise VaultDamaged(part=part)
            docs.update(zip(put, lines[at : at + len(put)], strict=True))
            at += len(put)
    except (ValueError, KeyError, TypeError) as error:
        raise VaultDamaged(part=part) from error


def dated(payload: bytes, day: str) -> bytes:
    """Return the bytes of these changes with the day (ISO, UTC) on which they are made."""
    return payload + encode([(DAY, TableChange(docs={"on": orjson.dumps({"on": day})}))])


def day_of(data: bytes) -> str | None:
    """The day (ISO, UTC) that these changes name, by itself or by the sync run that they log; None when they do not."""
    if b'"$day"' not in data and b'"runs"' not in data:
        return None
    rows = [orjson.loads(row) for row in data.split(b"\n") if row]
    day: str | None = None
    index = 0
    while index < len(rows):
        section = rows[index]
        if section["table"] == DAY:
            return str(rows[index + 1]["on"])
        if section["table"] == "runs":
            day = max([key[:10] for key in section["put"] if key[:2] == "20"], default=day)
        index += 1 + len(section["put"])
    return day
