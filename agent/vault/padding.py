"""Plain text brought to one of few lengths before it is sealed, so that the length of a file says little."""

_SIZES = tuple(size << 10 for size in (4, 8, 16, 32, 64))
_LENGTH = 8


def padded(plain: bytes) -> bytes:
    """``length (8) | plain | zeros``: 4, 8, 16, 32 or 64 KiB, or else a multiple of the last."""
    return len(plain).to_bytes(_LENGTH, "big") + plain + bytes(padded_size(len(plain)) - len(plain) - _LENGTH)


def padded_size(length: int) -> int:
    """Bytes that so many become."""
    size = length + _LENGTH
    return next((step for step in _SIZES if size <= step), -(-size // _SIZES[-1]) * _SIZES[-1])


def unpadded(text: bytes) -> bytes | None:
    """What was padded; None for what no padding made."""
    size = int.from_bytes(text[:_LENGTH], "big")
    return text[_LENGTH : _LENGTH + size] if len(text) >= _LENGTH and size <= len(text) - _LENGTH else None
