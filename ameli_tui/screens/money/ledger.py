"""Participations and franchises: how far both ceilings are for each person, and every sum with its trace."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, day, money, spoken
from ameli_tui.i18n.certainty import ceilings_in_short
from ameli_tui.i18n.not_counted import left_out, with_key
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.money import Forecast, Gauge, Ledger, LedgerEntry, LedgerPerson, Withheld


class LedgerPage(Page[None]):
    """Gauges above, entries below."""

    NAME = "ledger"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("ledger", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("ledger")]

    def __init__(self) -> None:
        super().__init__()
        self._year: int | None = None
        self._years: list[int] = []
        self._person = 0
        self._found: Ledger | None = None
        self._rows: list[Withheld | tuple[str, LedgerEntry]] = []
        """What was withheld for no known care, then by person what their care made due."""
        self.gauges = Pane(_("Ceilings"), id="gauges", focus=False)
        self.lines = Lines(self._draw, id="ledger", empty=loading())

    def body(self) -> Iterable[Widget]:
        """Gauges and entries."""
        yield self.gauges
        yield self.lines

    def on_mount(self) -> None:
        """Begin with this year."""
        self.gauges.show(content((loading(), "$text-muted")))
        self.set_focus(self.lines)

    def load(self) -> None:
        """Ask for the year."""
        year = self._year
        self.ask(api.ledger(year), self.got_ledger, latest="ledger")

    def got_ledger(self, ledger: Ledger) -> None:
        """Show the year."""
        self._found = ledger
        self._year = ledger["year"]
        self._years = sorted({*ledger["years"], ledger["year"]}, reverse=True)
        self._person %= len(ledger["beneficiaries"]) + 1
        self._show(ledger)

    def _show(self, ledger: Ledger) -> None:
        people = ledger["beneficiaries"]
        shown = people if not self._person else [people[self._person - 1]]
        self.gauges.retitle(_("Ceilings of {year}").format(year=ledger["year"]))
        doubts = ceilings_in_short(ledger)
        self.gauges.styles.height = min(12 + len(doubts), 2 * len(shown) + 2 + 1 + len(doubts))
        nothing = left_out(ledger, "payments", whole=True)
        reason = with_key(nothing[0]) if nothing else ""
        self.gauges.show(lambda width: (
            content(one_line(reason)) if reason else gauges_content(shown, ledger["forecast"], doubts, width)))
        due = [(one["name"], entry) for one in shown for entry in one["entries"]]
        due.sort(key=lambda row: (row[1]["act_date"], row[1]["id"]), reverse=True)
        lost = [] if self._person else ledger["unexplained"]
        self._rows = [*lost, *due]
        who = shown[0]["name"] if self._person else _("everyone")
        title = _("Due on each act")
        self.lines.border_title = content(f"{title} · {one_line(who)}")
        self.lines.show_rows(len(self._rows), empty=reason or _("Nothing was due in this year."))
        partly = left_out(ledger, "payments")
        self.lines.border_subtitle = content(one_line(with_key(partly[0])) if partly and not reason else "")

    def _draw(self, row: int, width: int) -> list[Cell]:
        what = self._rows[row]
        if not isinstance(what, tuple):
            amount = " " + money(what["amount"])
            said = f"{day(what['on'])}  ? {spoken(what['reason_fr'], what['reason_en'])}"
            return [(fit(one_line(said), width - len(amount)), "warn"), (amount, "strong")]
        who, entry = what
        amount = " " + money(entry["amount"])
        trace, tone = _trace(entry)
        trace = " " + trace
        name = _("part.") if entry["kind"] == "participation" else _("fran.")
        left = f"{day(entry['act_date'])}  {name}  {one_line(entry['act'])} · {one_line(who)}"
        room = max(10, width - len(amount) - min(len(trace), width // 2))
        return [(fit(left, room), ""), (fit(trace, width - room - len(amount)), tone), (amount, "strong")]

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Show the payment of the care."""
        what = self._rows[message.row]
        self.ameli.open_payment((what[1] if isinstance(what, tuple) else what)["payment"])

    def action_year(self, step: int) -> None:
        """Another year."""
        if self._years and self._year is not None:
            at = (self._years.index(self._year) + step) % len(self._years)
            self._year = self._years[at]
            self.load()

    def action_person(self) -> None:
        """Everyone, then each person."""
        if self._found is not None:
            self._person = (self._person + 1) % (len(self._found["beneficiaries"]) + 1)
            self._show(self._found)

    def action_summary(self) -> None:
        """The year in sums."""
        from ameli_tui.screens.money.year import YearScreen

        self.app.push_screen(YearScreen(self._year))


def _trace(entry: LedgerEntry) -> tuple[str, str]:
    if not entry["withheld"]:
        return _("to be withheld later") + (" ?" if entry["certainty"] == "doubtful" else ""), "warn"
    last = entry["withheld"][-1]
    here = last["payment"] == entry["payment"]
    said = _("withheld at once") if here else _("withheld on {day}").format(day=day(last["on"]))
    if last["certainty"] == "likely":
        said += " (" + _("likely") + ")"
    if Decimal(entry["outstanding"]):
        said += ", " + _("in part")
    return said, "good"


def gauges_content(people: list[LedgerPerson], forecast: Forecast, doubts: list[str], width: int) -> Content:
    """Both ceilings of each person as bars that read without colour, what comes next, and what of it is not sure."""
    parts: list[Part] = []
    names = max((len(one_line(one["name"])) for one in people), default=0)
    name_room = min(names, max(8, width // 4))
    for person in people:
        for name, gauge, title in (
            (one_line(person["name"]), person["participation"], _("participations")),
            ("", person["franchise"], _("franchises")),
        ):
            said = _("{due} of {ceiling}").format(due=money(gauge["due"]), ceiling=money(gauge["ceiling"]))
            if Decimal(gauge["outstanding"]):
                said += ", " + _("{amount} to come").format(amount=money(gauge["outstanding"]))
            label = f"{fit(name, name_room)} {fit(title, 15)}"
            bar_room = max(5, min(40, width - len(label) - len(said) - 2))
            parts += [(label + " ", "bold" if name else "$text-muted"), *_bar(gauge, bar_room), " ", said, "\n"]
    parts.append((spoken(forecast["text_fr"], forecast["text_en"]), "$text-muted"))
    parts += [(f"\n! {one_line(text)}", "$warning") for text in doubts]
    return content(*parts)


def _bar(gauge: Gauge, room: int) -> list[Part]:
    """``█`` withheld, ``▒`` due and still to come, ``░`` free."""
    ceiling = Decimal(gauge["ceiling"])
    if not ceiling:
        return [("░" * room, "$text-muted")]
    withheld = int(min(Decimal(1), Decimal(gauge["withheld"]) / ceiling) * room)
    due = int(min(Decimal(1), Decimal(gauge["due"]) / ceiling) * room)
    return [("█" * withheld, "$primary"), ("▒" * (due - withheld), "$warning"), ("░" * (room - due), "$text-muted")]
