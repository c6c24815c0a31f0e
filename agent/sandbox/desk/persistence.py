"""Where the desk's state lies between two lives of the stand-in: one JSON file, the papers beside it by their hash."""

import contextlib
import os
from pathlib import Path

import msgspec

from agent.sandbox.desk.model import DeskState, Paper

_TYPES = {"application/pdf": "pdf", "image/jpeg": "jpeg", "image/png": "png"}


class Drawer:
    """Keeps in ``folder``; without one, in memory only.

    What was kept is on the disk when a call returns: an answer given after it survives a crash.
    """

    def __init__(self, folder: Path | None, nir: str) -> None:
        self._folder, self._nir = folder, nir
        self._papers: dict[str, Paper] = {}
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def read(self) -> DeskState:
        """What was kept of this account; empty at first, or when the folder's is another account.

        Raises msgspec.DecodeError where the file is not as ``write`` leaves it.
        """
        if self._folder is not None:
            with contextlib.suppress(FileNotFoundError):
                kept = (self._folder / "requests.json").read_bytes()
                state = msgspec.json.decode(kept, type=DeskState)
                if state.nir == self._nir:
                    return state
        return DeskState(nir=self._nir)

    def write(self, state: DeskState) -> None:
        """Keep the desk's state in place of what was kept before."""
        if self._folder is not None:
            _put(self._folder / "requests.json", msgspec.json.encode(state))

    def paper(self, sha256: str) -> Paper | None:
        """The paper of that hash, if it was deposited."""
        if sha256 not in self._papers and self._folder is not None:
            for media_type, ending in _TYPES.items():
                with contextlib.suppress(FileNotFoundError):
                    content = (self._folder / f"{sha256}.{ending}").read_bytes()
                    self._papers[sha256] = Paper(sha256, media_type, content)
        return self._papers.get(sha256)

    def deposit(self, paper: Paper) -> None:
        """Keep a paper."""
        self._papers[paper.sha256] = paper
        if self._folder is not None:
            _put(self._folder / f"{paper.sha256}.{_TYPES[paper.media_type]}", paper.content)


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all, whatever happens meanwhile."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
