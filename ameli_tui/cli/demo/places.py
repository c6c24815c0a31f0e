"""Where a demo keeps the other side of the wire: everything under ``DIR/sandbox``."""

from __future__ import annotations

from pathlib import Path


class DemoPlaces:
    """The files of a demo in the folder ``home``."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "sandbox"
        self.record = self.folder / "demo.json"
        """How this demo was made and how to reach it; its presence makes a folder a demo's."""
        self.passphrase = self.folder / "passphrase"
        self.lock = self.folder / "portal.lock"
        """Held (flock) by the portal's process for as long as it lives: a pid alone may be another program's."""
        self.requests = self.folder / "requests"
        """What was sent to the portal; it outlives the portal's process."""
        self.log = self.folder / "portal.log"
