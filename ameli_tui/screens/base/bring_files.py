"""What a screen does with files of the person's own, brought in or written out."""

from textual import events

from ameli_tui.screens.base.page import Page


class BringsFiles(Page[None]):
    """A key takes files in, and so does dropping them; another key writes the account as a file."""

    def action_bring(self) -> None:
        """Take in files of one's own."""
        self.ameli.open_importing()

    def on_paste(self, event: events.Paste) -> None:
        """Files dropped here are meant to be taken in."""
        self.ameli.open_importing(event.text)

    def action_export(self) -> None:
        """Write everything as a file of another program."""
        self.ameli.open_export()
