"""Where the list of entries begins in a recording: ``log.entries``, whatever stands before it."""

from __future__ import annotations

import json
import re

MOST = 8 << 20
"""Bytes before the list: makers, pages."""
_DEEPEST = 200
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}\[\]:,]|[^\s"{}\[\]:,]++|"', re.DOTALL)
_LIST = re.compile(rb'"entries"\s*:\s*\[')
_PAIRS = {b"}": b"{", b"]": b"["}
_WANTED = ["log", "entries"]


class NoList(Exception):
    """There is none; ``cut`` where the file ends, or is damaged, before it could come."""

    def __init__(self, *, cut: bool) -> None:
        super().__init__()
        self.cut = cut


def list_start(head: bytes | bytearray, *, ended: bool) -> int | None:
    """Index of what follows the list's bracket; None when more must come. Raises NoList.

    ``ended``: nothing more comes. Of a head that is damaged, the list is found by its name alone.
    """
    path: list[tuple[bytes, str]] = []
    """Of what is open: its bracket, and the key of its value."""
    key_next = False
    for match in _TOKEN.finditer(head):
        token = bytes(match[0])
        if token == b'"' or (match.end() == len(head) and token not in b"{}[]:,"):
            break  # perhaps not whole
        if not path and token != b"{":
            raise NoList(cut=False)
        if token in (b"{", b"["):
            if token == b"[" and [key for _, key in path] == _WANTED:
                return match.end()
            if len(path) == _DEEPEST:
                return _by_name(head, ended=ended)
            path.append((token, ""))
        elif token in _PAIRS:
            if path.pop()[0] != _PAIRS[token]:
                return _by_name(head, ended=ended)
            if not path:
                raise NoList(cut=False)
        elif key_next and token[0] == b'"'[0]:
            path[-1] = (path[-1][0], _text(token))
        key_next = token == b"{" or (token == b"," and path[-1][0] == b"{")
    if not ended and len(head) <= MOST:
        return None
    return _by_name(head, ended=ended)


def _text(token: bytes) -> str:
    try:
        return str(json.loads(token)) if len(token) < 100 else ""
    except ValueError:
        return ""


def _by_name(head: bytes | bytearray, *, ended: bool) -> int | None:
    match = _LIST.search(head)
    if match is None:
        if not ended and len(head) <= MOST:
            return None
        raise NoList(cut=True)
    return match.end()
