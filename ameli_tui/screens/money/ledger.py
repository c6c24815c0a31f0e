"""Participations and franchises: how far both ceilings are for each person, and every sum with its trace."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from ameli_tui.i18n import _, day, lang, money
from ameli_tui.i18n.not_counted import left_out, with_key
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading


class LedgerPage(Page):
    """Gauges above, entries below."""

    NAME = "ledger"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("ledger", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("ledger")]

    def __init__(self) -> None:
        super().__init__()
        self._year: int | None = None
        self._years: list[int] = []
        self._person = 0
        self._found: dict[str, Any] = {"beneficiaries": [], "unexplained": []}
        self._rows: list[dict[str, Any]] = []
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
        query = {"year": self._year} if self._year else {}
        self.ask("ledger", lambda: self.client.get("/v1/ledger", **query))

    def got_ledger(self, found: dict[str, Any]) -> None:
        """Show the year."""
        self._found = found
        self._year = found["year"]
        self._years = sorted({*found["years"], found["year"]}, reverse=True)
        self._person %= len(found["beneficiaries"]) + 1
        self._show()

    def _shown(self) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = self._found["beneficiaries"]
        return people if not self._person else [people[self._person - 1]]

    def _show(self) -> None:
        shown = self._shown()
        self.gauges.retitle(_("Ceilings of {year}").format(year=self._found["year"]))
        self.gauges.styles.height = min(12, 2 * len(shown) + 2 + 1)
        nothing = left_out(self._found, "payments", whole=True)
        told = with_key(nothing[0]) if nothing else ""
        self.gauges.show(lambda width: (
            content(one_line(told)) if told else gauges_content(shown, self._found["forecast"], width)))
        rows = [{**entry, "name": one["name"]} for one in shown for entry in one["entries"]]
        rows.sort(key=lambda entry: (entry["act_date"], entry["id"]), reverse=True)
        if not self._person:
            rows = [{**one, "lost": True} for one in self._found["unexplained"]] + rows
        self._rows = rows
        who = shown[0]["name"] if self._person else _("everyone")
        title = _("Due on each act")
        self.lines.border_title = content(f"{title} · {one_line(who)}")
        self.lines.show_rows(len(rows), empty=told or _("Nothing was due in this year."))
        partly = left_out(self._found, "payments")
        self.lines.border_subtitle = content(one_line(with_key(partly[0])) if partly and not told else "")

    def _draw(self, row: int, width: int) -> list[Cell]:
        one = self._rows[row]
        amount = " " + money(one["amount"])
        if one.get("lost"):
            said = f"{day(one['on'])}  ? {one[f'reason_{lang()}']}"
            return [(fit(one_line(said), width - len(amount)), "warn"), (amount, "strong")]
        trace, tone = _trace(one)
        trace = " " + trace
        name = _("part.") if one["kind"] == "participation" else _("fran.")
        left = f"{day(one['act_date'])}  {name}  {one_line(one['act'])} · {one_line(one['name'])}"
        room = max(10, width - len(amount) - min(len(trace), width // 2))
        return [(fit(left, room), ""), (fit(trace, width - room - len(amount)), tone), (amount, "strong")]

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Show the payment of the care."""
        self.ameli.open_payment(self._rows[message.row]["payment"])

    def action_year(self, step: int) -> None:
        """Another year."""
        if self._years and self._year is not None:
            at = (self._years.index(self._year) + step) % len(self._years)
            self._year = self._years[at]
            self.load()

    def action_person(self) -> None:
        """Everyone, then each person."""
        self._person = (self._person + 1) % (len(self._found["beneficiaries"]) + 1)
        self._show()

    def action_summary(self) -> None:
        """The year in sums."""
        from ameli_tui.screens.money.year import YearScreen

        self.app.push_screen(YearScreen(self._year))


def _trace(one: dict[str, Any]) -> tuple[str, str]:
    if not one["withheld"]:
        return _("to be withheld later"), "warn"
    last = one["withheld"][-1]
    here = last["payment"] == one["payment"]
    said = _("withheld at once") if here else _("withheld on {day}").format(day=day(last["on"]))
    if last["certainty"] == "likely":
        said += " (" + _("likely") + ")"
    if Decimal(one["outstanding"]):
        said += ", " + _("in part")
    return said, "good"


def gauges_content(people: list[dict[str, Any]], forecast: dict[str, str], width: int) -> Content:
    """Both ceilings of each person as bars that read without colour, and what comes next."""
    parts: list[Part] = []
    names = max((len(one_line(one["name"])) for one in people), default=0)
    name_room = min(names, max(8, width // 4))
    for one in people:
        for kind, title in (("participation", _("participations")), ("franchise", _("franchises"))):
            gauge = one[kind]
            name = one_line(one["name"]) if kind == "participation" else ""
            said = _("{due} of {ceiling}").format(due=money(gauge["due"]), ceiling=money(gauge["ceiling"]))
            if Decimal(gauge["outstanding"]):
                said += ", " + _("{amount} to come").format(amount=money(gauge["outstanding"]))
            label = f"{fit(name, name_room)} {fit(title, 15)}"
            bar_room = max(5, min(40, width - len(label) - len(said) - 2))
            parts += [(label + " ", "bold" if name else "$text-muted"), *_bar(gauge, bar_room), " ", said, "\n"]
    parts.append((forecast[f"text_{lang()}"], "$text-muted"))
    return content(*parts)


def _bar(gauge: dict[str, str], room: int) -> list[Part]:
    """``█`` withheld, ``▒`` due and still to come, ``░`` free."""
    ceiling = Decimal(gauge["ceiling"])
    if not ceiling:
        return [("░" * room, "$text-muted")]
    withheld = int(min(Decimal(1), Decimal(gauge["withheld"]) / ceiling) * room)
    due = int(min(Decimal(1), Decimal(gauge["due"]) / ceiling) * room)
    return [("█" * withheld, "$primary"), ("▒" * (due - withheld), "$warning"), ("░" * (room - due), "$text-muted")]
