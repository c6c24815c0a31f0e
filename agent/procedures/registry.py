"""Every procedure by its name: each file of ``definitions/`` brings one."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from agent.account import clean_text
from agent.procedures import definitions
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
    declarations: list[Procedure] = [
        import_module(f"{definitions.__name__}.{module.name}").PROCEDURE
        for module in iter_modules(definitions.__path__) if not module.name.startswith("_")
    ]
    rank = {name: number for number, name in enumerate(ORDER)}
    declarations.sort(key=lambda declaration: (rank.get(declaration.name, len(ORDER)), declaration.name))
    return {declaration.name: declaration for declaration in declarations}


def procedure(name: str) -> Procedure:
    """The procedure called ``name``. Raises NoSuchProcedure, naming the nearest."""
    declaration = procedures().get(name)
    if declaration is None:
        raise NoSuchProcedure(name=clean_text(name, 80), near=nearest(name, procedures()))
    return declaration
