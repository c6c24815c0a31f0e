"""How far the vault has come: the place of the last committed transaction."""

from dataclasses import dataclass
from typing import TypedDict

from agent.vault.keys import TAG_SIZE


class Place(TypedDict):
    """A position as the head of a file names it."""

    gen: int
    n: int
    records: int
    chain: str
    """Hexadecimal."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Generation, journal file in it (0: none yet), records in that file, and the chain value there."""

    generation: int
    journal: int
    records: int
    chain: bytes

    def reached(self, other: "Position") -> bool:
        """Whether this place is at or after ``other``, as far as the numbers can tell."""
        return (self.generation, self.journal, self.records) >= (other.generation, other.journal, other.records)

    def to_json(self) -> Place:
        return {"gen": self.generation, "n": self.journal, "records": self.records, "chain": self.chain.hex()}

    @classmethod
    def from_json(cls, data: Place) -> "Position":
        return cls(data["gen"], data["n"], data["records"], bytes.fromhex(data["chain"]))


CHAIN_SIZE = TAG_SIZE
ORIGIN = Position(0, 0, 0, bytes(CHAIN_SIZE))
