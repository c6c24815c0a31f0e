"""A stand-in portal of a test's own, and a home that is pointed at it."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.paths import find_paths
from config.settings import NotifySettings, PortalSettings, Settings, save_settings
from tests.commands import Home, clean_environment, make_vault

PASSPHRASE = "quatre mots pris au hasard"


@dataclass(frozen=True)
class Site:
    """A stand-in portal and a home that is pointed at it, with an open vault."""

    home: Home
    portal: dict[str, Any]
    process: subprocess.Popen[str]
    password_file: str
    passphrase_file: str

    def login(self, *more: str) -> list[str]:
        """The arguments of a complete sign-in."""
        return ["login", "--nir", self.portal["nir"], "--password-file", self.password_file, *more]

    def sign_in(self, *more: str) -> None:
        """Sign in without a code, and sync once."""
        self.set(otp=False)
        self.home.json(*self.login(*more))
        self.home.json("sync")

    def set(self, **options: Any) -> None:
        """Change what the portal does."""
        self._post("/_sandbox/options", options)

    def news(self, payments: int = 0, messages: int = 0) -> None:
        """Have so much happen in the account."""
        self._post("/_sandbox/news", {"payments": payments, "messages": messages})

    def expire(self) -> None:
        """End every session."""
        self._post("/_sandbox/expire", {})

    def _post(self, path: str, body: dict[str, Any]) -> None:
        request = urllib.request.Request(
            self.portal["base_url"] + path, json.dumps(body).encode(), {"content-type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200

    def code(self) -> str:
        """The newest one-time code it mailed."""
        with urllib.request.urlopen(self.portal["mailbox_url"]) as answer:
            return [mail["code"] for mail in json.load(answer) if mail.get("code")][-1]

    def unlock(self) -> Any:
        """Open the vault; what the command answers."""
        return self.home.json("unlock", "--passphrase-file", self.passphrase_file)

    def end(self) -> None:
        """Have the portal be gone."""
        self.process.terminate()
        self.process.wait()


@contextmanager
def serving(home: Home, folder: Path) -> Iterator[Site]:
    """A portal of few payments for the length of the block; files that hold the secrets are in ``folder``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ameli_tui", "sandbox", "serve", "--port", "0", "--seed", "5", "--years", "1",
         "--payments", "8", "--json"],
        stdout=subprocess.PIPE, text=True, env=clean_environment())
    try:
        assert process.stdout
        portal = json.loads(process.stdout.readline())
        settings = find_paths({"AMELI_HOME": str(home.folder), "HOME": "/nowhere"}).settings
        settings.parent.mkdir(mode=0o700, parents=True)
        here = PortalSettings(base_url=portal["base_url"], identity_url=portal["identity_url"], pause_s=0.0)
        save_settings(settings, Settings(portal=here, notify=NotifySettings(desktop=False)))
        for name, text in (("passphrase", PASSPHRASE), ("password", portal["password"])):
            (folder / name).write_text(text, encoding="utf-8")
        make_vault(home, PASSPHRASE)
        site = Site(home, portal, process, str(folder / "password"), str(folder / "passphrase"))
        site.unlock()
        yield site
    finally:
        process.terminate()
        process.wait()
        assert process.stdout
        process.stdout.close()
