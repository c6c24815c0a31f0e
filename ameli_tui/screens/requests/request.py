"""One request: where it stands, what is asked for and until when, its history, and what can be done about it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widget import Widget

from agent.client import api_requests
from ameli_tui.i18n import _, day, in_words, lang, moment
from ameli_tui.i18n.request_states import days_left, state_name
from ameli_tui.screens.base.page import Page
from ameli_tui.screens.requests.summary import named, note_parts, summary_parts
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines

if TYPE_CHECKING:
    from datetime import date

    from agent.client.client import Problem
    from agent.protocol import problems
    from agent.protocol.procedures import Procedure
    from agent.protocol.requests import HandedOver, RequestShown, TakenPaper

_CAN_CANCEL = ("queued", "sent", "needs_papers", "ready")
_WAITS_FOR_PERSON = ("draft", "needs_papers", "ready")


class RequestScreen(Page[None]):
    """A text above, the actions that its state allows below."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("list",)

    def __init__(self, key: str) -> None:
        """``key``: the request's id."""
        super().__init__()
        self._key = key
        self._request: RequestShown | None = None
        self.kept: dict[str, TakenPaper] = {}
        """Files ready for the papers asked for, by paper."""
        self._busy = False
        self._sure = False
        self.ways_on: list[tuple[str, str]] = []
        self.pane = Pane(_("Request"), id="request")
        self.choices = Lines(self._draw, id="request-do", acts=True)

    def body(self) -> Iterable[Widget]:
        """The text, and what can be done."""
        yield self.pane
        yield self.choices

    def load(self) -> None:
        """Ask for it."""
        self.set_focus(self.choices)
        self.ask(api_requests.request(self._key), self.got_request, latest="request")

    def got_request(self, request: "RequestShown") -> None:
        """Show it."""
        self._request = request
        self._busy = self._sure = False
        self.kept = {name: kept for name, kept in self.kept.items()
                      if any(need["paper"] == name for need in request["needs"])}
        self.pane.retitle(one_line(in_words(request, "title") or _("Message")))
        self.pane.show(lambda width: request_content(request, self.kept, width))
        self._offer(request)

    def _offer(self, request: "RequestShown") -> None:
        status, out = request["status"], []
        if status == "draft":
            out += [("go-on", _("Go on filling it in")), ("cancel", _("Delete this draft"))]
        for message in request["maybe"]:
            about = _("“{subject}”, {day}").format(
                subject=one_line(message["subject"]), day=day(message["received_on"]))
            out += [(f"yes:{message['message']}", _("Yes, this message is about it: {message}").format(message=about)),
                    (f"no:{message['message']}", _("No, it is about something else: {message}").format(message=about))]
        if status == "needs_papers" and not request["adding"]:
            out += [(f"paper:{one['paper']}", _("Attach: {paper}").format(paper=one_line(in_words(one, "label"))))
                    for one in request["needs"]]
            if self.kept:
                out.insert(0, ("complete", _("Send the papers to the fund")))
        if status == "ready":
            out += [("hand-over", _("Bring it yourself: the page, the answers to copy")),
                    ("dossier", _("Save the file to send (PDF)")), ("handed-over", _("I sent it myself"))]
        elif status == "handed_over":
            out += [("hand-over", _("The page and the answers again")), ("handed-over", _("Give its reference"))]
        elif status != "draft" and request["procedure"] != "message":
            out += [("dossier", _("Save it as a file (PDF)"))]
        if status in _CAN_CANCEL and not request["withdrawing"]:
            out += [("cancel", _("Take this request back"))]
        out.append(("back", _("Back")))
        self.ways_on = out
        self.choices.styles.height = len(out) + 2
        self.choices.show_rows(len(out))
        if status not in _WAITS_FOR_PERSON:
            self.choices.move_to(len(out) - 1)  # after sending, an Enter too many leads back and does nothing else

    def _draw(self, at: int, width: int) -> list[Cell]:
        name, words = self.ways_on[at]
        if name == "cancel" and self._sure:
            words = _("Really? Enter once more: {what}").format(what=words)
        attached = self.kept.get(name.partition(":")[2])
        return [(fit(words + (f" · {one_line(attached['filename'])}" if attached else ""), width),
                 "warn" if name == "cancel" and self._sure else "")]

    def on_lines_moved(self, _message: Lines.Moved) -> None:
        """Another choice: whatever was asked twice is no longer sure."""
        if self._sure:
            self._sure = False
            self.choices.refresh()

    # -- what the person does ----------------------------------------------------------------------------------------

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Do what was chosen."""
        name = self.ways_on[message.row][0]
        if name == "back":
            self.ameli.action_step_back()
        elif self._busy or self._request is None:
            self.say(_("One moment: the last step is still under way."))
        elif name == "go-on":
            procedure = self._request["procedure"]
            self.ask(api_requests.procedure(procedure), self.got_declared, latest="declared")
        elif name.startswith("paper:"):
            self._attach_file(name.partition(":")[2])
        elif name in ("hand-over", "handed-over"):
            self._bring(name)
        elif name.startswith(("yes:", "no:")):
            answer, _sign, about = name.partition(":")
            self._busy = True
            self.ask(api_requests.settle_message(self._key, about, yes=answer == "yes"),
                     lambda state: self._is_done("message", state["status"]), latest="done")
        elif name == "dossier":
            self.say(_("Making the file…"), seconds=120)
            self.ask(api_requests.dossier(self._key), self.got_dossier, latest="dossier")
        elif name == "cancel" and not self._sure:
            self._sure = True
            self.choices.refresh()
        else:
            self._busy = True
            papers = [kept["id"] for kept in self.kept.values()]
            self.say(_("Sending…"), seconds=120)
            self.ask(
                api_requests.complete_request(self._key, papers) if name == "complete"
                else api_requests.cancel_request(self._key),
                lambda done: self._is_done(name, done["status"], done.get("problem")), latest="done")

    def _bring(self, name: str) -> None:
        from ameli_tui.screens.requests.hand_over import HandOverScreen, NoteSentScreen

        if name == "hand-over":
            self.stale = True  # what is noted there shows here
            self.app.push_screen(HandOverScreen(self._key))
        else:
            self.app.push_screen(NoteSentScreen(self._key), self._noted)

    def _noted(self, noted: "HandedOver | None") -> None:
        if noted is not None:
            self._is_done("handed-over", noted["status"])

    def got_declared(self, declared: "Procedure") -> None:
        """Go on with the draft, in its form; this text would be out of date below it."""
        from ameli_tui.screens.requests.fill import FillScreen

        draft = self._request
        self.app.pop_screen()
        self.app.push_screen(FillScreen(declared, draft))

    def _attach_file(self, name: str) -> None:
        from ameli_tui.screens.requests.attach import AttachScreen

        def attached(kept: "TakenPaper | None") -> None:
            if kept is not None and self._request is not None:
                self.kept[name] = kept
                self._offer(self._request)

        needs = self._request["needs"] if self._request else []
        need = next(one for one in needs if one["paper"] == name)
        self.app.push_screen(
            AttachScreen(in_words(need, "label"), None, {"paper": name, "request": self._key}), attached)

    def _is_done(self, name: str, status: str, problem: "problems.Problem | None" = None) -> None:
        """A draft is gone, anything else is shown anew. ``problem``: why it could not be sent now."""
        self._changed()
        if name == "cancel" and self._request is not None and self._request["status"] == "draft":
            self.app.pop_screen()
            self.ameli.say(_("The draft is deleted."))
            return
        if problem:
            self.say(f"{problem['message'][lang()]} {problem['hint'][lang()]}", "bold $warning", 20)
        elif name == "complete" and status == "ready":
            self.say(_("The papers are in the file: bring them to the fund, then note it."), "bold $success", 20)
        elif name == "complete":  # the state is the service's own, and moves with the next look at the account
            self.say(_("The papers left. The next sync tells what the fund makes of them."), "bold $success", 20)
        else:
            self.say(state_name(status).capitalize(), "bold $success")
        if name == "complete":
            self.kept = {}
        self.load()

    def _changed(self) -> None:
        for name in ("procedures", "home"):
            if isinstance(page := self.ameli.installed(name), Page):
                page.stale = True

    def refused(self, name: str, problem: "Problem") -> None:
        """Say why; it can be tried again."""
        self._busy = False
        super().refused(name, problem)

    def got_dossier(self, data: bytes) -> None:
        """Ask where to save it."""
        from ameli_tui.screens.base.save_as import SaveScreen

        self.say("")
        name = f"dossier-{self._request['procedure'] if self._request else ''}.pdf"
        self.app.push_screen(SaveScreen(name, data), self._saved)

    def _saved(self, path: Path | None) -> None:
        if path is not None:
            self.say(_("Saved: {path}").format(path=path), "bold $success", 20)


def request_content(request: "RequestShown", kept: "Mapping[str, TakenPaper]", width: int) -> Content:
    """Everything about one request, what matters first."""
    from config.clock import today

    parts: list[Part] = [(state_name(request["status"]).capitalize(), "bold $primary")]
    if request["reference"]:
        parts += ["  ", _("reference {reference}").format(reference=one_line(request["reference"]))]
    parts.append("\n")
    for need in request["needs"]:
        left = f" · {days_left(_days(need['until'], today()))} ({day(need['until'])})" if need["until"] else ""
        mark = "✓ " if need["paper"] in kept else "! "
        parts += [(mark + named(_("Paper asked for"), in_words(need, "label")) + left, "bold $warning"), "\n"]
    if request["status"] == "ready":
        parts += [_("The service takes nothing from this program: send the file to your fund, or do it on its page."),
                  "\n"]
        if page := request.get("page"):
            parts += [(_("Page of the account: {page}").format(page=one_line(page)), "$text-muted"), "\n"]
    if request["status"] == "queued":
        parts += [_("It leaves by itself as soon as the service answers, and only once."), "\n"]
    for reason in request["decision"].get("reasons", ()) if request["decision"] else ():
        said = named(reason["field"], reason["message"]) if reason["field"] else one_line(reason["message"])
        parts += [(f"! {said}", "bold $error"), "\n"]
    for clock in request.get("deadlines", ()):
        if clock["name"].startswith("paper:"):
            continue  # above, with its mark
        left = days_left(_days(clock["on"], today()))
        parts += [("◷ ", "$accent"), named(in_words(clock, "label"), f"{day(clock['on'])} ({left})"), "\n"]
    parts += ["\n", (_("History"), "bold $primary"), "\n"]
    for line in reversed(request["history"]):
        parts += [(f"{moment(line['at'])}  ", "$text-muted"), one_line(in_words(line, "text")), "\n"]
    if notes := note_parts(request.get("notes", ())):
        parts += ["\n", *notes]
    if request["procedure"] == "message":
        written = request["answers"]
        parts += ["\n", (one_line(written.get("subject")), "bold $primary"), "\n",
                  str(written.get("body") or "").strip(), "\n"]
    else:
        parts += ["\n", (_("What you declared"), "bold $primary"), "\n",
                  *summary_parts(request.get("summary", ()), width)]
    if request["papers"]:
        parts += ["\n", (_("Papers"), "bold $primary"), "\n"]
        parts += [f"• {one_line(paper['filename'])}\n" for paper in (*request["papers"], *request["adding"])]
    for title, listed in ((_("Then"), request.get("next_steps")), (_("If it does not work"), request.get("fallbacks"))):
        if listed:
            parts += ["\n", (title, "bold $primary"), "\n"]
            parts += [f"• {one_line(in_words(text, 'text'))}\n" for text in listed]
    return content(*parts)


def _days(iso: str, today: "date") -> int:
    from datetime import date

    return (date.fromisoformat(iso[:10]) - today).days
