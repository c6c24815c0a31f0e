"""A file of the watched folder as one sealed round's plain text, and back."""

import msgspec

from agent.account import clean_text
from agent.store.import_log import digest

_MAPS = (*range(0x80, 0x90), 0xDE, 0xDF)
"""How a map of MessagePack begins: batches are an array."""
_NAME = 200


class SealedFile(msgspec.Struct, kw_only=True, tag_field="kind", tag="file"):
    """The file, as it lay there."""

    name: str
    """What it was called, for a person to read."""
    digest: str
    """What the log of files taken in knows it by."""
    data: bytes

    @classmethod
    def of(cls, name: str, data: bytes) -> "SealedFile":
        """A file that was read; its name may hold anything."""
        return cls(name=clean_text(name, _NAME), digest=digest(data), data=data)


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(SealedFile)


def pack_file(file: SealedFile) -> bytes:
    """The plain text of its round."""
    return _ENCODER.encode(file)


def is_file(plain: bytes) -> bool:
    """Whether a round's plain text is no batches, but a file; cheap, whatever its size."""
    return bool(plain) and plain[0] in _MAPS


def unpack_file(plain: bytes) -> SealedFile:
    """The file. Raises ``ValueError`` for anything else; fields that are not known are passed over."""
    try:
        file = _DECODER.decode(plain)
    except (msgspec.DecodeError, ValueError) as error:
        raise ValueError("this is no file") from error
    if file.digest != digest(file.data):
        raise ValueError("these are not the bytes that were sealed")
    return msgspec.structs.replace(file, name=clean_text(file.name, _NAME))
