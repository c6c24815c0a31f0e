"""Certificates made on demand, one a row: for each person, each year, each period; view, read or save by one key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, day, lang
from ameli_tui.keys import bindings
from ameli_tui.screens.base.document_actions import FileListPage, Head
from ameli_tui.screens.base.step_form import Ask, FormScreen
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.account import Profile
    from agent.protocol.documents import Document

_YEARS = 2
"""Years back that a tax statement is offered for."""


class Offer(NamedTuple):
    """One row: a certificate for somebody or for some time."""

    kind: str
    """``droits``, ``ij``, ``fiscal``, ``ceam``; ``period`` and ``statements`` lead on."""
    which: str
    """Person, year or period, in words."""
    query: dict[str, str]
    """What the agent is asked with."""


class CertificatesScreen(FileListPage):
    """Nothing of these is kept: each is made by the service, as of today."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("certificates", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("certificates")]
    ONGOING = False

    def __init__(self) -> None:
        super().__init__()
        self._people: list[str] = []
        self._statements: list[str] = []
        self._period: tuple[str, str] | None = None
        self.offers: list[Offer] = []
        self.lines = Lines(self._draw, id="certificates", empty=loading())
        self.pane = Pane(_("What it is"), id="certificate-text", focus=False)

    def body(self) -> Iterable[Widget]:
        """The list, and what the certificate under the cursor is for."""
        yield self.lines
        yield self.pane

    def on_mount(self) -> None:
        """Begin in the list."""
        self.lines.border_title = content(_("Certificates"))
        self.set_focus(self.lines)

    def load(self) -> None:
        """Ask for whom there is, and which statements."""
        self.ask(lambda: (self.client.ask(api.profile()), self.client.ask(api.documents())), self.got_people,
                 latest="people")

    def got_people(self, answers: tuple[Profile, list[Document]]) -> None:
        """List what can be made."""
        profile, documents = answers
        self._people = [one["name"] for one in profile["beneficiaries"]]
        self._statements = [one["id"] for one in documents if one["kind"] == "releve_mensuel"]
        self._offer()

    def _offer(self) -> None:
        from config.clock import today

        self.offers = offers(self._people, len(self._statements), self._period, today())
        self.lines.show_rows(len(self.offers), keep=True)
        self._show()

    def _draw(self, at: int, width: int) -> list[Cell]:
        offer = self.offers[at]
        first = at == 0 or (self.offers[at - 1].kind != offer.kind and offer.kind != "period")
        room = min(max(24, width // 2), 50)
        return [(fit(kind_name(offer.kind) if first else "", room) + "  ", "strong"),
                (fit(one_line(offer.which), max(0, width - room - 2)), "good" if offer.kind == "period" else "")]

    def on_lines_moved(self, _message: Lines.Moved) -> None:
        """What it is for."""
        self._show()

    def _show(self) -> None:
        if self.offers:
            offer = self.offers[self.lines.cursor]
            self.pane.show(content(
                (kind_name(offer.kind), "bold"), f"\n{one_line(offer.which)}\n\n", _purpose(offer.kind)))

    # -- what the person does ----------------------------------------------------------------------------------------

    def fetch_current(self, then: Callable[[tuple[Head, bytes]], None], *, latest: str) -> None:
        """Have the certificate under the cursor made, or go where its row leads."""
        if not self.offers:
            return
        offer = self.offers[self.lines.cursor]
        if offer.kind == "period":
            self.action_period()
        elif offer.kind == "statements":
            from ameli_tui.screens.documents.documents import DocumentsPage

            self.app.push_screen(DocumentsPage(self._statements))
        else:
            title = f"{kind_name(offer.kind)} · {offer.which}"
            head: Head = {"filename": file_name(offer), "title": title, "origins": []}
            self.say(_("Fetching the document…"), seconds=120)
            self.ask(lambda: (head, self.client.ask(api.certificate(offer.kind, **offer.query))), then, latest=latest)

    def action_period(self) -> None:
        """Choose the days of the sick-pay certificate."""
        self.app.push_screen(PeriodScreen(self._period), self._chosen)

    def _chosen(self, period: tuple[str, str] | None) -> None:
        if period is not None:
            self._period = period
            self._offer()
            self.lines.move_to(next(at for at, one in enumerate(self.offers) if one.kind == "ij"))


class PeriodScreen(FormScreen[tuple[str, str]]):
    """First and last day; the result is both as ISO texts, or None."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("field",)

    def __init__(self, before: tuple[str, str] | None) -> None:
        """``before``: the days to begin with."""
        super().__init__()
        self._before = before or ("", "")

    def load(self) -> None:
        """Ask."""
        shown = [day(one) if lang() == "fr" else one for one in self._before]
        self.show(_("Sick-pay certificate: which days?"), [_("A day like 2026-01-31 or 31/01/2026.")],
                  asks=[Ask(_("First day"), value=shown[0]), Ask(_("Last day"), value=shown[1])])

    def submitted(self, values: list[str]) -> None:
        """Two days, the first no later than the last."""
        since, until = (read_day(one) for one in values)
        if since is None or until is None:
            self.tell("! " + _("A day is expected, like 2026-01-31 or 31/01/2026."), "bold $error")
            self.set_focus(self.fields[0 if since is None else 1])
        elif since > until:
            self.tell("! " + _("The first day is later than the last."), "bold $error")
            self.set_focus(self.fields[0])
        else:
            self.dismiss((since.isoformat(), until.isoformat()))

    def cancelled(self) -> None:
        """No other period."""
        self.dismiss(None)


def offers(people: list[str], statements: int, period: tuple[str, str] | None, today: date) -> list[Offer]:
    """The rows: rights of everybody and of each person, sick pay by period, taxes by year, Europe by person."""
    out = [Offer("droits", _("everybody on the account"), {})]
    if len(people) > 1:
        out += [Offer("droits", name, {"beneficiary": name}) for name in people]
    if period is not None:
        out.append(_sick_pay(_("{first} – {last}").format(first=day(period[0]), last=day(period[1])), *period))
    year = today.year
    out += [Offer("ij", _("the last twelve months"), {}),
            _sick_pay(_("this year"), f"{year}-01-01", today.isoformat()),
            _sick_pay(str(year - 1), f"{year - 1}-01-01", f"{year - 1}-12-31"),
            Offer("period", _("other days… (p)"), {})]
    out += [Offer("fiscal", str(year - back), {"year": str(year - back)}) for back in range(1, _YEARS + 1)]
    out += [Offer("ceam", name, {"beneficiary": name}) for name in people] or [Offer("ceam", _("yourself"), {})]
    if statements:
        out.append(Offer("statements", _("open the list ({n})").format(n=statements), {}))
    return out


def _sick_pay(which: str, since: str, until: str) -> Offer:
    return Offer("ij", which, {"since": since, "until": until})


def kind_name(kind: str) -> str:
    """The certificate's name."""
    return {
        "droits": _("Entitlement certificate"), "ij": _("Sick-pay certificate"), "period": _("Sick-pay certificate"),
        "fiscal": _("Tax statement"), "ceam": _("Provisional European certificate"),
        "statements": _("Monthly statements"),
    }[kind]


def _purpose(kind: str) -> str:
    return {
        "droits": _("The attestation de droits: asked for by pharmacies, hospitals, employers and the top-up insurer; "
                    "it stands in for a health card."),
        "ij": _("What daily sick pay was paid over a period, for an employer, the pension fund or the tax office."),
        "period": _("Choose the days to certify."),
        "fiscal": _("The taxable benefits of a year, to check the tax return. The service keeps it for a short time."),
        "ceam": _("Stands in for the European Health Insurance Card at once, for a limited time."),
        "statements": _("The monthly statements (relevés mensuels) among the documents."),
    }[kind]


def file_name(offer: Offer) -> str:
    """The name proposed for the file: letters, digits and dashes only."""
    stem = {"droits": "attestation-de-droits", "ij": "attestation-ij", "fiscal": "releve-fiscal",
            "ceam": "certificat-provisoire-ceam"}[offer.kind]
    from ameli_tui.i18n.search_text import fold

    more = "-".join(re.findall(r"[a-z0-9]+", fold("-".join(offer.query.values()))))
    return f"{stem}-{more}.pdf" if more else f"{stem}.pdf"


def read_day(text: str) -> date | None:
    """A day typed as 2026-01-31 or 31/01/2026; None for anything else."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip())
    french = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text.strip())
    parts = iso.groups() if iso else french.groups()[::-1] if french else None
    try:
        return date(*(int(part) for part in parts)) if parts else None
    except ValueError:
        return None
