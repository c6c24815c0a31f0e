"""A problem as it travels: why something was refused or went wrong, and what to do about it."""

from typing import NotRequired, TypedDict


class Bilingual(TypedDict):
    """A text in both languages."""

    fr: str
    en: str


class Problem(TypedDict):
    """The body of every refusal, and of what is noted to be told later. The facts of the error may stand beside these
    keys, as texts."""

    code: str
    """Stable name that scripts may rely on."""
    exit: int
    """Exit code of the command that met it."""
    message: Bilingual
    """What happened and why, one sentence."""
    hint: Bilingual
    """What to do about it."""
    count: NotRequired[int]
    """How often it was met, when more than once."""
    file: NotRequired[str]
    """Name of the file of the watched folder, for a person to read."""
    path: NotRequired[str]
    """That file, when the person has to answer for it."""
