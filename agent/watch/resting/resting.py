"""The ticket over restarts, as the agent uses it: kept, loaded and forgotten, wherever the person wants its key."""

from __future__ import annotations

import logging
import os
from hashlib import blake2b
from typing import TYPE_CHECKING

from agent.watch.resting.errors import TicketUnreadable
from agent.watch.resting.key_keeper import KEY_SIZE, KeyKeeper
from agent.watch.resting.ticket_file import TicketFile, Unread

if TYPE_CHECKING:
    from agent.vault.keys import Random
    from config.paths import Paths
    from config.settings import AgentSettings

log = logging.getLogger(__name__)
_WHY = {
    Unread.DAMAGED: ("le fichier est abîmé", "the file is damaged"),
    Unread.OTHER_KEY: ("la clé n'est plus là, ou c'en est une autre", "the key is gone, or it is another one"),
    Unread.OTHER_VERSION: ("une autre version du programme l'a écrit", "another version of the program wrote it"),
    Unread.REFUSED: ("le système en refuse la lecture", "the system does not let it be read"),
}


class Resting:
    """For one caller at a time, and not in the agent's loop: whoever keeps the key may take seconds."""

    def __init__(self, file: TicketFile, keeper: KeyKeeper | None, random: Random = os.urandom) -> None:
        """``keeper``: None when nothing is to survive."""
        self._file, self._keeper, self._random = file, keeper, random
        self._key: bytes | None = None
        self.unread: Unread | None = None
        """Why the last `load` brought nothing."""

    @classmethod
    def of(cls, paths: Paths, agent: AgentSettings) -> Resting:
        """That of a home, as ``agent.survive`` says."""
        return cls(TicketFile(paths.watch_ticket), keeper_of(paths, agent))

    def prepare(self) -> None:
        """See to it that there is a key, so that whoever is to keep it is known to work. Raises KeyUnavailable."""
        if self._keeper is None or self._key is not None:
            return
        key = self._keeper.load()
        if key is None:
            key = self._random(KEY_SIZE)
            self._keeper.store(key)
            log.info("a key of watching is kept: %s", self._keeper.name)
        self._key = key

    def keep(self, ticket: bytes) -> None:
        """Have this ticket rest in the place of the one before; where nothing is to survive, see that nothing rests.

        Raises KeyUnavailable, TicketNotKept; then the one before may rest still.
        """
        self.prepare()
        if self._key is None:
            self._file.forget()
        else:
            self._file.write(ticket, self._key)

    def load(self) -> bytes | None:
        """The ticket that rests; None when there is none that can be used, and ``unread`` says why.

        Raises KeyUnavailable while the key cannot be had: one that is a `TryLater` may pass by itself.
        """
        self.unread = None
        if self._keeper is None:
            self.unread = Unread.MISSING
            return None
        key = self._key or self._keeper.load()
        result = self._file.read(key if key is not None else bytes(KEY_SIZE))
        if isinstance(result, Unread):
            self.unread = result
            log.info("no ticket of watching is taken up: %s", result.value)
            return None
        self._key = key
        return result

    @property
    def problem(self) -> TicketUnreadable | None:
        """What the person is to be told of the last `load`: a ticket rests, and it cannot be used."""
        if self.unread is None or self.unread is Unread.MISSING:
            return None
        reason_fr, reason_en = _WHY[self.unread]
        return TicketUnreadable(reason_fr=reason_fr, reason_en=reason_en)

    def use_up(self) -> None:
        """Have the ticket rest no longer; the key stays for the next one. Raises TicketNotKept."""
        self._file.forget()

    def forget(self) -> None:
        """Have nothing rest any more: the file first, then the key. Raises TicketNotKept, KeyUnavailable."""
        self._key = self.unread = None
        self._file.forget()
        if self._keeper is not None:
            self._keeper.forget()


def keeper_of(paths: Paths, agent: AgentSettings) -> KeyKeeper | None:
    """Who keeps the key of this home, as ``agent.survive`` says; None when nothing is to survive."""
    if agent.survive == "keyring":
        from agent.watch.resting.keyring_key import KeyringKey

        return KeyringKey(_account(paths))
    if agent.survive == "systemd-creds":
        from agent.watch.resting.systemd_credential import SystemdCredential

        return SystemdCredential(paths.watch_credential)
    return None


def _account(paths: Paths) -> str:
    """The name under which a keyring, which every program of the person can list, has the key: no word of the home."""
    return blake2b(os.fsencode(os.path.realpath(paths.watch_ticket)), digest_size=8).hexdigest()
