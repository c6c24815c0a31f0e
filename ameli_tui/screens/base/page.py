"""What all screens share: the two bars, questions to the agent, and what to do when it refuses."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.events import DescendantFocus
from textual.screen import Screen
from textual.widget import Widget

from agent.client.call import Call
from ameli_tui.backend.calls import Answered, Asker, Refused
from ameli_tui.i18n import _, lang
from ameli_tui.widgets.bars import KeyBar, TopBar
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Lines

if TYPE_CHECKING:
    from textual.timer import Timer

    from agent.client.client import Client, Problem
    from agent.protocol.assistant import Term
    from ameli_tui.screens.base.shell import Shell

R = TypeVar("R")
T = TypeVar("T")

_PATIENCE_S = 0.5
"""After so long without an answer the screen says that it waits."""
_LONG_S = 5
"""Seconds after which it is said for how long the agent has been at work."""


class Page(Screen[R], inherit_bindings=False):
    """A screen with the bars, which may be dismissed with an ``R``.

    A subclass gives ``NAME``, ``KEYS_OF`` and ``body``, and asks for what it shows in ``load``.
    """

    NAME: ClassVar[str] = ""
    """Its tab; empty for a screen that lies on top of one."""
    KEYS_OF: ClassVar[tuple[str, ...]] = ()
    """The parts of the key table that work here, besides those of the whole program."""
    GATE: ClassVar[bool] = False
    """Whether it stands before the data: then there is nowhere to go but through."""
    ONGOING: ClassVar[bool] = True
    """Whether it is loaded anew when data changed."""

    AUTO_FOCUS = None

    def __init__(self) -> None:
        super().__init__()
        self.asker = Asker(self)
        self._armed: dict[str, Timer] = {}
        self._unsay: Timer | None = None
        self._looking_again: Timer | None = None
        self._waited = False
        self.top_bar = TopBar(self.NAME, tabs=not self.GATE)
        alone = self.GATE or "field" in self.KEYS_OF  # where letters are typed they are no commands
        self._hints = (*self.KEYS_OF, *(() if alone else ("app",)))
        self.key_bar = KeyBar(*self._hints)
        self.stale = False
        """Data changed while another screen was shown."""

    @property
    def ameli(self) -> "Shell":
        """The program."""
        return cast("Shell", self.app)

    @property
    def client(self) -> "Client":
        """The way to the agent; for use in a thread."""
        return self.ameli.client

    def compose(self) -> Iterable[Widget]:
        """Bar, body, bar."""
        yield self.top_bar
        yield from self.body()
        yield self.key_bar

    def body(self) -> Iterable[Widget]:
        """What stands between the bars."""
        return ()

    def load(self) -> None:
        """Ask for what is shown."""

    def leave(self) -> None:
        """About to be closed: put away what would be lost."""

    def last_wish(self, deadline: float) -> None:
        """The program ends by a fault of its own: put away what would be lost, within so many seconds."""

    def holds_unkept(self) -> bool:
        """Whether ending the program now would lose what the person filled in."""
        return False

    def before_locking(self) -> Callable[[], object] | None:
        """The vault is about to close below this screen: what to run in a thread to keep what it holds."""
        return None

    def stepped_back(self, *, out: bool) -> bool:
        """Whether going back stayed within the screen. ``out``: the person wants to leave it, not only go one back."""
        return False

    def on_mount(self) -> None:
        """Ask for the data at once. Textual calls this after a subclass's own ``on_mount``."""
        self.show_state()
        self.load()

    def on_screen_resume(self) -> None:
        """Shown again: catch up."""
        self.show_state()
        if self.stale:
            self.stale = False
            self.load()

    def data_changed(self) -> None:
        """The agent has new data: load now, or when next shown."""
        if not self.ONGOING:
            return
        if self.is_current:
            self.load()
        else:
            self.stale = True

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """While a line is typed in, letters are no commands: the hints are those of the line, else of the list."""
        here = self._hints
        if isinstance(event.widget, Field):
            here = self.KEYS_OF if "field" in self.KEYS_OF else ("field",)
        elif isinstance(event.widget, Lines) and "field" in self.KEYS_OF:
            here = ("list", "gate" if self.GATE else "app")
        self.key_bar.turn(*here)

    def term_at_hand(self) -> "Term | None":
        """What is under the cursor as a term of the glossary (``fr``, ``en``, ``meaning_fr``, ``meaning_en``)."""
        return None

    def show_state(self) -> None:
        """Bring the state at the top right up to date."""
        if self.asker.busy and self._waited:
            seconds = int(self.asker.waited_s)
            text = _("still working, {n} s").format(n=seconds) if seconds >= _LONG_S else _("waiting")
            self.top_bar.show_state("… " + text, "$warning")
        else:
            self.top_bar.show_state(*self.ameli.state_line())

    def say(self, text: str, style: str = "", seconds: float = 8.0) -> None:
        """Say something in the bottom line for a while."""
        self.key_bar.say(text, style)
        if text:
            if self._unsay is not None:
                self._unsay.stop()
            self._unsay = self.set_timer(seconds, lambda: self.key_bar.say(""))

    # -- pauses ------------------------------------------------------------------------------------------------------

    def after_pause(self, name: str, seconds: float, act: Callable[[], object]) -> None:
        """Run ``act`` once so many seconds have gone by in which nothing armed or disarmed ``name`` again."""
        def run() -> None:
            self._armed.pop(name, None)
            act()

        self.disarm(name)
        self._armed[name] = self.set_timer(seconds, run)

    def disarm(self, name: str) -> None:
        """Do not run what waits for a pause under this name."""
        if (timer := self._armed.pop(name, None)) is not None:
            timer.stop()

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited that matters, or something waits for a pause before it is asked."""
        return self.asker.busy or bool(self._armed)

    # -- questions ---------------------------------------------------------------------------------------------------

    def ask(self, question: "Call[T] | Callable[[], T]", then: Callable[[T], object], *, latest: str) -> None:
        """Ask the agent in a thread: a call, or what makes several of them. ``then`` takes the answer, unless a newer
        question of that name was asked.

        ``refused`` takes a refusal, with the question's name.
        """
        made = partial(self.client.ask, question) if isinstance(question, Call) else question
        self.asker.ask(made, then, latest=latest)
        self.set_timer(_PATIENCE_S, self._still_waiting)

    def _still_waiting(self) -> None:
        if self.asker.busy:
            self._waited = True
            self.show_state()
            if self._looking_again is None:  # the seconds go on
                self._looking_again = self.set_interval(1.0, self._still_waiting)
        elif self._looking_again is not None:
            self._looking_again.stop()
            self._looking_again = None

    def _came(self, message: Answered | Refused) -> bool:
        counts = self.asker.close(message)
        if self._waited and not self.asker.busy:
            self._waited = False
            self.show_state()
        return counts

    def on_answered(self, message: Answered) -> None:
        """Hand an answer to whom it is for, unless a newer question was asked."""
        message.stop()
        if self._came(message):
            message.hand_over()

    def on_refused(self, message: Refused) -> None:
        """Hand a refusal on, unless a newer question was asked."""
        message.stop()
        if self._came(message) and not self.ameli.met(message.problem, self):
            self.refused(message.name, message.problem)

    def refused(self, name: str, problem: "Problem") -> None:
        """Say why, in the bottom line."""
        self.say(f"{problem.message(lang())} {problem.hint(lang())}", "bold $error", 20.0)

    def copied_text(self) -> str:
        """What ``y`` copies: the row or the text that has the focus."""
        focused = self.focused
        for name in ("row_text", "plain"):
            if focused is not None and hasattr(focused, name):
                return str(getattr(focused, name)())
        return ""
