"""Where an action that ameliBot offers leads on the screens."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

if TYPE_CHECKING:
    from ameli_tui.app.navigation import GoingApp

_PAGES = {
    "payments": "payments", "explain": "payments", "ledger": "ledger", "owed": "owed", "documents": "documents",
    "messages": "messages", "profile": "agent", "sync": "home", "doctor": "agent",
    "requests": "procedures", "deadlines": "procedures",
}
"""The numbered screen that an action belongs to."""


def jump(app: "GoingApp", name: str) -> None:
    """Go where the action ``name`` is done: a numbered screen, one on top, or else a procedure of that name."""
    if name in _PAGES:
        app.action_page(_PAGES[name])
    elif name == "login":
        app.open_sign_in()
    elif name == "newcomer":
        app.open_newcomer()
    elif name == "attestation":
        app.open_certificates()
    elif name == "message":
        app.open_writing()
    elif name in _ON_TOP:
        app.push_screen(_ON_TOP[name]())
    else:
        app.open_procedure(name)


def _year() -> Screen[object]:
    from ameli_tui.screens.money.year import YearScreen

    return YearScreen()


def _estimate() -> Screen[object]:
    from ameli_tui.screens.money.estimate import EstimateScreen

    return EstimateScreen()


def _contract() -> Screen[object]:
    from ameli_tui.screens.money.contract import ContractScreen

    return ContractScreen()


def _guide() -> Screen[object]:
    from ameli_tui.screens.help.guide import GuideScreen

    return GuideScreen()


_ON_TOP: dict[str, Callable[[], Screen[object]]] = {
    "year": _year, "estimate": _estimate, "coverage": _contract, "guide": _guide,
}
