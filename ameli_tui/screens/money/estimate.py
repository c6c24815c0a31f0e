"""What will I get back for…: a few lines to type in, and the answer as they change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, lang, money, spoken
from ameli_tui.i18n.care_acts import care_acts, find_acts
from ameli_tui.i18n.certainty import doubts_told, without_doubts
from ameli_tui.i18n.citations import source_style, source_text
from ameli_tui.i18n.search_text import fold
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, fit, one_line, wrapped
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.text_input import Field
from config.clock import today

if TYPE_CHECKING:
    from agent.client.client import Problem
    from agent.protocol.account import Covered, Profile
    from agent.protocol.money import Coverage
    from agent.protocol.prices import CareToPrice, Estimate, Patient

_PAUSE_S = 0.15
_YES = ("y", "yes", "o", "oui", "1")


class EstimateScreen(Page[None]):
    """Fields at the left, steps at the right; below one another where it is narrow."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    KEYS_OF: ClassVar[tuple[str, ...]] = ("field",)
    ONGOING = False

    def __init__(self) -> None:
        super().__init__()
        self._people: dict[str, Covered] = {}
        self._noted: Coverage | None = None
        self.act = Field(label=_("Care"), hint=_("general practitioner, crown, PH7…"), classes="estimate-field")
        self.on = Field(label=_("Day"), classes="estimate-field")
        self.price = Field(label=_("Price"), hint=_("the tariff of the day"), classes="estimate-field")
        self.base = Field(label=_("Base"), hint=_("from a quote or statement"), classes="estimate-field")
        self.sector = Field(label=_("Sector"), hint="1 · 2 · optam", classes="estimate-field")
        self.pathway = Field(label=_("In the care pathway"), hint=_("yes"), classes="estimate-field")
        self.person = Field(label=_("For"), hint=_("you"), classes="estimate-field")
        self.percent = Field(label=_("Top-up, % of the base"), hint=_("none"), classes="estimate-field")
        self.fields = (self.act, self.on, self.price, self.base, self.sector, self.pathway, self.person, self.percent)
        self.result = Pane(_("What you will get back"), id="estimate-result", focus=False)

    def body(self) -> Iterable[Widget]:
        """Lines to type in, and the answer."""
        with Horizontal(id="estimate-body"):
            with Vertical(id="estimate-fields"):
                yield from self.fields
            yield self.result

    def on_mount(self) -> None:
        """Today's care."""
        self.on.set_value(today().isoformat())
        self._show_acts()
        self.set_focus(self.act)

    def load(self) -> None:
        """Ask for the family and the contract."""
        self.ask(api.profile(), self.got_profile, latest="profile")
        self.ask(api.coverage(), self.got_coverage, latest="coverage")

    def got_profile(self, profile: Profile) -> None:
        """Who there is."""
        self._people = {fold(one["name"]): one for one in profile["beneficiaries"]}

    def got_coverage(self, coverage: Coverage) -> None:
        """What the top-up gives."""
        self._noted = coverage
        if coverage["contract"] and not self.percent.value:
            self.percent.set_value(coverage["contract"]["percent_brss"])

    def on_field_changed(self, message: Field.Changed) -> None:
        """Work it out once the fingers rest."""
        if type(message) is Field.Changed:
            self.after_pause("estimate", _PAUSE_S, self._work_out)

    def on_field_done(self, message: Field.Done) -> None:
        """Enter goes to the next line."""
        at = self.fields.index(message.field)
        self.set_focus(self.fields[(at + 1) % len(self.fields)])

    def on_field_cancelled(self, _message: Field.Cancelled) -> None:
        """Escape leaves."""
        self.ameli.action_step_back()

    def _work_out(self) -> None:
        typed = self.act.value.strip()
        acts = find_acts(typed)
        if not typed or (len(acts) > 1 and typed.upper() not in {code for code, _name in acts}):
            self._show_acts()
            return
        care = self._care(acts[0][0] if acts else typed)
        self.ask(api.estimate(care), self.got_estimate, latest="estimate")

    def _care(self, code: str) -> CareToPrice:
        care: CareToPrice = {
            "act": code, "on": self.on.value.strip(), "coordinated": self._pathway(), "beneficiary": self._person()}
        if price := _plain(self.price):
            care["price"] = price
        if base := _plain(self.base):
            care["base"] = base
        if sector := _plain(self.sector):
            care["sector"] = sector
        if percent := _plain(self.percent):
            care["top_up"] = {"percent_brss": percent}
            contract = self._noted["contract"] if self._noted else None
            if contract and (optam := contract["percent_optam"]):
                care["top_up"]["percent_brss_optam"] = optam
        return care

    def _pathway(self) -> bool:
        said = fold(self.pathway.value.strip())
        return not said or said in _YES

    def _person(self) -> Patient:
        wanted = fold(self.person.value.strip())
        people = list(self._people.items())
        person = next((who for name, who in people if wanted and wanted in name), people[0][1] if people else None)
        if person is None:
            return {}
        noted = self._noted["situations"].get(person["name"], []) if self._noted else []
        day = self.on.value.strip()
        holds = [situation["situation"] for situation in noted
                 if (not situation["from"] or situation["from"] <= day)
                 and (not situation["until"] or day <= situation["until"])]
        return {"birth_date": person["birth_date"], "situations": sorted(set(holds))}

    def got_estimate(self, estimate: Estimate) -> None:
        """Show amounts and steps."""
        self.result.show(lambda width: estimate_content(estimate, width))

    def refused(self, name: str, problem: Problem) -> None:
        """Say what the rules cannot price, and what is nearest."""
        if name == "estimate":
            said = f"{problem.message(lang())}\n{problem.hint(lang())}"
            self.result.show(content(("! " + said, "$warning")))
        else:
            super().refused(name, problem)

    def _show_acts(self) -> None:
        acts = find_acts(self.act.value) or care_acts()
        parts: list[Part] = [(_("Which care? Type some of its words, or its code:"), "$text-muted"), "\n"]
        for code, name in acts:
            parts += [(fit(code, 19), "bold $primary"), " ", name, "\n"]
        self.result.show(content(*parts))


def _plain(field: Field) -> str:
    """What was typed, an amount with a point for its comma."""
    return field.value.strip().replace(",", ".")


def estimate_content(estimate: Estimate, width: int) -> Content:
    """An estimate for a panel ``width`` cells wide."""
    facts = (
        (_("Price"), estimate["price"]), (_("Paid by the fund"), estimate["amo"]),
        (_("Paid by others"), estimate["amc"]), (_("Left to pay"), estimate["left_to_pay"]))
    names = max(len(name) for name, _amount in facts) + 2
    parts: list[Part] = [(one_line(estimate["act"]), "bold $primary"), "\n"]
    for name, amount in facts:
        parts += [fit(name, names), (fit(money(amount), 11, right=True), "bold"), "\n"]
    if doubts := doubts_told(estimate):
        parts.append("\n")
        for line in (line for text in doubts for line in wrapped(one_line(text), width)):
            parts += [(line, "$warning"), "\n"]
    for number, step in enumerate(without_doubts(estimate), 1):
        parts.append("\n")
        for line in wrapped(f"{number}. {one_line(spoken(step['text_fr'], step['text_en']))}", width):
            parts += [line, "\n"]
        if source := source_text(step):
            parts += [(f"   {one_line(source)}", source_style(step))]
    return content(*parts)
