"""A process of its own that reads files of strangers: what they do to it, they do to nobody else.

Arguments: the first day or nothing, then the files. On standard output one line of JSON, then the table as it is kept.
"""

import contextlib
import json
import resource
import sys
from datetime import date
from pathlib import Path

from agent.files.formats.nomenclature.errors import Refusal, damaged
from agent.files.formats.nomenclature.reading import read

_MOST_MEMORY = 3 << 30
"""Bytes of address space."""


def main() -> int:
    """Read the files, and tell what they are or why they are refused."""
    # no core: it would hold the files
    for what, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, _MOST_MEMORY)):
        with contextlib.suppress(ValueError, OSError):  # a system that has not this bound, or a lower one
            resource.setrlimit(what, (most, most))
    day = date.fromisoformat(sys.argv[1]) if sys.argv[1] else None
    try:
        parsed, table = read([Path(name) for name in sys.argv[2:]], day)
    except (Refusal, MemoryError) as error:
        refusal = error if isinstance(error, Refusal) else damaged()
        why = {name: getattr(refusal, name) for name in ("why_fr", "why_en", "do_fr", "do_en")}
        sys.stdout.write(json.dumps({"refusal": why}) + "\n")
        return 0
    about = {
        "version": parsed.version, "day": parsed.day.isoformat(), "kind": parsed.kind,
        "acts": len({tariff.code for tariff, _ in parsed.lines}), "words": len(parsed.words),
        "unread": [[one.row, one.why_fr, one.why_en] for one in parsed.unread],
    }
    sys.stdout.write(json.dumps(about) + "\n")
    sys.stdout.flush()
    sys.stdout.buffer.write(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
