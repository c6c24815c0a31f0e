"""A form whose answers become a draft whenever it is left: closed, locked away, or ended by a fault."""

from collections.abc import Callable

from ameli_tui.forms.answers import Filling
from ameli_tui.forms.draft import Answers, Draft
from ameli_tui.screens.base.page import Page


class DraftKeeper(Page[None]):
    """A screen that is such a form. It makes itself anew with ``again``."""

    filling: Filling
    draft: Draft
    sending = False
    """The summary is sending it: there is no draft to keep any more."""
    _done = False

    def put_open_line(self) -> None:
        """Take what stands in a line that is still open for an answer."""

    again: Callable[[], "Page[None]"]
    """Makes the same form once more, with all that was typed."""

    def holds_unkept(self) -> bool:
        """Whether ending the program now would lose answers."""
        return self.filling.changed and not self._done and not self.sending

    def unkept(self) -> Answers | None:
        """What was answered since it was last kept, with what stands in the open line."""
        self.put_open_line()
        return self.draft.now() if self.holds_unkept() else None

    def last_wish(self, deadline: float) -> None:
        """Keep it before a fault of the program's own ends it."""
        if (held := self.unkept()) is not None:
            self.draft.write(self.client, held, deadline)

    def before_locking(self) -> Callable[[], object] | None:
        """Keep it as it stands: the form stays open below the lock, and goes on from there."""
        self.put_open_line()
        if not self.holds_unkept():
            return None
        held, client = self.draft.all_of_it(), self.client

        def keep() -> None:
            self.draft.write(client, held)
            self.filling.changed = False
            self.filling.kept, self.filling.fresh = [*self.filling.kept, *self.filling.fresh], []

        return keep

    def leave(self) -> None:
        """Keep what was answered, unless nothing was or it was sent."""
        if (held := self.unkept()) is not None:
            self._done = True
            client = self.client
            self.ameli.keep_draft(lambda: self.draft.write(client, held), self.again)

    def action_drop(self) -> None:
        """Leave, and keep nothing of it."""
        self._done = True
        client = self.client
        self.app.pop_screen()
        self.ameli.drop_draft(lambda: self.draft.undo(client), self.again)
