"""The command palette: Textual's, saying everything in the person's language."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from rich.align import Align
from rich.text import Text
from textual.app import SystemCommand
from textual.command import CommandList, CommandPalette
from textual.fuzzy import FuzzySearch, Matcher
from textual.screen import Screen
from textual.system_commands import SystemCommandsProvider
from textual.widgets.option_list import Option

from ameli_tui.i18n import _
from ameli_tui.i18n.search_text import fold
from ameli_tui.keys import keys_for
from ameli_tui.widgets.bars import TABS

if TYPE_CHECKING:
    from ameli_tui.app.navigation import GoingApp

_COLOURS = ("ameli-dark", "ameli-light", "ansi-dark", "ansi-light")
_NEEDS_ANOTHER_WAY = frozenset({"palette", "interrupt", "escape", "next", "previous", "copy", "back"})
"""Keys that make no sense from within the palette."""


class FoldedSearch(FuzzySearch):
    """Textual's search of letters in order, which finds "Démarches" by "demarches" as every other search here does."""

    def match(self, query: str, candidate: str) -> tuple[float, Sequence[int]]:
        """Score and the places of the letters found, in the candidate as it is shown."""
        folded = [fold(sign) for sign in candidate]
        places = [at for at, part in enumerate(folded) for _letter in part]
        score, positions = super().match(fold(query), "".join(folded))
        return score, sorted({places[at] for at in positions})


class _Commands(SystemCommandsProvider):
    def matcher(self, user_input: str, case_sensitive: bool = False) -> Matcher:
        matcher = super().matcher(user_input, case_sensitive)
        matcher.fuzzy_search = FoldedSearch(case_sensitive)
        return matcher


class Palette(CommandPalette):
    """Type part of what you want."""

    def __init__(self) -> None:
        super().__init__(providers=[_Commands], placeholder=_("Search for a command…"), id="--command-palette")

    def _start_no_matches_countdown(self, search_value: str) -> None:
        # Textual's own says "No matches found" in English, from within a closure.
        self._stop_no_matches_countdown()

        def nothing() -> None:
            if search_value:
                said = Align.center(Text(_("No such command")))
                self.query_one(CommandList).add_option(Option(said, disabled=True, id=self._NO_MATCHES))
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, nothing)


def is_open(app: "GoingApp") -> bool:
    """Whether the palette is there already."""
    return app.screen.has_class("--textual-command-palette")


def commands(
    app: "GoingApp", screen: Screen[object], choose_colours: Callable[[str], None]
) -> Iterable[SystemCommand]:
    """Every screen, every key of the screen that is shown, and the colours; named "group: what"."""
    from ameli_tui.screens.base.page import Page

    for name, title in TABS:
        yield SystemCommand(_("Go to: {name}").format(name=_(title)), "", partial(app.action_page, name))
    here: tuple[str, ...] = screen.KEYS_OF if isinstance(screen, Page) else ()
    tabs = {name for name, _title in TABS}
    for key in keys_for(*here, "app"):
        if key.id in tabs | _NEEDS_ANOTHER_WAY or key.where in ("list", "text"):
            continue
        name = _("Here: {what}") if key.where in here else _("Everywhere: {what}")
        yield SystemCommand(name.format(what=_(key.text)), "", _runner(app, screen, key.action))
    if not any(key.action == "export" for key in keys_for(*here)):
        what = _("export everything as a file of another program")
        yield SystemCommand(_("Everywhere: {what}").format(what=what), "", app.open_export)
    sign_in = _("Account: {what}").format(what=_("sign in to the account"))
    yield SystemCommand(sign_in, "", partial(app.open_named, "sign_in"))
    for theme in _COLOURS:
        yield SystemCommand(_("Colours: {name}").format(name=theme), "", partial(choose_colours, theme))
    yield SystemCommand(
        _("Screenshot"), _("Save this screen as a picture (SVG), for your eyes only"), partial(_picture, app))


def _runner(app: "GoingApp", screen: Screen[object], action: str) -> Callable[[], None]:
    def run() -> None:
        app.run_worker(app.run_action(action, screen))

    return run


def _picture(app: "GoingApp") -> None:
    app.set_timer(0.1, app.save_picture)  # once the palette has closed
