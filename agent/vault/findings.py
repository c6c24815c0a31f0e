"""What was found wrong with the files of a vault: which file, how, and whether its content is elsewhere too."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["header", "header-copy", "mark", "snapshot", "journal", "spare", "document"]
"""``snapshot`` and ``journal`` are of the newest generation, ``spare`` is any file of one before it."""
How = Literal["damaged", "missing", "unreadable"]
"""``unreadable``: the disk refuses to give it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One file that is not what was written."""

    kind: Kind
    file: str
    """Its name in the vault; of a document ``blob/…``."""
    how: How

    @property
    def redundant(self) -> bool:
        """Whether an open vault can write it anew: it has the content of everything but documents in memory."""
        return self.kind != "document"

    @property
    def document(self) -> str:
        """Name of the document, as ``Vault.put_blob`` gave it; empty of other files."""
        return self.file.rpartition("/")[2] if self.kind == "document" else ""


@dataclass(slots=True)
class Report:
    """What a check came to."""

    checked: int = 0
    """Files that were read."""
    size: int = 0
    """Bytes that were read."""
    findings: list[Finding] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)
    """Names of files that belong to nothing. They do no harm and are left where they are."""
