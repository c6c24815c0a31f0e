"""One message on a screen of its own, where there is no room beside the list."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from ameli_tui.i18n import _, day, ngettext
from ameli_tui.i18n.origins import origins_line
from ameli_tui.i18n.request_states import asked_words
from ameli_tui.keys import bindings
from ameli_tui.screens.base.text_reader import ReadingScreen
from ameli_tui.terminal.safe_text import content, one_line

if TYPE_CHECKING:
    from agent.protocol.messages import Message, MessageWithOrigins
    from agent.protocol.origins import RecordOrigin
    from ameli_tui.screens.base.shell import Shell


class MessageScreen(ReadingScreen):
    """Its text; keys answer it, show its files, and open what it is about."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("message", "reading", "text")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("message", "reading")]

    def __init__(self, message: "MessageWithOrigins", left: str) -> None:
        """``left``: the days left to do what it asks, in words."""
        super().__init__(one_line(message["subject"]), message_content(message, left, message["origins"]).plain)
        self._message = message

    def action_about(self) -> None:
        """Open what it is about."""
        if not open_about(self.ameli, self._message):
            self.say(_("This message is about no request known here."))

    def action_answer(self) -> None:
        """Write about it."""
        answer(self.ameli, self._message)

    def action_attachments(self) -> None:
        """Its files."""
        if not open_files(self.ameli, self._message):
            self.say(_("This message has no file."))


def open_about(app: "Shell", message: "Message") -> bool:
    """Open the request that a message is about, else the procedure that answers it; False when it is about none."""
    about = message["about"]
    if about and about["request"]:
        app.open_request(about["request"])
    elif about and about["procedure"]:
        app.open_procedure(about["procedure"])
    else:
        return False
    return True


def answer(app: "Shell", message: "Message") -> None:
    """Write about a message."""
    subject = one_line(message["subject"])
    about = _("Your message of {day}:").format(day=day(message["received_on"]))
    app.open_writing(_("Re: {subject}").format(subject=subject), f"\n\n{about} {subject}")


def open_files(app: "Shell", message: "Message") -> bool:
    """List the files of a message; False when it has none."""
    from ameli_tui.screens.documents.documents import DocumentsPage

    files = list(message["attachments"])
    if files:
        app.push_screen(DocumentsPage(files))
    return bool(files)


def message_content(message: "Message", left: str = "", origins: "Sequence[RecordOrigin]" = ()) -> Content:
    """Head and text of a message; first of all what it asks for and until when, last of all where it came from."""
    about = message["about"]
    wish = " · ".join(part for part in (asked_words(about).capitalize(), left) if part)
    leads = (_("o opens the request it is about") if about and about["request"] else
             _("o opens the procedure that answers it") if about and about["procedure"] else "")
    files = message["attachments"]
    tail = ngettext("{n} file: press a", "{n} files: press a", len(files)).format(n=len(files)) if files else ""
    return content(
        (one_line(message["subject"]), "bold"), "\n",
        (f"{day(message['received_on'])} · {one_line(message['sender'])}", "$text-muted"), "\n",
        (f"{'!' if left else '·'} {wish}\n" if wish else "", "bold $warning" if left else "$text-muted"),
        (f"→ {leads}\n" if leads else "", "$accent"),
        (f"+ {tail}\n" if tail else "", "$accent"), "\n", message["body"],
        (f"\n\n{one_line(origins_line(origins))}" if origins else "", "$text-muted"),
    )
