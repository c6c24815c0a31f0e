"""Every key of the screens in one table: bindings, footer hints, the help screen and the README are made from it.

Digits have the twin that a French keyboard gives without Shift. Nothing is reached by a ``ctrl`` chord alone, and
brackets, braces and the like, which need AltGr there, are not used.
"""

from typing import TYPE_CHECKING, NamedTuple

from ameli_tui.i18n import N_

if TYPE_CHECKING:
    from textual.binding import Binding


class Key(NamedTuple):
    """One thing a person can do with the keyboard."""

    id: str
    """Stable name, for remapping."""
    keys: str
    """Textual's names, the one to show first."""
    action: str
    text: str
    """What it does, as a msgid."""
    where: str
    """Which part of the program it belongs to."""
    hint: str = ""
    """Short msgid for the footer; empty keeps it to the help screen."""


KEYS: tuple[Key, ...] = (
    # everywhere
    Key("home", "1,ampersand", "app.page('home')", N_("home"), "app"),
    Key("payments", "2,é", "app.page('payments')", N_("payments"), "app"),
    Key("documents", "3,quotation_mark", "app.page('documents')", N_("documents"), "app"),
    Key("messages", "4,apostrophe", "app.page('messages')", N_("messages"), "app"),
    Key("agent", "5,left_parenthesis", "app.page('agent')", N_("agent"), "app"),
    Key("ledger", "6,minus", "app.page('ledger')", N_("participations and franchises"), "app"),
    Key("owed", "7,è", "app.page('owed')", N_("owed to me"), "app"),
    Key("procedures", "8,underscore", "app.page('procedures')", N_("what you can ask the fund for"), "app"),
    Key("ask", "9,ç", "app.page('ask')", N_("ask ameliBot"), "app"),
    Key("help", "question_mark,f2", "app.keys_help", N_("the keys of this screen"), "app", N_("Help")),
    Key("glossary", "m,f4", "app.glossary", N_("what the words on this screen mean"), "app", N_("Words")),
    Key("newcomer", "u", "app.newcomer", N_("newly arrived in France: where am I?"), "app"),
    Key("palette", "colon,ctrl+p", "app.command_palette", N_("search for a command"), "app"),
    Key("sync", "s", "app.sync", N_("look for news now"), "app", N_("Sync")),
    Key("lock", "L", "app.lock", N_("lock the vault, after a question"), "app", N_("Lock")),
    Key("undo", "z", "app.undo", N_("take back what was just taken away"), "app"),
    Key("copy", "y", "app.copy", N_("copy what is selected to the terminal's clipboard"), "app"),
    Key("interrupt", "ctrl+c,super+c", "app.interrupt", N_("copy the selection; without one, twice to leave"), "app"),
    Key("redraw", "f5,ctrl+l", "app.redraw", N_("draw the screen anew"), "app"),
    Key("quit", "Q,ctrl+q", "app.quit", N_("leave"), "app"),
    Key("back", "q", "app.back", N_("back; from home, leave"), "app", N_("Back")),
    Key("escape", "escape,h,left,backspace", "app.step_back", N_("back, but never out of the program"), "app"),
    Key("next", "tab", "app.focus_next", N_("next panel"), "app"),
    Key("previous", "shift+tab", "app.focus_previous", N_("previous panel"), "app"),
    # lists
    Key("list-down", "j,down", "down", N_("down"), "list"),
    Key("list-up", "k,up", "up", N_("up"), "list"),
    Key("list-page-down", "pagedown,ctrl+d,space", "page_down", N_("a page down"), "list"),
    Key("list-page-up", "pageup,ctrl+u", "page_up", N_("a page up"), "list"),
    Key("list-first", "g,home", "first", N_("first"), "list"),
    Key("list-last", "G,end", "last", N_("last"), "list"),
    Key("list-open", "enter,l,right", "open", N_("open it"), "list", N_("Open")),
    # texts that scroll
    Key("text-down", "j,down", "down", N_("down"), "text"),
    Key("text-up", "k,up", "up", N_("up"), "text"),
    Key("text-page-down", "pagedown,ctrl+d,space", "page_down", N_("a page down"), "text"),
    Key("text-page-up", "pageup,ctrl+u", "page_up", N_("a page up"), "text"),
    Key("text-first", "g,home", "first", N_("first line"), "text"),
    Key("text-last", "G,end", "last", N_("last line"), "text"),
    # payments
    Key("filter", "slash", "filter", N_("filter as you type"), "payments", N_("Filter")),
    Key("period", "p", "period(1)", N_("next period"), "payments", N_("Period")),
    Key("period-back", "P", "period(-1)", N_("previous period"), "payments"),
    Key("beneficiary", "b", "beneficiary", N_("next beneficiary"), "payments", N_("Beneficiary")),
    Key("kind", "t", "kind", N_("next kind of payment"), "payments", N_("Kind")),
    Key("clear", "x", "clear", N_("no filter at all"), "payments", N_("Clear")),
    Key("chart", "c", "chart", N_("show or hide the chart"), "payments"),
    Key("statement", "o", "statement", N_("open the statement (décompte) of this payment"), "payments"),
    Key("why", "w", "why", N_("why this amount"), "payments", N_("Why")),
    # one payment
    Key("payment-why", "w", "why", N_("why this amount"), "payment", N_("Why")),
    Key("payment-statement", "o", "statement", N_("open the statement (décompte) of this payment"), "payment",
        N_("Statement")),
    # documents
    Key("document-open", "o", "show", N_("open with the desktop's viewer"), "documents", N_("View")),
    Key("document-text", "v", "text", N_("read its text here"), "documents", N_("Text")),
    Key("document-save", "w", "save", N_("save to a file"), "documents", N_("Save")),
    Key("document-filter", "slash", "filter", N_("filter as you type"), "documents", N_("Filter")),
    Key("document-certificate", "c", "certificate", N_("certificates, made on demand"), "documents",
        N_("Certificates")),
    Key("document-import", "i", "bring", N_("import files of your own: PDF, HAR, bank files"), "documents",
        N_("Import")),
    Key("document-export", "x", "export", N_("export everything as a file of another program"), "documents"),
    # taking files in
    Key("import-taken", "f3", "taken", N_("the files taken in, and taking one back"), "import", N_("Taken in")),
    Key("taken-back", "x", "take_back", N_("take back what this file alone brought"), "taken", N_("Take back")),
    # certificates
    Key("certificate-open", "o", "show", N_("open with the desktop's viewer"), "certificates", N_("View")),
    Key("certificate-text", "v", "text", N_("read its text here"), "certificates", N_("Text")),
    Key("certificate-save", "w", "save", N_("save to a file"), "certificates", N_("Save")),
    Key("certificate-period", "p", "period", N_("choose the days of the sick-pay certificate"), "certificates",
        N_("Days")),
    # messages
    Key("message-search", "slash", "filter", N_("search as you type"), "messages", N_("Search")),
    Key("message-write", "n", "write", N_("write to an adviser"), "messages", N_("Write")),
    Key("message-answer", "r", "answer", N_("answer this message"), "messages", N_("Answer")),
    Key("message-about", "o", "about", N_("open the request or procedure this message is about"), "messages",
        N_("Request")),
    Key("message-sent", "t", "sent", N_("messages you wrote, and what became of them"), "messages", N_("Sent")),
    Key("attachments", "a", "attachments", N_("files of this message"), "messages", N_("Attachments")),
    Key("message-pager", "v", "pager", N_("read in your pager"), "messages"),
    # one message
    Key("one-about", "o", "about", N_("open the request or procedure this message is about"), "message", N_("Request")),
    Key("one-answer", "r", "answer", N_("answer this message"), "message", N_("Answer")),
    Key("one-attachments", "a", "attachments", N_("files of this message"), "message", N_("Attachments")),
    # messages written
    Key("sent-answer", "o", "answer", N_("open the answer"), "sent", N_("The answer")),
    Key("sent-write", "n", "write", N_("write to an adviser"), "sent", N_("Write")),
    # a text
    Key("pager", "v", "pager", N_("read in your pager"), "reading", N_("Pager")),
    # agent
    Key("full-sync", "f", "full", N_("read everything again"), "agent", N_("Full sync")),
    Key("account", "c", "account", N_("sign in to the account"), "agent", N_("Account")),
    Key("logs", "v", "logs", N_("what the agent wrote down"), "agent", N_("Log")),
    Key("doctor", "d", "doctor", N_("how everything stands, with the cure"), "agent", N_("Doctor")),
    Key("watching", "w", "watching", N_("what is watched while the vault is locked"), "agent"),
    Key("backup", "b", "backup", N_("make a backup of the vault now"), "agent"),
    # doctor
    Key("doctor-sample", "e", "sample", N_("save an anonymised sample of a changed page"), "doctor", N_("Sample")),
    # a line to type in
    Key("field-done", "enter", "done", N_("done"), "field", N_("Next")),
    Key("field-cancel", "escape", "cancel", N_("cancel"), "field", N_("Cancel")),
    Key("field-words", "f4", "app.glossary", N_("what the words on this screen mean"), "field", N_("Words")),
    Key("field-erase", "ctrl+u,ctrl+w", "erase", N_("erase the line"), "field"),
    # before the data, when no line is typed in
    Key("gate-leave", "q", "app.back", N_("leave"), "gate", N_("Leave")),
    # unlock
    Key("recovery", "f3,ctrl+r", "recovery", N_("passphrase or recovery code"), "unlock", N_("Recovery code")),
    # ledger
    Key("ledger-year", "p", "year(1)", N_("the year before"), "ledger", N_("Year")),
    Key("ledger-year-back", "P", "year(-1)", N_("the year after"), "ledger"),
    Key("ledger-person", "b", "person", N_("next person"), "ledger", N_("Person")),
    Key("ledger-summary", "v", "summary", N_("the year in sums and charts"), "ledger", N_("Charts")),
    # the year
    Key("year-before", "p", "year(1)", N_("the year before"), "year", N_("Year")),
    Key("year-after", "P", "year(-1)", N_("the year after"), "year"),
    Key("year-report", "x", "report", N_("save the report of this year as a PDF"), "year", N_("Report")),
    # owed
    Key("owed-received", "r", "received", N_("it arrived (a share: or did not)"), "owed", N_("Received")),
    Key("owed-dismiss", "D", "dismiss_anomaly", N_("hide this anomaly"), "owed", N_("Hide")),
    Key("owed-contract", "c", "contract", N_("the top-up contract and situations"), "owed", N_("Contract")),
    Key("owed-estimate", "e", "estimate", N_("what will I get back for…"), "owed", N_("Estimate")),
    # procedures and requests
    Key("calendar", "e", "calendar", N_("save the deadlines as a calendar"), "procedures", N_("Calendar")),
    Key("procedure-start", "enter,l,a", "start", N_("begin it"), "procedure", N_("Begin")),
    Key("procedure-draft", "d", "draft", N_("go on with the draft"), "procedure", N_("Draft")),
    # bringing a request oneself
    Key("hand-over-link", "c", "link", N_("copy the link"), "hand-over", N_("Link")),
    Key("hand-over-qr", "r", "qr", N_("show the link as a QR code, for a phone"), "hand-over", N_("QR")),
    Key("hand-over-open", "o", "browse", N_("open the page in the desktop's browser"), "hand-over", N_("Browser")),
    Key("hand-over-file", "w", "file", N_("save the file to send (PDF)"), "hand-over", N_("File")),
    Key("hand-over-sent", "a", "sent", N_("I sent it: the delays begin"), "hand-over", N_("I sent it")),
    # filling in
    Key("fill-next", "n", "next", N_("next screen of questions"), "fill", N_("Go on")),
    Key("fill-before", "p", "before", N_("the screen before"), "fill", N_("Previous")),
    Key("fill-remove", "x", "remove", N_("empty this answer, or take this item or file away"), "fill", N_("Remove")),
    Key("fill-check", "v", "check", N_("check everything and see the summary"), "fill", N_("Check")),
    Key("fill-drop", "D", "drop", N_("leave without keeping a draft"), "fill"),
    # ameliBot
    Key("ask-type", "slash", "type", N_("type a question"), "ask", N_("Ask")),
    Key("ask-guide", "i", "guide", N_("the subjects of the guide"), "ask", N_("Guide")),
    # the glossary
    Key("words-type", "slash", "filter", N_("look another word up"), "words", N_("Look up")),
    # from arrival to card
    Key("newcomer-act", "a", "act", N_("open the procedure of this stage"), "newcomer", N_("Procedure")),
    Key("newcomer-guide", "i", "guide", N_("what the guide says about this stage"), "newcomer", N_("Guide")),
    Key("newcomer-clear", "x", "clear", N_("take back what you told of this stage"), "newcomer", N_("Empty")),
    # home
    Key("home-why", "w", "why", N_("why this amount"), "home", N_("Why")),
    Key("act", "a", "act", N_("do what is asked for"), "home", N_("Act")),
    Key("home-export", "x", "export", N_("export everything as a file of another program"), "home"),
    Key("home-import", "i", "bring", N_("import files of your own: PDF, HAR, bank files"), "home", N_("Import")),
)


