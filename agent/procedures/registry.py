"""Every procedure by its name: each file of ``definitions/`` brings one."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from agent.account import clean_text
from agent.procedures import definitions as declared
from agent.procedures.errors import NoSuchProcedure
from agent.procedures.model import Procedure
from config.nearest import nearest

ORDER = (
    "account-creation", "entitlement-opening", "carte-vitale-order", "carte-vitale-loss", "bank-details",
    "postal-address", "contact-details", "attending-doctor", "c2s", "ehic", "birth", "top-up-declaration",
    "accident-declaration", "supporting-document",
)
"""The order in which they are listed; one that is not here comes last."""


@cache
def procedures() -> dict[str, Procedure]:
    """Every procedure, by name, in the order of ``ORDER``."""
    found = [
        import_module(f"{declared.__name__}.{module.name}").PROCEDURE
        for module in iter_modules(declared.__path__) if not module.name.startswith("_")
    ]
    rank = {name: number for number, name in enumerate(ORDER)}
    return {one.name: one for one in sorted(found, key=lambda one: (rank.get(one.name, len(ORDER)), one.name))}


def procedure(name: str) -> Procedure:
    """The procedure called ``name``. Raises NoSuchProcedure, naming the nearest."""
    known = procedures().get(name)
    if known is None:
        raise NoSuchProcedure(name=clean_text(name, 80), near=nearest(name, procedures()))
    return known
