"""The top-up contract and everybody's situations: what is noted, and a few questions to change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from agent.client import api
from ameli_tui.i18n import N_, _, day, lang
from ameli_tui.screens.base.step_form import Ask, Choice, FormScreen
from ameli_tui.terminal.safe_text import Part, one_line

if TYPE_CHECKING:
    from agent.client.client import Problem
    from agent.protocol.account import Profile
    from agent.protocol.money import ContractTold, Coverage, CoverChange, Situation

_SITUATIONS = {
    "ald": N_("long illness (ALD)"), "maternity": N_("maternity"), "c2s": N_("C2S"), "ame": N_("AME"),
    "alsace_moselle": N_("Alsace-Moselle"), "work_accident": N_("work accident"),
    "pension_invalidity": N_("invalidity pension"),
}


class ContractScreen(FormScreen[None]):
    """Step by step: choose what to change, then say it."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("field", "list")

    def __init__(self) -> None:
        super().__init__()
        self._found: Coverage | None = None
        self._step = "menu"
        self._draft: ContractTold = {}
        self._situation = ""
        self._person = ""

    def load(self) -> None:
        """Ask what is noted."""
        self.ask(api.coverage(), self.got_coverage, latest="coverage")
        self.ask(api.profile(), self.got_profile, latest="profile")

    def got_profile(self, profile: Profile) -> None:
        """Whose situations there are."""
        self._names = [one["name"] for one in profile["beneficiaries"]]
        if self._found is not None:
            self._menu(self._found)

    _names: Sequence[str] = ()

    def got_coverage(self, coverage: Coverage) -> None:
        """Show what is noted."""
        self._found = coverage
        self._menu(coverage)

    def _menu(self, coverage: Coverage) -> None:
        self._step = "menu"
        choices = [Choice("contract", _("Note what the contract pays"))]
        if coverage["contract"]:
            choices.append(Choice("forget", _("Forget the contract")))
        choices += [Choice(f"person:{name}", _("Situations of {name}").format(name=one_line(name)))
                    for name in self._names]
        self.show(_("Top-up insurance"), self._facts(coverage), choices=choices)

    def _facts(self, coverage: Coverage) -> list[Part]:
        parts: list[Part] = []
        contract, named = coverage["contract"], coverage["top_up"]
        parts += [(_("Named by the account: {name}").format(name=one_line(named)) if named
                   else _("No page read so far names one."), "$text-muted"), "\n"]
        if contract:
            said = _("{name}: {percent} % of the base, the fund's share included").format(
                name=one_line(contract["name"] or "?"), percent=contract["percent_brss"])
            parts += [(said, "bold"), "\n"]
            if contract["percent_optam"]:
                parts += [_("At doctors with OPTAM: {percent} %").format(percent=contract["percent_optam"]), "\n"]
            if contract["from"]:
                parts += [_("Since {day}").format(day=day(contract["from"])), "\n"]
        else:
            parts += [_("No contract is noted: the top-up's share is not counted."), "\n"]
        parts.append((_("A responsible contract pays the co-payment, the hospital day charge and 100 % Santé; it may "
                        "not pay participations, franchises or the out-of-pathway increase."), "$text-muted"))
        for name, listed in coverage["situations"].items():
            if listed:
                said = ", ".join(_(_SITUATIONS.get(one["situation"], one["situation"])) for one in listed)
                parts += ["\n", f"{one_line(name)}: {said}"]
        return parts

    def chosen(self, choice: str) -> None:
        """Go on with what was picked."""
        if (coverage := self._found) is None:
            return
        if self._step == "menu" and choice == "contract":
            contract = coverage["contract"]
            self._step = "contract"
            self.show(_("The contract"), [_(
                "The contract's table of benefits gives a percentage of the base (BRSS) for doctors, the fund's share "
                "included: 100 %, 150 %, 200 %…")],
                      asks=[Ask(_("Insurer"), value=(contract and contract["name"]) or coverage["top_up"] or ""),
                            Ask(_("Per cent"), value=(contract and contract["percent_brss"]) or "100")])
        elif choice == "forget":
            self._forget({"contract": None}, {"contract": coverage["contract"]})
        elif choice.startswith("person:"):
            self._person = choice.partition(":")[2]
            self._step = "situation"
            options = [Choice(name, _(text)) for name, text in _SITUATIONS.items()]
            options += [
                Choice("none", _("none of these any more")), Choice("doctor", _("a treating doctor is declared")),
                Choice("no-doctor", _("no treating doctor is declared"))]
            self.show(one_line(self._person), [_("What holds for this person? It changes rates and exemptions.")],
                      choices=options)
        elif choice == "none":
            before = list(coverage["situations"].get(self._person) or ())
            self._forget({"situations": {self._person: []}}, {"situations": {self._person: before}})
        elif choice in ("doctor", "no-doctor"):
            self._save({"attending_doctor": {self._person: choice == "doctor"}})
        else:
            self._situation = choice
            self._step = "days"
            self.show(_(_SITUATIONS[choice]), [_("From which day to which? Like 2026-01-31; empty leaves it open.")],
                      asks=[Ask(_("From")), Ask(_("Until"))])

    def submitted(self, values: list[str]) -> None:
        """A step was filled in."""
        if (coverage := self._found) is None:
            return
        first, second = (value.strip() for value in values)
        if self._step == "contract":
            self._draft = {"name": first, "percent_brss": second}
            self._step = "more"
            contract = coverage["contract"]
            self.show(_("The contract"), [_("If it gives more at doctors with OPTAM, how much? And since when?")],
                      asks=[Ask(_("Per cent with OPTAM"), value=(contract and contract["percent_optam"]) or ""),
                            Ask(_("First day"), hint="2026-01-01", value=(contract and contract["from"]) or "")])
        elif self._step == "more":
            self._save({"contract": {**self._draft, "percent_optam": first, "from": second}})
        elif self._step == "days":
            listed: list[Situation] = [*(coverage["situations"].get(self._person) or ()),
                                       {"situation": self._situation, "from": first, "until": second}]
            self._save({"situations": {self._person: listed}})

    def _forget(self, body: CoverChange, before: CoverChange) -> None:
        self._save(body)
        self.ameli.offer_undo(_("Taken away."), lambda: self._save(before), on=self)

    def _save(self, body: CoverChange) -> None:
        if (owed := self.ameli.installed("owed")) is not None:
            owed.stale = True  # it counts on the contract: asked anew when it is seen again
        self.ask(api.set_coverage(body), self.got_coverage, latest="coverage")

    def refused(self, name: str, problem: Problem) -> None:
        """Say what does not hold, beside what was typed."""
        self.tell(f"! {problem.message(lang())} {problem.hint(lang())}", "bold $error")

    def cancelled(self) -> None:
        """From a question back to the menu, from there out."""
        if self._step == "menu" or self._found is None:
            self.ameli.action_step_back()
        else:
            self._menu(self._found)
