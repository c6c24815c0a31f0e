"""The agent's calls by name: the one place outside the agent that spells their paths. Shapes: ``agent.protocol``."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Protocol

    from agent.protocol.deadlines import Deadline
    from agent.protocol.documents import Document, NamedDocument, NamedDocuments
    from agent.protocol.files import Taken, TakenEarlier, TakenStatements
    from agent.protocol.home import Home
    from agent.protocol.messages import Message
    from agent.protocol.money import (
        Bank,
        BankForgotten,
        Coverage,
        CoverChange,
        Estimate,
        Ledger,
        Owed,
        Year,
    )
    from agent.protocol.newcomer import Newcomer, NotTold, Told
    from agent.protocol.payments import Explanation, Facets, Month, PaymentDetail, PaymentWindow
    from agent.protocol.procedures import Check, CheckBody, Procedure, ProcedureHead, StartBody
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

    Data = bytes  # ``Caller`` has a method of that name

    class Caller(Protocol):
        """What carries a call: ``Client``, or a command's access that opens the vault on the way."""

        def get(self, path: str, /, **query: Any) -> Any:
            """Read something; values that are None are left out."""

        def post(self, path: str, body: Any = None, /, *, deadline: float | None = None) -> Any:
            """Ask for something to be done, within ``deadline`` seconds when given."""

        def bytes(self, path: str, /, **query: Any) -> bytes:
            """Read a document's bytes."""

        def upload(self, path: str, data: Data, /, **query: Any) -> Any:
            """Bring a file's bytes."""


