"""The ledger of participations and franchises: what was due, what was withheld, where each euro came from. Pure."""

from agent.rules.ledger.build import Ledger, build_ledger
from agent.rules.ledger.model import Entry, Origin, Person, Situation, Withheld

__all__ = ["Entry", "Ledger", "Origin", "Person", "Situation", "Withheld", "build_ledger"]
