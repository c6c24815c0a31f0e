"""How the service's demands are written: what an answer must be, which papers, which stages and after how many days."""

from dataclasses import dataclass
from typing import Literal

from config.json_value import ReadOnlyJsonObject

Answer = Literal[
    "text", "name", "nir", "iban", "date", "past", "month", "phone", "email", "postcode", "country", "yes_no", "yes",
    "money", "integer", "person", "people", "group", "choice",
]
"""``past``: a day not later than today; ``yes``: only a yes will do; ``person``: a name of the account."""


@dataclass(frozen=True, slots=True)
class If:
    """Only when the answer called ``field`` is one of ``values`` (any answer at all when there are none)."""

    field: str
    values: tuple[object, ...] = ()

    def holds(self, answers: ReadOnlyJsonObject) -> bool:
        """Whether it does."""
        given = answers.get(self.field)
        return given in self.values if self.values else given not in (None, "", [])


@dataclass(frozen=True, slots=True)
class Demand:
    """One answer the service must have."""

    field: str
    answer: Answer
    when: If | None = None
    required: bool = True
    choices: tuple[str, ...] = ()
    fields: tuple["Demand", ...] = ()
    """What each item of a group must have."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paper: without it the request is refused at once (``sending``) or the file waits for it (``checking``)."""

    name: str
    label: str
    at: Literal["sending", "checking"] = "checking"
    when: If | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A stage and how many days after the request it is reached."""

    name: str
    label: str
    days: int
    accepts: bool = False
    """Reaching it is the decision."""
    silent: bool = False
    """No letter tells of it."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of request: its title as letters write it, what it must hold, and its stages."""

    title: str
    demands: tuple[Demand, ...]
    steps: tuple[Step, ...]
    pieces: tuple[Piece, ...] = ()
    granted: str = ""
    """What the letter of acceptance says beyond the acceptance."""

    def wanted(self, answers: ReadOnlyJsonObject, at: str) -> list[Piece]:
        """The papers these answers call for at that moment."""
        return [one for one in self.pieces if one.at == at and (one.when is None or one.when.holds(answers))]

    def piece(self, name: str) -> Piece:
        """The paper of that name, known here or not."""
        return next((one for one in self.pieces if one.name == name), Piece(name, name.replace("_", " ")))
