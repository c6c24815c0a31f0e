"""Changing a few values of a TOML file that somebody wrote by hand: comments, order and blank lines stay.

Nothing here understands all of TOML. Each way of changing a line is tried, and counts only when the whole file, read
again, says exactly what it is to say.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING

from config.toml_file import NamedLine, named_lines

if TYPE_CHECKING:
    from config.toml_file import TomlTable, TomlValue

_BARE = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_MOST_CHANGES = 16
_MOST_LINES_OF_A_VALUE = 64


def edited(text: str, wanted: TomlTable) -> str | None:
    """``text`` with the few lines changed that make it say ``wanted``; None when that cannot be done line by line."""
    try:
        says: TomlTable = tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
    ending = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    text = text.replace("\r\n", "\n")
    changes = list(_changes(says, wanted))
    if len(changes) > _MOST_CHANGES:
        return None
    for key, value in changes:
        says = _with(says, key, value)
        changed = next((new for new in _ways(text, key, value) if _says(new, says)), None)
        if changed is None:
            return None
        text = changed
    return text.replace("\n", ending) if _says(text, wanted) else None


def _changes(old: TomlTable, new: TomlTable, prefix: str = "") -> Iterator[tuple[str, TomlValue | None]]:
    """What differs, by name: the new value, or None for what is gone."""
    for key, value in new.items():
        before = old.get(key, {} if isinstance(value, dict) else None)
        if isinstance(value, dict) and isinstance(before, dict):
            yield from _changes(before, value, f"{prefix}{key}.")
        elif not _same(before, value):
            yield prefix + key, value
    yield from ((prefix + key, None) for key in old if key not in new)


def _with(table: TomlTable, key: str, value: TomlValue | None) -> TomlTable:
    """The table after one change; as it was where something else is in the way."""
    after = deepcopy(table)
    holder = after
    *tables, last = key.split(".")
    for name in tables:
        inner = holder.setdefault(name, {})
        if not isinstance(inner, dict):
            return table
        holder = inner
    if value is None:
        holder.pop(last, None)
    else:
        holder[last] = value
    return after


def _ways(text: str, key: str, value: TomlValue | None) -> Iterator[str]:
    """Texts with that value, the likeliest first; some may be wrong."""
    if not _BARE.fullmatch(key) or isinstance(value, dict):
        return
    lines = text.split("\n")
    named = list(named_lines(lines))
    if there := next((line for line in named if line.name == key and line.value_at is not None), None):
        first = [] if value is None else [_rewritten(lines[there.at], there.value_at or 0, value)]
        for end in range(there.at + 1, min(len(lines), there.at + _MOST_LINES_OF_A_VALUE) + 1):
            yield "\n".join([*lines[:there.at], *first, *lines[end:]])
    elif value is not None:
        for at, new in _additions(lines, named, key, _rendered(value)):
            yield "\n".join([*lines[:at], *new, *lines[at:]])


def _rewritten(line: str, value_at: int, value: TomlValue) -> str:
    """The line with another value: what stands before and behind it stays."""
    head, rest = line[:value_at], line[value_at:]
    space = rest[:len(rest) - len(rest.lstrip())]
    for at in (at for at, sign in enumerate(rest) if sign == "#"):
        if _is_value(rest[:at]):
            return f"{head}{space}{_rendered(value)}{rest[len(rest[:at].rstrip()):]}"
    return f"{head}{space}{_rendered(value)}"


def _is_value(text: str) -> bool:
    try:
        tomllib.loads(f"v = {text}")
    except (ValueError, RecursionError):
        return False
    return True


def _additions(lines: list[str], named: list[NamedLine], key: str, value: str) -> Iterator[tuple[int, list[str]]]:
    """Where a line for a new value may go, and the lines put there."""
    table, _point, last = key.rpartition(".")
    heads = [line for line in named if line.value_at is None]
    bottom = len(lines) - 1 if lines[-1].strip() == "" else len(lines)
    for start in [head.at + 1 for head in heads if head.name == table] if table else [0]:
        end = next((head.at for head in heads if head.at >= start), bottom)
        inside = [line.at for line in named if start <= line.at < end]
        if inside:  # the last value there may have several lines
            for at in range(inside[-1] + 1, min(end, inside[-1] + _MOST_LINES_OF_A_VALUE) + 1):
                yield at, [f"{last} = {value}"]
        elif table:
            yield start, [f"{last} = {value}"]
        else:
            yield _above(lines, end), [f"{last} = {value}", *([""] if heads else [])]
    if table:
        yield bottom, [*([""] if bottom else []), f"[{table}]", f"{last} = {value}",
                       *([""] if bottom == len(lines) else [])]
        end = heads[0].at if heads else bottom
        yield max([line.at + 1 for line in named if line.at < end], default=0), [f"{key} = {value}"]


def _above(lines: list[str], head: int) -> int:
    """Where the comment that belongs to the head of a table begins; the head itself when there is none."""
    if head == len(lines) or not lines[head].strip():
        return head
    while head and lines[head - 1].lstrip().startswith("#"):
        head -= 1
    return head


def _rendered(value: TomlValue) -> str:
    import tomli_w

    if isinstance(value, list):
        return f"[{', '.join(map(_rendered, value))}]"
    return tomli_w.dumps({"v": value}).partition("=")[2].strip()


def _says(text: str, wanted: TomlTable) -> bool:
    try:
        return _same(tomllib.loads(text), wanted)
    except (ValueError, RecursionError):
        return False


def _same(left: object, right: object) -> bool:
    """Equal, and of the same kinds: to Python 1, 1.0 and true are equal."""
    if isinstance(left, dict) and isinstance(right, dict):
        # An empty table says nothing: of a dotted name nothing stays when the last one of its table is taken out.
        some, others = ({key: value for key, value in table.items() if value != {}} for table in (left, right))
        return some.keys() == others.keys() and all(_same(value, others[key]) for key, value in some.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return type(left) is type(right) and left == right
