"""The breaker: once the service wants the person, the agent never tries the same credentials again by itself.

It lies in the vault, so that a restart changes nothing. A health account locks after a few wrong passwords.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from agent.connection.errors import Refused, SignInTooSoon
from agent.errors import AmeliError
from agent.protocol.problems import Problem
from agent.store import Store

CREDENTIALS = frozenset({"wrong_password", "account_locked", "password_expired", "bad_number"})
"""Problems that the same number and password cannot but meet again: nobody's retry is allowed, they must be typed anew.
The others (a code, terms of use, an address to confirm) are cleared elsewhere, so the person may simply try again."""
EVERY = timedelta(hours=1)
"""The agent signs in by itself at most once in this time."""


def check_pause(last: str | None, now: datetime) -> None:
    """Raise SignInTooSoon within the hour after a sign-in by itself (an ISO moment)."""
    passed = now - datetime.fromisoformat(last) if last is not None else EVERY
    if timedelta(0) <= passed < EVERY:
        raise SignInTooSoon(retry_after=(EVERY - passed).total_seconds())


class Breaker:
    """Guards every sign-in the person did not ask for."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._book = store.account
        self._now = now

    def check(self, nir: str, password: str, *, person: bool) -> None:
        """Raise Refused when these credentials were refused before, SignInTooSoon within the hour.

        ``person``: a person asked for it, so the hour does not count, and of the refusals only ``CREDENTIALS`` do.
        """
        tripped = self._book.breaker.read()
        if tripped is not None and tripped["fingerprint"] == self._book.fingerprint(nir, password):
            problem = tripped["problem"]
            if not person or problem["code"] in CREDENTIALS:
                raise Refused(problem)
        last = self._book.sign_in.read()
        if last is not None and not person:
            check_pause(last["at"], self._now())

    def attempt(self) -> None:
        """Note that a sign-in begins, before its first byte leaves."""
        self._book.sign_in.write({"at": self._now().isoformat()})

    def trip(self, nir: str, password: str, error: AmeliError) -> None:
        """Refuse these credentials from now on, for the reason the service gave."""
        self._book.breaker.write({
            "fingerprint": self._book.fingerprint(nir, password),
            "problem": error.problem(),
            "at": self._now().isoformat(),
        })

    def reset(self) -> None:
        """The person signed in: all is well again."""
        self._book.breaker.write(None)

    @property
    def problem(self) -> Problem | None:
        """Why it is tripped, as a problem for the person; None when it is not."""
        tripped = self._book.breaker.read()
        return tripped["problem"] if tripped else None