def keys_for(*where: str) -> list[Key]:
    """The keys of these parts, part by part."""
    return [key for part in where for key in KEYS if key.where == part]


def bindings(*where: str) -> "list[Binding]":
    """The same as Textual's bindings, each with its id."""
    from textual.binding import Binding

    return [Binding(key.keys, key.action, key.text, show=bool(key.hint), id=key.id) for key in keys_for(*where)]


_SHOWN = {
    "ampersand": "&", "quotation_mark": '"', "apostrophe": "'", "left_parenthesis": "(", "question_mark": "?",
    "colon": ":", "slash": "/", "down": "↓", "up": "↑", "left": "←", "right": "→", "pagedown": N_("PgDn"),
    "pageup": N_("PgUp"), "enter": N_("Enter"), "escape": N_("Esc"), "backspace": "⌫", "space": N_("Space"),
    "home": N_("Home key"), "end": N_("End key"), "tab": "Tab", "shift+tab": "Shift+Tab",
}


def shown(key: str) -> str:
    """One of Textual's key names as a person knows it: ``slash`` is "/", ``ctrl+d`` is "Ctrl+D"."""
    from ameli_tui.i18n import _

    if key in _SHOWN:
        return _(_SHOWN[key])
    if "+" in key:
        return "+".join(part.capitalize() for part in key.split("+"))
    return key.upper() if len(key) > 1 else key
