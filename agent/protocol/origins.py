"""Where a record came from, as it travels: what `ameli import --list` and the screens can say of it."""

from typing import Literal, TypedDict

Way = Literal["sync", "recording", "statement", "file", "hand"]
"""How something came here: read at the service, from a recorded session of the person's, from a statement, from a file
of a bank or an insurer, or said by the person."""

RecordOrigin = TypedDict("RecordOrigin", {"way": Way, "import": str, "at": str})
"""One way a record came: how, the id of the import ("" for a sync, or where an older version did not keep it), and the
ISO moment at which it was read ("" where it was not kept)."""
