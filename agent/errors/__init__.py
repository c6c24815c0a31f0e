"""The one base of every error a person can meet: what happened, why, and what to do, in both languages.

Between it and the errors of each package stand the classes that callers catch: they say what can be done about it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing costs a fifth of a command's start
if TYPE_CHECKING:
    from typing import ClassVar

    from agent.protocol.problems import Problem


class AmeliError(Exception):
    """An expected failure, told to the person in their language.

    A subclass declares its texts; ``{name}`` in them is filled from the keyword arguments given when raising.
    Facts must never hold a secret, an amount or a care label: they end in logs and on the socket.
    """

    code: ClassVar[str] = "error"
    """Stable name that scripts may rely on (contract: ``error.code``)."""
    exit_code: ClassVar[int] = 1
    """1 failed, 2 usage, 3 locked or wrong passphrase, 4 service unreachable or refusing, 5 a person is needed."""
    http_status: ClassVar[int] = 400
    fr: ClassVar[str] = "Erreur inattendue."
    en: ClassVar[str] = "Unexpected error."
    hint_fr: ClassVar[str] = "Lancez « ameli doctor »."
    hint_en: ClassVar[str] = "Run `ameli doctor`."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.en.format(**facts))

    def message(self, lang: str) -> str:
        """What happened and why, one sentence, in ``fr`` or ``en``."""
        return (self.fr if lang == "fr" else self.en).format(**self.facts)

    def hint(self, lang: str) -> str:
        """What to do about it, in ``fr`` or ``en``."""
        return (self.hint_fr if lang == "fr" else self.hint_en).format(**self.facts)

    def problem(self) -> Problem:
        """The error as it travels over the agent's socket."""
        return {
            "code": self.code,
            "exit": self.exit_code,
            "message": {"fr": self.message("fr"), "en": self.message("en")},
            "hint": {"fr": self.hint("fr"), "en": self.hint("en")},
        }


class NotUnlocked(AmeliError):
    """The vault does not open: it is locked, there is none, or what should open it is wrong."""

    exit_code = 3


class ServiceTrouble(AmeliError):
    """The account service does not answer, refuses, or is not understood; nobody here can mend that."""

    exit_code = 4


class NeedsPerson(AmeliError):
    """Only the person can clear it, so that trying again by oneself is of no use."""

    exit_code = 5


class TryLater(AmeliError):
    """It passes by itself; beside any exit code."""

    retry_after: float | None = None
    """Seconds after which it is worth trying again, when whoever refused has said so."""