class AgentApi:
    """One method a call. Raises what its caller raises: Problem, with the agent's reason."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    # -- payments ----------------------------------------------------------------------------------------------------

    def payments(
        self, *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
        kind: str | None = None, search: str | None = None, limit: int | None = None,
    ) -> list[PaymentDetail]:
        """Payments with their detail, newest first; days are ISO and inclusive."""
        listed: list[PaymentDetail] = self._caller.get(
            "/v1/payments", since=since, until=until, beneficiary=beneficiary, kind=kind, search=search, limit=limit)
        return listed

    def payment(self, payment: str) -> PaymentDetail:
        """One payment."""
        detail: PaymentDetail = self._caller.get(f"/v1/payments/{_quoted(payment)}")
        return detail

    def rows(
        self, *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
        kind: str | None = None, search: str | None = None, offset: int | None = None, limit: int | None = None,
    ) -> PaymentWindow:
        """A window of the list of payments, with sums over all that answers."""
        window: PaymentWindow = self._caller.get("/v1/rows", since=since, until=until, beneficiary=beneficiary,
                                                 kind=kind, search=search, offset=offset, limit=limit)
        return window

    def months(
        self, *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
        kind: str | None = None, search: str | None = None,
    ) -> list[Month]:
        """What was paid by month, newest first."""
        months: list[Month] = self._caller.get(
            "/v1/months", since=since, until=until, beneficiary=beneficiary, kind=kind, search=search)
        return months

    def facets(self) -> Facets:
        """What lists of payments can be filtered by."""
        facets: Facets = self._caller.get("/v1/facets")
        return facets

    def explain(self, payment: str) -> Explanation:
        """Why a payment is what it is."""
        explanation: Explanation = self._caller.get(f"/v1/explain/{_quoted(payment)}")
        return explanation

    # -- money -------------------------------------------------------------------------------------------------------

    def ledger(self, year: int | None = None, beneficiary: str | None = None) -> Ledger:
        """Participations and franchises of a year of refunds, this one by default; of one person or of all."""
        found: Ledger = self._caller.get("/v1/ledger", year=year, beneficiary=beneficiary)
        return found

    def year(self, year: int | None = None, beneficiary: str | None = None) -> Year:
        """A year of care in sums, this one by default; of one person or of all."""
        found: Year = self._caller.get("/v1/year", year=year, beneficiary=beneficiary)
        return found

    def owed(self) -> Owed:
        """What is still to come, and what is worth asking the fund about."""
        found: Owed = self._caller.get("/v1/owed")
        return found

    def received(
        self, payment: str, amount: str | None = None, on: str | None = None, *, undo: bool = False
    ) -> Owed:
        """Note that the top-up's share of a payment arrived: the expected euros today by default."""
        found: Owed = self._caller.post("/v1/owed/received", _said(payment=payment, amount=amount, on=on, undo=undo))
        return found

    def dismiss(self, anomaly: str, *, undo: bool = False) -> Owed:
        """Hide an anomaly, or show it again."""
        found: Owed = self._caller.post("/v1/owed/dismiss", _said(anomaly=anomaly, undo=undo))
        return found

    def match(self, credit: str, payment: str | None) -> Owed:
        """Say which payment a bank credit is, ``none`` for none of them; None takes the word back."""
        found: Owed = self._caller.post("/v1/owed/match", _said(credit=credit, payment=payment))
        return found

    def bank(self) -> Bank:
        """What is kept of bank files."""
        found: Bank = self._caller.get("/v1/bank")
        return found

    def forget_bank(self) -> BankForgotten:
        """Drop everything read from bank files."""
        found: BankForgotten = self._caller.post("/v1/bank/forget")
        return found

    def coverage(self) -> Coverage:
        """The complementary cover: as the account names it, and as the person told it."""
        found: Coverage = self._caller.get("/v1/coverage")
        return found

    def set_coverage(self, change: CoverChange) -> Coverage:
        """Change what the person tells of contract, situations and treating doctors."""
        found: Coverage = self._caller.post("/v1/coverage", change)
        return found

    def estimate(self, care: Mapping[str, Any]) -> Estimate:
        """Price one piece of care by the rules; it needs no vault."""
        found: Estimate = self._caller.post("/v1/estimate", {"care": care})
        return found

    def estimates(self, care: Sequence[Any]) -> list[Estimate]:
        """Price several pieces of care, in their order."""
        found: list[Estimate] = self._caller.post("/v1/estimate", {"care": care})
        return found

    # -- documents, certificates, exports, imports -------------------------------------------------------------------

    def documents(self) -> list[Document]:
        """Every document, newest first."""
        found: list[Document] = self._caller.get("/v1/documents")
        return found

    def document(self, key: str) -> Document:
        """One document, without its bytes."""
        found: Document = self._caller.get(f"/v1/documents/{_quoted(key)}")
        return found

    def document_bytes(self, key: str) -> bytes:
        """A document's bytes; the service is asked for them when they are not kept."""
        return self._caller.bytes(f"/v1/documents/{_quoted(key)}/content")

    def certificate(self, kind: str, **chosen: str | int | None) -> bytes:
        """A certificate made now, as PDF: ``droits``, ``ij``, ``fiscal`` or ``ceam``, for whom or when is chosen."""
        return self._caller.bytes(f"/v1/certificates/{_quoted(kind)}", **chosen)

    def export(self, format: str, **filters: str | int | None) -> bytes:
        """The account as one file: ``since``, ``until`` or ``year``, ``beneficiary``, ``lang``."""
        return self._caller.bytes("/v1/export", format=format, **filters)

    def export_documents(self, naming: str | None = None, **filters: str | int | None) -> list[NamedDocument]:
        """The documents with the name each gets after ``naming``, the settings' template by default."""
        found: NamedDocuments = self._caller.get("/v1/export/documents", naming=naming, **filters)
        return found["documents"]

    def take(self, data: Data, name: str, mine: str | None = None) -> Taken:
        """Take a file in. ``mine``: the person's answer whose it is, ``yes`` or ``no``; None: not asked."""
        found: Taken = self._caller.upload("/v1/import", data, name=name, mine=mine)
        return found

    def take_statements(self) -> TakenStatements:
        """Read the monthly statements that are kept for their payments."""
        found: TakenStatements = self._caller.post("/v1/import/statements")
        return found

    def taken(self, limit: int) -> list[TakenEarlier]:
        """The files taken in, newest first."""
        found: list[TakenEarlier] = self._caller.get("/v1/imports", limit=limit)
        return found

    # -- messages ----------------------------------------------------------------------------------------------------

    def messages(self, search: str | None = None, *, asking: bool = False) -> list[Message]:
        """The inbox, newest first; those that hold every word of ``search``; ``asking``: unread ones that ask for
        something."""
        found: list[Message] = self._caller.get("/v1/messages", search=search, asking=1 if asking else None)
        return found

    def message(self, message: str) -> Message:
        """One message by its id, which counts as read from now on."""
        found: Message = self._caller.get(f"/v1/messages/{_quoted(message)}")
        return found

    def write_message(self, body: MessageBody) -> Done:
        """Write to an adviser: sent now, or by itself once the service answers."""
        found: Done = self._caller.post("/v1/messages", body)
        return found

    def written_messages(self) -> list[Written]:
        """The messages to advisers, newest first, with the one that answered each."""
        found: list[Written] = self._caller.get("/v1/requests", kind="message")
        return found

    # -- procedures, requests, deadlines, the newcomer's way ---------------------------------------------------------

    def procedures(self) -> list[ProcedureHead]:
        """Everything that can be asked of the fund."""
        found: list[ProcedureHead] = self._caller.get("/v1/procedures")
        return found

    def procedure(self, name: str) -> Procedure:
        """One procedure with its questions, papers and delays."""
        found: Procedure = self._caller.get(f"/v1/procedures/{_quoted(name)}")
        return found

    def check_answers(self, procedure: str, body: CheckBody) -> Check:
        """Everything wrong with answers and papers, or what would be sent; nothing is kept."""
        found: Check = self._caller.post(f"/v1/procedures/{_quoted(procedure)}/check", body)
        return found

    def start_request(self, procedure: str, body: StartBody, deadline: float | None = None) -> Done | Refused:
        """Keep a draft, or queue a request and send it if the service answers; a draft is never refused."""
        found: Done | Refused = self._caller.post(f"/v1/procedures/{_quoted(procedure)}", body, deadline=deadline)
        return found

    def take_paper(self, data: Data, *, paper: str, filename: str, **about: str) -> TakenPaper:
        """Bring a file for ``procedure=`` or ``request=``, or, with neither, for a message."""
        found: TakenPaper = self._caller.upload("/v1/papers", data, paper=paper, filename=filename, **about)
        return found

    def look_at_paper(self, data: Data, filename: str, *, photo: bool = False, crop: bool = False) -> LookedAt:
        """Check a file, as a portrait with ``photo``, and keep nothing; ``crop`` answers the portrait's crop."""
        found: LookedAt = self._caller.upload(
            "/v1/papers", data, check=1, filename=filename, photo=1 if photo else None, crop=1 if crop else None)
        return found

    def requests(self) -> list[RequestRecord]:
        """What was asked for, newest first."""
        found: list[RequestRecord] = self._caller.get("/v1/requests")
        return found

    def request(self, request: str) -> RequestShown:
        """One request, or one message to an adviser, with its history."""
        found: RequestShown = self._caller.get(f"/v1/requests/{_quoted(request)}")
        return found

    def dossier(self, request: str) -> bytes:
        """The request as one PDF: letter and papers."""
        return self._caller.bytes(f"/v1/requests/{_quoted(request)}/dossier")

    def send_request(self, request: str) -> Done | Refused:
        """Queue a draft and send it if the service answers."""
        found: Done | Refused = self._caller.post(f"/v1/requests/{_quoted(request)}/send")
        return found

    def cancel_request(self, request: str) -> Done:
        """Take a request back; a draft is gone."""
        found: Done = self._caller.post(f"/v1/requests/{_quoted(request)}/cancel")
        return found

    def complete_request(self, request: str, papers: list[str]) -> Done:
        """Send the papers asked for; ``papers``: ids of files taken before."""
        found: Done = self._caller.post(f"/v1/requests/{_quoted(request)}/complete", {"papers": papers})
        return found

    def remove_paper(self, request: str, paper: str, filename: str | None = None) -> Done:
        """Take a paper off a draft: all its files, or the one called ``filename``."""
        body = {"paper": paper, "filename": filename} if filename else {"paper": paper}
        found: Done = self._caller.post(f"/v1/requests/{_quoted(request)}/remove-paper", body)
        return found

    def hand_over(self, request: str) -> HandOver:
        """Where to take a request, and what to copy there; secrets masked."""
        found: HandOver = self._caller.get(f"/v1/requests/{_quoted(request)}/hand-over")
        return found

    def copied_answer(self, request: str, field: str) -> CopiedAnswer:
        """One answer of a request in full, as the form takes it."""
        found: CopiedAnswer = self._caller.get(f"/v1/requests/{_quoted(request)}/hand-over", field=field)
        return found

    def handed_over(self, request: str, body: dict[str, str]) -> HandedOver:
        """Note that the person brought it, ``on`` a day (ISO), under a ``reference``; both may be left out."""
        found: HandedOver = self._caller.post(f"/v1/requests/{_quoted(request)}/handed-over", body)
        return found

    def settle_message(self, request: str, message: str, *, yes: bool) -> RequestState:
        """The person's answer: that message is about this request, or not."""
        body = {"message": message, "yes": yes}
        found: RequestState = self._caller.post(f"/v1/requests/{_quoted(request)}/message", body)
        return found

    def newcomer(self) -> Newcomer:
        """The way from arrival to card, as it stands."""
        found: Newcomer = self._caller.get("/v1/newcomer")
        return found

    def tell_newcomer(self, told: dict[str, Any]) -> Told | NotTold:
        """Keep what is told in place of what was, or nothing of it when something is wrong."""
        found: Told | NotTold = self._caller.post("/v1/newcomer", {"told": told})
        return found

    def deadlines(self) -> list[Deadline]:
        """Everything that has a last day, soonest first."""
        found: list[Deadline] = self._caller.get("/v1/deadlines")
        return found

    def deadlines_calendar(self, lang: str) -> bytes:
        """The same as a calendar file, in ``fr`` or ``en``."""
        return self._caller.bytes("/v1/deadlines/calendar", lang=lang)

    # -- the account, the vault, the process, ameliBot ---------------------------------------------------------------

    # -- the first screen --------------------------------------------------------------------------------------------

    HOME = "/v1/home"
    """Its path, for the program that sends it before anything else is loaded."""

    def home(self) -> Home:
        """Everything the first screen shows."""
        home: Home = self._caller.get(self.HOME)
        return home


def _quoted(part: str) -> str:
    """A part of a path."""
    from urllib.parse import quote

    return quote(part, safe="")


def _said(**body: str | bool | None) -> dict[str, str | bool]:
    """The body of a call: what is not said is left out."""
    return {name: value for name, value in body.items() if value is not None and value is not False}
