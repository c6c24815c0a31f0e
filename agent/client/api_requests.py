"""The agent's calls about messages, procedures, requests, deadlines and the newcomer's way, by name."""

from __future__ import annotations

from agent.client.call import get, get_file, post, quoted, upload

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from agent.client.call import Call
    from agent.protocol.deadlines import Deadline
    from agent.protocol.messages import Message, MessageWithOrigins
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


# -- messages ----------------------------------------------------------------------------------------------------------


def messages(search: str | None = None, *, asking: bool = False) -> Call[list[Message]]:
    """The inbox, newest first; those that hold every word of ``search``; ``asking``: unread ones that ask for
    something."""
    return get("/v1/messages", search=search, asking=1 if asking else None)


def message(message: str) -> Call[MessageWithOrigins]:
    """One message by its id, which counts as read from now on."""
    return get(f"/v1/messages/{quoted(message)}")


def write_message(body: MessageBody) -> Call[Done]:
    """Write to an adviser: sent now, or by itself once the service answers."""
    return post("/v1/messages", body)


def written_messages() -> Call[list[Written]]:
    """The messages to advisers, newest first, with the one that answered each."""
    return get("/v1/requests", kind="message")


# -- procedures, requests, deadlines, the newcomer's way ---------------------------------------------------------------


def procedures() -> Call[list[ProcedureHead]]:
    """Everything that can be asked of the fund."""
    return get("/v1/procedures")


def procedure(name: str) -> Call[Procedure]:
    """One procedure with its questions, papers and delays."""
    return get(f"/v1/procedures/{quoted(name)}")


def check_answers(procedure: str, body: CheckBody) -> Call[Check]:
    """Everything wrong with answers and papers, or what would be sent; nothing is kept."""
    return post(f"/v1/procedures/{quoted(procedure)}/check", body)


def start_request(procedure: str, body: StartBody, deadline: float | None = None) -> Call[Done | Refused]:
    """Keep a draft, or queue a request and send it if the service answers; a draft is never refused."""
    return post(f"/v1/procedures/{quoted(procedure)}", body, deadline=deadline)


def take_paper(data: bytes, *, paper: str, filename: str, **about: str) -> Call[TakenPaper]:
    """Bring a file for ``procedure=`` or ``request=``, or, with neither, for a message."""
    return upload("/v1/papers", data, paper=paper, filename=filename, **about)


def look_at_paper(data: bytes, filename: str, *, photo: bool = False, crop: bool = False) -> Call[LookedAt]:
    """Check a file, as a portrait with ``photo``, and keep nothing; ``crop`` answers the portrait's crop."""
    return upload("/v1/papers", data, check=1, filename=filename, photo=1 if photo else None, crop=1 if crop else None)


def requests() -> Call[list[RequestRecord]]:
    """What was asked for, newest first."""
    return get("/v1/requests")


def request(request: str) -> Call[RequestShown]:
    """One request, or one message to an adviser, with its history."""
    return get(f"/v1/requests/{quoted(request)}")


def dossier(request: str) -> Call[bytes]:
    """The request as one PDF: letter and papers."""
    return get_file(f"/v1/requests/{quoted(request)}/dossier")


def send_request(request: str) -> Call[Done | Refused]:
    """Queue a draft and send it if the service answers."""
    return post(f"/v1/requests/{quoted(request)}/send")


def cancel_request(request: str) -> Call[Done]:
    """Take a request back; a draft is gone."""
    return post(f"/v1/requests/{quoted(request)}/cancel")


def complete_request(request: str, papers: list[str]) -> Call[Done]:
    """Send the papers asked for; ``papers``: ids of files taken before."""
    return post(f"/v1/requests/{quoted(request)}/complete", {"papers": papers})


def remove_paper(request: str, paper: str, filename: str | None = None) -> Call[Done]:
    """Take a paper off a draft: all its files, or the one called ``filename``."""
    body = {"paper": paper, "filename": filename} if filename else {"paper": paper}
    return post(f"/v1/requests/{quoted(request)}/remove-paper", body)


def hand_over(request: str) -> Call[HandOver]:
    """Where to take a request, and what to copy there; secrets masked."""
    return get(f"/v1/requests/{quoted(request)}/hand-over")


def copied_answer(request: str, field: str) -> Call[CopiedAnswer]:
    """One answer of a request in full, as the form takes it."""
    return get(f"/v1/requests/{quoted(request)}/hand-over", field=field)


def handed_over(request: str, body: dict[str, str]) -> Call[HandedOver]:
    """Note that the person brought it, ``on`` a day (ISO), under a ``reference``; both may be left out."""
    return post(f"/v1/requests/{quoted(request)}/handed-over", body)


def settle_message(request: str, message: str, *, yes: bool) -> Call[RequestState]:
    """The person's answer: that message is about this request, or not."""
    body = {"message": message, "yes": yes}
    return post(f"/v1/requests/{quoted(request)}/message", body)


def newcomer() -> Call[Newcomer]:
    """The way from arrival to card, as it stands."""
    return get("/v1/newcomer")


def tell_newcomer(answers: KeptAnswers) -> Call[AnswersKept | AnswersRefused]:
    """Keep what is told in place of what was, or nothing of it when something is wrong."""
    return post("/v1/newcomer", {"told": answers})


def deadlines() -> Call[list[Deadline]]:
    """Everything that has a last day, soonest first."""
    return get("/v1/deadlines")


def deadlines_calendar(lang: str) -> Call[bytes]:
    """The same as a calendar file, in ``fr`` or ``en``."""
    return get_file("/v1/deadlines/calendar", lang=lang)
