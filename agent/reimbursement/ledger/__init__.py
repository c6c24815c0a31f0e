"""The ledger of participations and franchises: what was due, what was withheld, where each euro came from. Pure."""

from agent.reimbursement.ledger.build import Ledger, build_ledger
from agent.reimbursement.ledger.model import Entry, Origin, Person, Situation, Withheld

__all__ = ["Entry", "Ledger", "Origin", "Person", "Situation", "Withheld", "build_ledger"]
