"""What an accepted request changes in the account. Done again after a restart: the account itself is made anew."""

from collections.abc import Callable, Mapping
from typing import Any

from agent.sandbox.model import Household
from agent.sandbox.procedures.model import Filed


def carry_out(filed: Filed, household: Household) -> None:
    """Do what the request asked for, where it changes what the account shows."""
    effect = _EFFECTS.get(filed.procedure)
    if effect:
        effect(filed.answers, household)


def _bank(answers: Mapping[str, Any], household: Household) -> None:
    household.iban = "".join(str(answers["iban"]).split()).upper()


_EFFECTS: dict[str, Callable[[Mapping[str, Any], Household], None]] = {
    "bank-details": _bank,
}
