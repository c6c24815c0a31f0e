"""Looking at every byte of an open vault's files, and writing anew what is elsewhere too.

An open vault has everything in memory but its documents, so a damaged header, mark, journal or snapshot costs nothing:
it is written anew from there. The damaged file is replaced by that, and gone with the fold that follows; only what a
header held that had to be opened by its copy stays, as ``header-damaged``. After a salvage that lost something the
damaged files stay until the vault is folded for another reason. A damaged document stays where it is: who keeps it
fetches it again.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.vault import header as headers
from agent.vault import highwater
from agent.vault.blobs import FOLDER as BLOBS
from agent.vault.blobs import TABLE
from agent.vault.errors import VaultDamaged, VaultError
from agent.vault.findings import Finding, How, Kind, Report
from agent.vault.folder import LOCK, generation_of
from agent.vault.fs import Fs, reading, writing
from agent.vault.generations import wrong_in_generations
from agent.vault.inbox import FOLDER as INBOX
from agent.vault.inbox import Inbox, is_unfinished
from agent.vault.journal import journal_numbers
from agent.vault.keys import VaultKeys
from agent.vault.position import Position
from agent.vault.proving import Prover
from agent.vault.writer import VaultWriter

_ROUNDS = 10
"""How often the tables' files are read when the vault is folded meanwhile."""


