"""After a person took a table of the fund in: everything that was worked out from the ones before is forgotten."""

from agent.rules import dated_tables
from agent.rules.codes import nomenclature, recognise


def forget_tables() -> None:
    """Have everything read and worked out anew."""
    for module in (dated_tables, nomenclature, recognise):
        module.forget()
