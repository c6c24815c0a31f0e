"""Reports of faults of our own: what happened and where, never a value, since any can hold a name or a number."""

from __future__ import annotations

import os
import sys
import time
import traceback
from pathlib import Path


def crash_report(error: BaseException) -> str:
    """What happened and where, without values: no message, no locals, since both can hold names and numbers."""
    from agent import VERSION

    lines = [f"ameli-tui {VERSION}, Python {sys.version.split()[0]}, {sys.platform}"]
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        for frame in traceback.extract_tb(seen.__traceback__, limit=-40):
            place = Path(frame.filename)
            lines.append(f"  {place.parent.name}/{place.name}:{frame.lineno} {frame.name}")
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines) + "\n"


def write_crash_report(folder: Path, error: BaseException) -> Path | None:
    """Write the report for its owner alone and return its path; None when the folder takes no file."""
    path = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(crash_report(error))
    except OSError:  # no room for it
        path.unlink(missing_ok=True)
        return None
    return path
