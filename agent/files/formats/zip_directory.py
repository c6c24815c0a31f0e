"""What the table of contents of a ZIP may be, looked at before a reader of archives fills the memory with it."""

_END, _END_AREA = b"PK\x05\x06", 22 + 65_535
"""Mark and furthest place of the record that says how long the table of contents is."""
_ENTRY = 1_000
"""Bytes of that table for one member, a long name included."""


def has_directory(data: bytes) -> bool:
    """Whether an archive has its table of contents: one that is cut short has none."""
    at = _end(data)
    return at >= 0 and len(data) >= at + 22


def directory_is_small(data: bytes, members: int) -> bool:
    """Whether that table can only be of so many members."""
    at = _end(data)
    return int.from_bytes(data[at + 12: at + 16], "little") <= members * _ENTRY


def _end(data: bytes) -> int:
    return data.rfind(_END, max(0, len(data) - _END_AREA))