class Integrity:
    """The soundness of one open vault's files. ``check`` and ``mend`` are for a thread, beside any other use."""

    def __init__(
        self, fs: Fs, folder: Path, keys: VaultKeys, writer: VaultWriter, mark: highwater.HighWater,
        header: Callable[[], headers.Header], save_header: Callable[[], None],
    ) -> None:
        """``header``: as it is in memory. ``save_header`` writes it anew with its copy; raises ``OSError``."""
        self._fs, self._folder, self._keys = fs, folder, keys
        self._writer, self._storage, self._mark = writer, writer.storage, mark
        self._header, self._save_header = header, save_header
        self.mended: list[Finding] = []
        """What was written anew since the vault was opened, the opening included."""
        self._untold: list[Finding] = []
        self.looked_after = False
        """Whether `look_after` was called."""

    # -- looking -----------------------------------------------------------------------------------------------------

    def check(self, *, documents: bool = True) -> Report:
        """Read every file of the vault and say which are not what was written; nothing is changed.

        ``documents`` off: all but those. Raises `VaultLocked` when the vault is locked meanwhile.
        """
        report = Report()
        prover = Prover(self._fs, self._folder, self._keys)
        report.findings += self._keys_and_mark()
        report.checked += 3
        findings, left = self._tables(prover)
        report.findings += findings
        report.leftovers += [*left, *self._inbox()]
        if documents:
            report.findings += self._documents(prover)
            report.leftovers += self._stray_documents()
        report.checked += prover.files
        report.size += prover.size
        report.leftovers.sort()
        return report

    def _keys_and_mark(self) -> list[Finding]:
        with self._storage.guard:
            _ = self._storage.tables
            with reading(headers.NAME):
                findings = headers.damages(self._fs, self._folder, self._header().to_bytes(self._keys))
            with reading(highwater.NAME):
                slots, place = self._mark.slots(), self._writer.position
        if not slots:
            findings.append(Finding("mark", highwater.NAME, "missing"))
        elif None in slots or place not in slots:
            findings.append(Finding("mark", highwater.NAME, "damaged"))
        return findings

    def _tables(self, prover: Prover) -> tuple[list[Finding], list[str]]:
        for _ in range(_ROUNDS):
            with self._storage.guard, reading("vault"):
                _ = self._storage.tables
                place, names = self._writer.position, self._fs.names(self._folder)
            findings = [*wrong_in_generations(prover, names, place, self._wrong)]
            if not findings or self._writer.position.generation == place.generation:
                break  # else files went while they were read, as they should
        return findings, self._strays(names, self._writer.position)

    def _strays(self, names: list[str], now: Position) -> list[str]:
        """Files that belong to nothing; unfinished ones are somebody's who is writing them."""
        own = {headers.NAME, headers.COPY, LOCK, BLOBS, INBOX, highwater.NAME, highwater.NAME + highwater.UNFINISHED}
        strays = []
        for name in names:
            if name in own or name.startswith("tmp-"):
                continue
            generation = generation_of(name)
            numbers = journal_numbers(name)
            beyond = numbers is not None and numbers > (now.generation, now.journal)
            if generation is None or generation > now.generation or beyond:
                strays.append(name)
        return strays

    def _inbox(self) -> list[str]:
        """Rounds that wait to be merged, or were put aside: as long as they are there, somebody should know."""
        return [f"{INBOX}/{name}" for name in Inbox(self._fs, self._folder).names() if not is_unfinished(name)]

    def _documents(self, prover: Prover) -> Iterator[Finding]:
        for name, _row in self._storage.items(TABLE):
            with self._wrong("document", f"{BLOBS}/{name}") as findings:
                prover.document(name)
            if findings and self._storage.get(TABLE, name) is not None:  # else it was removed meanwhile
                yield findings[0]

    def _stray_documents(self) -> list[str]:
        with self._storage.guard, reading(BLOBS):  # no document is half way in
            names = self._fs.names(self._folder / BLOBS)
            kept = [name for name in names if self._storage.get(TABLE, name) is None]
        return [f"{BLOBS}/{name}" for name in kept if not name.startswith("tmp-")]

    @contextmanager
    def _wrong(self, kind: Kind, name: str) -> Iterator[list[Finding]]:
        """Note what is found wrong with a file while it is read. Raises `VaultLocked`."""
        findings: list[Finding] = []
        how: How | None = None
        try:
            yield findings
        except FileNotFoundError:
            how = "missing"
        except VaultDamaged:
            how = "damaged"
        except OSError as error:
            how = "damaged" if error.errno == errno.EIO else "unreadable"  # a bad sector does not heal
        _ = self._storage.tables  # locked meanwhile: without its key everything looks damaged
        if how is not None:
            findings.append(Finding(kind, name, how))

    # -- mending -----------------------------------------------------------------------------------------------------

    def note_opening(self, findings: list[Finding]) -> None:
        """What was wrong when the vault was opened, and was written anew by that."""
        self.mended += findings
        self._untold += findings

    def take_untold(self) -> list[Finding]:
        """What was mended without anybody asking, since this was last asked."""
        untold, self._untold = self._untold, []
        return untold

    def mend(self, findings: list[Finding], *, spares: bool = True) -> list[Finding]:
        """Write anew what ``findings`` name and the vault has in memory; return what is whole again.

        ``spares`` off: no file of the tables is replaced. What the disk refuses stays as it was found.
        """
        kinds = {one.kind for one in findings}
        done: set[Kind] = set()
        if kinds & {"header", "header-copy"} and self._try(self._write_header):
            done |= {"header", "header-copy"}
        if "mark" in kinds and self._try(self._write_mark):
            done.add("mark")
        if spares and kinds & {"snapshot", "journal", "spare"} and self._try(lambda: self._fold(kinds)):
            done |= {"snapshot", "journal", "spare"}
        mended = [one for one in findings if one.kind in done]
        self.mended += mended
        return mended

    def look_after(self, *, spares: bool = True) -> list[Finding]:
        """Check all but the documents and mend it, to be told later; return what could not be mended.

        Raises `VaultLocked`, `VaultUnreadable`.
        """
        self.looked_after = True
        findings = self.check(documents=False).findings
        mended = self.mend(findings, spares=spares) if findings else []
        self._untold += mended
        return [one for one in findings if one not in mended]

    @staticmethod
    def _try(write: Callable[[], None]) -> bool:
        try:
            write()
        except VaultError:
            return False
        return True

    def _write_header(self) -> None:
        with self._writer.allowed(), writing():
            self._save_header()

    def _write_mark(self) -> None:
        with self._writer.allowed(), writing():
            self._mark.start(self._writer.position)

    def _fold(self, kinds: set[Kind]) -> None:
        self._writer.fold()
        if kinds & {"snapshot", "journal"}:  # the generation before is now the damaged one
            self._writer.fold()
