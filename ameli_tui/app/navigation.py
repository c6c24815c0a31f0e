"""Going about: the numbered screens, what is opened on top of them, and the ways back."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from textual.widget import Widget

from ameli_tui.app.base import ShieldedApp
from ameli_tui.i18n import _
from ameli_tui.screens.base.confirm import Also, Answer, SureScreen
from ameli_tui.screens.base.page import Page
from ameli_tui.widgets.bars import TABS

_PAGES = frozenset(name for name, _title in TABS)
_SCREENS = {
    "home": ("home.home", "HomePage"), "payments": ("payments.payments", "PaymentsPage"),
    "ledger": ("money.ledger", "LedgerPage"), "owed": ("money.owed", "OwedPage"),
    "documents": ("documents.documents", "DocumentsPage"), "messages": ("messages.messages", "MessagesPage"),
    "procedures": ("requests.procedures", "ProceduresPage"), "ask": ("help.ask", "AskPage"),
    "agent": ("agent.agent", "AgentPage"),
    "certificates": ("documents.certificates", "CertificatesScreen"), "contract": ("money.contract", "ContractScreen"),
    "estimate": ("money.estimate", "EstimateScreen"), "guide": ("help.guide", "GuideScreen"),
    "newcomer": ("requests.newcomer", "NewcomerScreen"), "sign_in": ("agent.login", "LoginScreen"),
    "year": ("money.year", "YearScreen"),
}
"""Every screen that is opened by its name alone, numbered or on top: module under ``ameli_tui.screens``, and class."""
_SCREEN_OF_ACTION = {
    "payments": "payments", "explain": "payments", "ledger": "ledger", "owed": "owed", "documents": "documents",
    "messages": "messages", "profile": "agent", "sync": "home", "doctor": "agent",
    "requests": "procedures", "deadlines": "procedures",
    "attestation": "certificates", "coverage": "contract", "estimate": "estimate", "guide": "guide",
    "login": "sign_in", "newcomer": "newcomer", "year": "year",
}
"""The screen where an action of ameliBot is done; what is not named is a procedure."""


class GoingApp(ShieldedApp, inherit_bindings=False):
    """Which screen is shown. Every screen on top is imported when it is first wanted."""

    unsent: tuple[str, str] = ("", "")
    """Subject and text of a message that was left before it was sent; kept while the screens are open."""

    _undo: tuple[Widget | None, Callable[[], object]] | None = None
    """How to take back what was done last, and the screen that must still be open for it."""

    @property
    def gated(self) -> bool:
        """Whether a screen stands before the data, be it below the glossary."""
        return any(getattr(one, "GATE", False) for one in self.screen_stack)

    # -- numbered screens --------------------------------------------------------------------------------------------

    def action_page(self, name: str) -> None:
        """Show one of the numbered screens; it is made on the first visit and kept."""
        if name not in _PAGES or (self.gated and len(self.screen_stack) > 1):
            return
        while len(self.screen_stack) > 1:
            self.close_top()
        if isinstance(self.screen, Page) and name == self.screen.NAME:
            return
        if name not in self._installed_screens:
            self.install_screen(_screen_class(name)(), name)
        self.switch_screen(name)

    def installed(self, name: str) -> Page[object] | None:
        """A numbered screen if it was visited, else None."""
        page = self._installed_screens.get(name)
        return page if isinstance(page, Page) else None

    def jump(self, action: str) -> None:
        """Go where an action that ameliBot offers is done."""
        if action == "message":
            self.open_writing()
        elif (name := _SCREEN_OF_ACTION.get(action)) is None:
            self.open_procedure(action)
        elif name in _PAGES:
            self.action_page(name)
        else:
            self.open_named(name)

    # -- on top of them ----------------------------------------------------------------------------------------------

    def open_named(self, name: str) -> None:
        """Show, on top, a screen that needs nothing but its name; not on top of itself."""
        wanted = _screen_class(name)
        if not isinstance(self.screen, wanted):
            self.push_screen(wanted())

    def open_payment(self, payment: str) -> None:
        """Show one payment on top."""
        from ameli_tui.screens.payments.payment import PaymentScreen

        self.push_screen(PaymentScreen(payment))

    def open_why(self, payment: str) -> None:
        """Show why a payment is what it is, on top."""
        from ameli_tui.screens.payments.why import WhyScreen

        self.push_screen(WhyScreen(payment))

    def open_message(self, message: str) -> None:
        """Show one message among the others."""
        from ameli_tui.screens.messages.messages import MessagesPage

        self.action_page("messages")
        if isinstance(page := self.installed("messages"), MessagesPage):
            page.show_message(message)

    def open_procedure(self, name: str) -> None:
        """Show what a procedure is and needs, on top."""
        from ameli_tui.screens.requests.procedure import ProcedureScreen

        self.push_screen(ProcedureScreen(name))

    def open_importing(self, pasted: str | None = None) -> None:
        """Take in files of the person's own, on top; of what was pasted, only if it names files."""
        from ameli_tui.files.collect import dropped, there
        from ameli_tui.screens.documents.import_files import ImportScreen

        if pasted is None or any(path.is_absolute() and there(path) for path in dropped(pasted)):
            self.push_screen(ImportScreen(pasted or ""))

    def open_export(self, what: str | None = None, year: int | None = None) -> None:
        """Write a file for another program, on top; ``what`` and ``year`` are asked for without them."""
        from ameli_tui.screens.documents.export import ExportScreen

        screen, below = ExportScreen(what, year), self.screen

        def written(path: Path | None) -> None:
            if path is not None and isinstance(below, Page):
                below.say(screen.outcome(path), "bold $success", 20)

        self.push_screen(screen, written)

    def open_request(self, request: str) -> None:
        """Show one request with its history, on top."""
        from ameli_tui.screens.requests.request import RequestScreen

        self.push_screen(RequestScreen(request))

    def open_writing(self, subject: str = "", body: str = "") -> None:
        """Write to an adviser, on top; without a subject, go on with what was left unsent."""
        from ameli_tui.screens.messages.write import WriteScreen

        self.push_screen(WriteScreen(*((subject, body) if subject else self.unsent)))

    # -- asking first, and taking back -------------------------------------------------------------------------------

    def ask_first(
        self, question: str, yes: str, then: Callable[[], object], *, also: Also | None = None
    ) -> None:
        """Do something only after Enter, or what ``also`` says after its key; any other key goes back. ``yes``: what
        Enter does, in words."""
        def answered(answer: Answer | None) -> None:
            if answer == "yes":
                then()
            elif answer == "also" and also is not None:
                also.then()

        self.push_screen(SureScreen(question, yes, also), answered)

    def offer_undo(self, said: str, undo: Callable[[], object], *, on: Widget | None = None) -> None:
        """Say what was done, and that one key takes it back. ``on``: only while this screen is open."""
        self._undo = (on, undo)
        self.say(said + " " + _("z takes it back."), "bold", 20)

    def action_undo(self) -> None:
        """Take back what was done last, once."""
        undo, self._undo = self._undo, None
        if undo is None or not (undo[0] is None or undo[0] in self.screen_stack):
            self.say(_("There is nothing to take back."))
        else:
            undo[1]()

    def action_copy(self) -> None:
        """Send what has the focus to the terminal's clipboard."""
        if isinstance(self.screen, Page) and (text := self.screen.copied_text()):
            self.copy_to_clipboard(text)

    # -- back --------------------------------------------------------------------------------------------------------

    def close_top(self) -> None:
        """Close what lies on top, once it has put away what it holds."""
        if isinstance(self.screen, Page):
            self.screen.leave()
        self.pop_screen()

    async def action_back(self) -> None:
        """Close what lies on top; from a numbered screen go home; from home leave."""
        if getattr(self.screen, "GATE", False):
            self.leave_gate()
            return
        if self._stepped_back(out=True):
            return
        if len(self.screen_stack) > 1:
            self.close_top()
        elif isinstance(self.screen, Page) and self.screen.NAME not in ("home", ""):
            self.action_page("home")
        else:
            self.exit()

    def leave_gate(self) -> None:
        """End the program from a screen that stands before the data."""
        self.exit()

    def action_step_back(self) -> None:
        """Close what lies on top, or go home."""
        if self._stepped_back(out=False):
            return
        if len(self.screen_stack) > 1:
            self.close_top()
        elif isinstance(self.screen, Page) and self.screen.NAME not in ("home", ""):
            self.action_page("home")

    def _stepped_back(self, *, out: bool) -> bool:
        return isinstance(self.screen, Page) and self.screen.stepped_back(out=out)


def _screen_class(name: str) -> type[Page[None]]:
    """The class of a screen, which is imported when it is first wanted."""
    module, its_name = _SCREENS[name]
    screen: type[Page[None]] = getattr(import_module(f"ameli_tui.screens.{module}"), its_name)
    return screen
