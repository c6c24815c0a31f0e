"""The agent's calls by name; with ``api_requests`` the one place that spells paths. Shapes: ``agent.protocol``."""

from __future__ import annotations

from agent.client.api_requests import RequestsApi, quoted

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Literal

    from agent.protocol.account import Profile, SignedIn, SignIn, SyncFound, SyncRun, SyncStarted
    from agent.protocol.assistant import Answer, Subject, SubjectText, Term
    from agent.protocol.documents import Document, NamedDocument, NamedDocuments
    from agent.protocol.files import Taken, TakenEarlier, TakenStatements
    from agent.protocol.home import Home
    from agent.protocol.money import (
        Bank,
        BankForgotten,
        Coverage,
        CoverChange,
        Ledger,
        Owed,
        Year,
    )
    from agent.protocol.payments import Explanation, Facets, Month, PaymentDetail, PaymentWindow
    from agent.protocol.prices import CareToPrice, Estimate
    from agent.protocol.process import Finding, Health, LogLines, PageChange, Reloaded, Status
    from agent.protocol.vault import Made, NewRecoveryCode, Opened, OpeningKeys, VaultState
    from config.json_value import JsonValue

    Data = bytes  # ``AgentApi`` has methods that return it


class AgentApi(RequestsApi):
    """One method a call. Raises what its caller raises: Problem, with the agent's reason."""

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
        detail: PaymentDetail = self._caller.get(f"/v1/payments/{quoted(payment)}")
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
        explanation: Explanation = self._caller.get(f"/v1/explain/{quoted(payment)}")
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

    def estimate(self, care: CareToPrice | JsonValue) -> Estimate:
        """Price one piece of care by the rules; it needs no vault."""
        found: Estimate = self._caller.post("/v1/estimate", {"care": care})
        return found

    def estimates(self, care: Sequence[JsonValue]) -> list[Estimate]:
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
        found: Document = self._caller.get(f"/v1/documents/{quoted(key)}")
        return found

    def document_bytes(self, key: str) -> bytes:
        """A document's bytes; the service is asked for them when they are not kept."""
        return self._caller.bytes(f"/v1/documents/{quoted(key)}/content")

    def certificate(self, kind: str, **chosen: str | int | None) -> bytes:
        """A certificate made now, as PDF: ``droits``, ``ij``, ``fiscal`` or ``ceam``, for whom or when is chosen."""
        return self._caller.bytes(f"/v1/certificates/{quoted(kind)}", **chosen)

    def export(self, format: str, **filters: str | int | None) -> bytes:
        """The account as one file: ``since``, ``until`` or ``year``, ``beneficiary``, ``lang``."""
        return self._caller.bytes("/v1/export", format=format, **filters)

    def export_documents(self, naming: str | None = None, **filters: str | int | None) -> list[NamedDocument]:
        """The documents with the name each gets after ``naming``, the settings' template by default."""
        query: dict[str, Any] = {"naming": naming, **filters}
        found: NamedDocuments = self._caller.get("/v1/export/documents", **query)
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

    # -- the account, the vault, the process, ameliBot ---------------------------------------------------------------

    # -- the first screen --------------------------------------------------------------------------------------------

    HOME = "/v1/home"
    """Its path, for the program that sends it before anything else is loaded."""

    def home(self) -> Home:
        """Everything the first screen shows."""
        home: Home = self._caller.get(self.HOME)
        return home

    def health(self, *, deadline: float | None = None) -> Health:
        """Whether it lives, what protocol it speaks, how the vault stands."""
        found: Health = self._caller.get("/v1/health", deadline=deadline)
        return found

    def status(self) -> Status:
        """How everything goes; asks for no open vault."""
        found: Status = self._caller.get("/v1/status")
        return found

    def logs(self, lines: int) -> LogLines:
        """The newest lines of its log."""
        found: LogLines = self._caller.get("/v1/logs", lines=lines)
        return found

    def doctor(self, *, offline: bool = False) -> list[Finding]:
        """How everything stands; ``offline``: without calling on the service."""
        found: list[Finding] = self._caller.get("/v1/doctor", offline=1 if offline else None)
        return found

    def reload(self) -> Reloaded:
        """Have it read the settings again."""
        found: Reloaded = self._caller.post("/v1/reload")
        return found

    def stop(self, *, deadline: float) -> None:
        """Have the process end."""
        self._caller.post("/v1/stop", deadline=deadline)

    def changes(self) -> list[PageChange]:
        """The service's pages that are not as expected."""
        found: list[PageChange] = self._caller.get("/v1/changes")
        return found

    def page_sample(self, name: str) -> Data:
        """The anonymised copy of one of them, by its short name."""
        return self._caller.bytes(f"/v1/changes/{quoted(name)}/sample")

    def setup(self, passphrase: str) -> Made:
        """Make the vault and open it."""
        found: Made = self._caller.post("/v1/setup", {"passphrase": passphrase})
        return found

    def unlock(self, keys: OpeningKeys) -> Opened:
        """Open the vault with a passphrase or the recovery code."""
        found: Opened = self._caller.post("/v1/unlock", keys)
        return found

    def lock(self) -> VaultState:
        """Close the vault."""
        found: VaultState = self._caller.post("/v1/lock")
        return found

    def change_passphrase(self, old: str, new: str) -> VaultState:
        """Give the vault another passphrase."""
        found: VaultState = self._caller.post("/v1/passphrase", {"old": old, "new": new})
        return found

    def new_recovery_code(self, passphrase: str) -> NewRecoveryCode:
        """Make a new recovery code; the one before opens nothing any more."""
        found: NewRecoveryCode = self._caller.post("/v1/recovery", {"passphrase": passphrase})
        return found

    def login(self, given: SignIn, *, deadline: float | None = None) -> SignedIn:
        """Sign in, or bring the one-time code to the sign-in that waits for it."""
        found: SignedIn = self._caller.post("/v1/login", given, deadline=deadline)
        return found

    def logout(self) -> None:
        """Sign out and forget the password; the data stays."""
        self._caller.post("/v1/logout")

    def sync(self, *, full: bool = False, screen: dict[str, str] | None = None) -> SyncFound:
        """Look for news, and wait for what is found; ``screen``: where windows go."""
        found: SyncFound = self._caller.post("/v1/sync", {"full": full, "wait": True, "screen": screen})
        return found

    def begin_sync(self, *, full: bool = False, screen: dict[str, str] | None = None) -> SyncStarted:
        """Begin to look for news; events tell how it goes."""
        found: SyncStarted = self._caller.post("/v1/sync", {"full": full, "wait": False, "screen": screen})
        return found

    def runs(self, limit: int) -> list[SyncRun]:
        """The newest syncs."""
        found: list[SyncRun] = self._caller.get("/v1/runs", limit=limit)
        return found

    def profile(self) -> Profile:
        """The person and the family."""
        found: Profile = self._caller.get("/v1/profile")
        return found

    def ask(self, question: str, lang: Literal["fr", "en"] | None = None) -> Answer:
        """Ask ameliBot; ``lang``: of the answer, else that of the question."""
        body = {"question": question, "lang": lang} if lang else {"question": question}
        found: Answer = self._caller.post("/v1/ask", body)
        return found

    def guide(self, lang: str) -> list[Subject]:
        """The guide's subjects."""
        found: list[Subject] = self._caller.get("/v1/guide", lang=lang)
        return found

    def guide_text(self, subject: str, lang: str) -> SubjectText:
        """What the guide says on one of them."""
        found: SubjectText = self._caller.get("/v1/guide", subject=subject, lang=lang)
        return found

    def glossary(self, wanted: str | None = None) -> list[Term]:
        """The terms that a text names or begins like; all of them without one."""
        found: list[Term] = self._caller.get("/v1/glossary", q=wanted)
        return found

    def glossary_of(self, text: str) -> list[Term]:
        """The terms that stand in a text."""
        query: dict[str, Any] = {"in": text}
        found: list[Term] = self._caller.get("/v1/glossary", **query)
        return found



def _said(**body: str | bool | None) -> dict[str, str | bool]:
    """The body of a call: what is not said is left out."""
    return {name: value for name, value in body.items() if value is not None and value is not False}
