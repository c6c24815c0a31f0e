"""The agent's calls about messages, procedures, requests, deadlines and the newcomer's way, by name."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from agent.client.caller import Caller, Route, Value
    from agent.protocol.deadlines import Deadline
    from agent.protocol.messages import Message
    from agent.protocol.newcomer import AnswersKept, AnswersRefused, Newcomer
    from agent.protocol.procedures import Check, CheckBody, KeptAnswers, Procedure, ProcedureHead, StartBody
    from agent.protocol.requests import (
        CopiedAnswer,
        Done,
        HandedOver,
        HandOver,
        LookedAt,
        MessageBody,
        Refused,
        RequestRecord,
        RequestShown,
        RequestState,
        TakenPaper,
        Written,
    )

    Data = bytes  # ``RequestsApi`` has methods that return it
else:  # while it runs a path is a text
    Route = str


def quoted(part: str) -> str:
    """A part of a path."""
    from urllib.parse import quote

    return quote(part, safe="")


def with_query(path: str, query: dict[str, Value]) -> str:
    """A path with its query; values that are None are left out."""
    given = {name: value for name, value in query.items() if value is not None}
    if not given:
        return path
    from urllib.parse import urlencode

    return f"{path}?{urlencode(given)}"


class RequestsApi:
    """One method a call. Raises what its caller raises: Problem, with the agent's reason."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    # -- messages ----------------------------------------------------------------------------------------------------

    def messages(self, search: str | None = None, *, asking: bool = False) -> list[Message]:
        """The inbox, newest first; those that hold every word of ``search``; ``asking``: unread ones that ask for
        something."""
        return self._caller.get(Route("/v1/messages"), search=search, asking=1 if asking else None)

    def message(self, message: str) -> Message:
        """One message by its id, which counts as read from now on."""
        return self._caller.get(Route(f"/v1/messages/{quoted(message)}"))

    def write_message(self, body: MessageBody) -> Done:
        """Write to an adviser: sent now, or by itself once the service answers."""
        return self._caller.post(Route("/v1/messages"), body)

    def written_messages(self) -> list[Written]:
        """The messages to advisers, newest first, with the one that answered each."""
        return self._caller.get(Route("/v1/requests"), kind="message")

    # -- procedures, requests, deadlines, the newcomer's way ---------------------------------------------------------

    def procedures(self) -> list[ProcedureHead]:
        """Everything that can be asked of the fund."""
        return self._caller.get(Route("/v1/procedures"))

    def procedure(self, name: str) -> Procedure:
        """One procedure with its questions, papers and delays."""
        return self._caller.get(Route(f"/v1/procedures/{quoted(name)}"))

    def check_answers(self, procedure: str, body: CheckBody) -> Check:
        """Everything wrong with answers and papers, or what would be sent; nothing is kept."""
        return self._caller.post(Route(f"/v1/procedures/{quoted(procedure)}/check"), body)

    def start_request(self, procedure: str, body: StartBody, deadline: float | None = None) -> Done | Refused:
        """Keep a draft, or queue a request and send it if the service answers; a draft is never refused."""
        return self._caller.post(Route(f"/v1/procedures/{quoted(procedure)}"), body, deadline=deadline)

    def take_paper(self, data: Data, *, paper: str, filename: str, **about: str) -> TakenPaper:
        """Bring a file for ``procedure=`` or ``request=``, or, with neither, for a message."""
        return self._caller.upload(Route("/v1/papers"), data, paper=paper, filename=filename, **about)

    def look_at_paper(self, data: Data, filename: str, *, photo: bool = False, crop: bool = False) -> LookedAt:
        """Check a file, as a portrait with ``photo``, and keep nothing; ``crop`` answers the portrait's crop."""
        return self._caller.upload(
            Route("/v1/papers"), data, check=1, filename=filename, photo=1 if photo else None, crop=1 if crop else None)

    def requests(self) -> list[RequestRecord]:
        """What was asked for, newest first."""
        return self._caller.get(Route("/v1/requests"))

    def request(self, request: str) -> RequestShown:
        """One request, or one message to an adviser, with its history."""
        return self._caller.get(Route(f"/v1/requests/{quoted(request)}"))

    def dossier(self, request: str) -> bytes:
        """The request as one PDF: letter and papers."""
        return self._caller.bytes(f"/v1/requests/{quoted(request)}/dossier")

    def send_request(self, request: str) -> Done | Refused:
        """Queue a draft and send it if the service answers."""
        return self._caller.post(Route(f"/v1/requests/{quoted(request)}/send"))

    def cancel_request(self, request: str) -> Done:
        """Take a request back; a draft is gone."""
        return self._caller.post(Route(f"/v1/requests/{quoted(request)}/cancel"))

    def complete_request(self, request: str, papers: list[str]) -> Done:
        """Send the papers asked for; ``papers``: ids of files taken before."""
        return self._caller.post(Route(f"/v1/requests/{quoted(request)}/complete"), {"papers": papers})

    def remove_paper(self, request: str, paper: str, filename: str | None = None) -> Done:
        """Take a paper off a draft: all its files, or the one called ``filename``."""
        body = {"paper": paper, "filename": filename} if filename else {"paper": paper}
        return self._caller.post(Route(f"/v1/requests/{quoted(request)}/remove-paper"), body)

    def hand_over(self, request: str) -> HandOver:
        """Where to take a request, and what to copy there; secrets masked."""
        return self._caller.get(Route(f"/v1/requests/{quoted(request)}/hand-over"))

    def copied_answer(self, request: str, field: str) -> CopiedAnswer:
        """One answer of a request in full, as the form takes it."""
        return self._caller.get(Route(f"/v1/requests/{quoted(request)}/hand-over"), field=field)

    def handed_over(self, request: str, body: dict[str, str]) -> HandedOver:
        """Note that the person brought it, ``on`` a day (ISO), under a ``reference``; both may be left out."""
        return self._caller.post(Route(f"/v1/requests/{quoted(request)}/handed-over"), body)

    def settle_message(self, request: str, message: str, *, yes: bool) -> RequestState:
        """The person's answer: that message is about this request, or not."""
        body = {"message": message, "yes": yes}
        return self._caller.post(Route(f"/v1/requests/{quoted(request)}/message"), body)

    def newcomer(self) -> Newcomer:
        """The way from arrival to card, as it stands."""
        return self._caller.get(Route("/v1/newcomer"))

    def tell_newcomer(self, told: KeptAnswers) -> AnswersKept | AnswersRefused:
        """Keep what is told in place of what was, or nothing of it when something is wrong."""
        return self._caller.post(Route("/v1/newcomer"), {"told": told})

    def deadlines(self) -> list[Deadline]:
        """Everything that has a last day, soonest first."""
        return self._caller.get(Route("/v1/deadlines"))

    def deadlines_calendar(self, lang: str) -> bytes:
        """The same as a calendar file, in ``fr`` or ``en``."""
        return self._caller.bytes("/v1/deadlines/calendar", lang=lang)
