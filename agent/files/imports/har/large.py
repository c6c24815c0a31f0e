"""Large recordings, made small before they are held: the answers that are read here stay."""

from __future__ import annotations

from collections.abc import Iterable

from agent.files.formats.har.sift import SIFTED_FROM as SIFTED_FROM


def small_recording(chunks: Iterable[bytes | memoryview]) -> bytearray:
    """A recording that is read as the whole one is. Raises TooLargeRecording."""
    from agent.files.formats.har.sift import sift
    from agent.files.imports.har.replay import is_read  # the connector: loaded when it is used

    return sift(chunks, is_read)
