"""The agent's calls by name; with ``api_requests`` the one place that spells paths. Shapes: ``agent.protocol``."""

from __future__ import annotations

from agent.client.api_requests import RequestsApi, quoted, with_query

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from agent.client.caller import Route
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
else:  # while it runs a path is a text
    Route = str


class AgentApi(RequestsApi):
    """One method a call. Raises what its caller raises: Problem, with the agent's reason."""

    # -- payments ----------------------------------------------------------------------------------------------------

    def payments(
        self, *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
        kind: str | None = None, search: str | None = None, limit: int | None = None,
    ) -> list[PaymentDetail]:
        """Payments with their detail, newest first; days are ISO and inclusive."""
        return self._caller.get(
            Route("/v1/payments"), since=since, until=until, beneficiary=beneficiary, kind=kind, search=search,
            limit=limit)

    def payment(self, payment: str) -> PaymentDetail:
        """One payment."""
        return self._caller.get(Route(f"/v1/payments/{quoted(payment)}"))

    def rows(
        self, *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
        kind: str | None = None, search: str | None = None, offset: int | None = None, limit: int | None = None,
    ) -> PaymentWindow:
        """A window of the list of payments, with sums over all that answers."""
        return self._caller.get(
            Route("/v1/rows"), since=since, until=until, beneficiary=beneficiary, kind=kind, search=search,
            offset=offset, limit=limit)

    def months(
        self, *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
        kind: str | None = None, search: str | None = None,
    ) -> list[Month]:
        """What was paid by month, newest first."""
        return self._caller.get(
            Route("/v1/months"), since=since, until=until, beneficiary=beneficiary, kind=kind, search=search)

    def facets(self) -> Facets:
        """What lists of payments can be filtered by."""
        return self._caller.get(Route("/v1/facets"))

    def explain(self, payment: str) -> Explanation:
        """Why a payment is what it is."""
        return self._caller.get(Route(f"/v1/explain/{quoted(payment)}"))

    # -- money -------------------------------------------------------------------------------------------------------

    def ledger(self, year: int | None = None, beneficiary: str | None = None) -> Ledger:
        """Participations and franchises of a year of refunds, this one by default; of one person or of all."""
        return self._caller.get(Route("/v1/ledger"), year=year, beneficiary=beneficiary)

    def year(self, year: int | None = None, beneficiary: str | None = None) -> Year:
        """A year of care in sums, this one by default; of one person or of all."""
        return self._caller.get(Route("/v1/year"), year=year, beneficiary=beneficiary)

    def owed(self) -> Owed:
        """What is still to come, and what is worth asking the fund about."""
        return self._caller.get(Route("/v1/owed"))

    def received(
        self, payment: str, amount: str | None = None, on: str | None = None, *, undo: bool = False
    ) -> Owed:
        """Note that the top-up's share of a payment arrived: the expected euros today by default."""
        return self._caller.post(Route("/v1/owed/received"), _said(payment=payment, amount=amount, on=on, undo=undo))

    def dismiss(self, anomaly: str, *, undo: bool = False) -> Owed:
        """Hide an anomaly, or show it again."""
        return self._caller.post(Route("/v1/owed/dismiss"), _said(anomaly=anomaly, undo=undo))

    def match(self, credit: str, payment: str | None) -> Owed:
        """Say which payment a bank credit is, ``none`` for none of them; None takes the word back."""
        return self._caller.post(Route("/v1/owed/match"), _said(credit=credit, payment=payment))

    def bank(self) -> Bank:
        """What is kept of bank files."""
        return self._caller.get(Route("/v1/bank"))

    def forget_bank(self) -> BankForgotten:
        """Drop everything read from bank files."""
        return self._caller.post(Route("/v1/bank/forget"))

    def coverage(self) -> Coverage:
        """The complementary cover: as the account names it, and as the person told it."""
        return self._caller.get(Route("/v1/coverage"))

    def set_coverage(self, change: CoverChange) -> Coverage:
        """Change what the person tells of contract, situations and treating doctors."""
        return self._caller.post(Route("/v1/coverage"), change)

    def estimate(self, care: CareToPrice | JsonValue) -> Estimate:
        """Price one piece of care by the rules; it needs no vault."""
        return self._caller.post(Route("/v1/estimate"), {"care": care})

    def estimates(self, care: Sequence[JsonValue]) -> list[Estimate]:
        """Price several pieces of care, in their order."""
        return self._caller.post(Route("/v1/estimate"), {"care": care})

    # -- documents, certificates, exports, imports -------------------------------------------------------------------

    def documents(self) -> list[Document]:
        """Every document, newest first."""
        return self._caller.get(Route("/v1/documents"))

    def document(self, key: str) -> Document:
        """One document, without its bytes."""
        return self._caller.get(Route(f"/v1/documents/{quoted(key)}"))

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
        route: Route[NamedDocuments] = Route(with_query("/v1/export/documents", {"naming": naming, **filters}))
        return self._caller.get(route)["documents"]

    def take(self, data: Data, name: str, mine: str | None = None) -> Taken:
        """Take a file in. ``mine``: the person's answer whose it is, ``yes`` or ``no``; None: not asked."""
        return self._caller.upload(Route("/v1/import"), data, name=name, mine=mine)

    def take_statements(self) -> TakenStatements:
        """Read the monthly statements that are kept for their payments."""
        return self._caller.post(Route("/v1/import/statements"))

    def taken(self, limit: int) -> list[TakenEarlier]:
        """The files taken in, newest first."""
        return self._caller.get(Route("/v1/imports"), limit=limit)

    # -- the account, the vault, the process, ameliBot ---------------------------------------------------------------

    # -- the first screen --------------------------------------------------------------------------------------------

    HOME: Route[Home] = Route("/v1/home")
    """Its path, for the program that sends it before anything else is loaded."""

    def home(self) -> Home:
        """Everything the first screen shows."""
        return self._caller.get(self.HOME)

    def health(self, *, deadline: float | None = None) -> Health:
        """Whether it lives, what protocol it speaks, how the vault stands."""
        return self._caller.get(Route("/v1/health"), deadline=deadline)

    def status(self) -> Status:
        """How everything goes; asks for no open vault."""
        return self._caller.get(Route("/v1/status"))

    def logs(self, lines: int) -> LogLines:
        """The newest lines of its log."""
        return self._caller.get(Route("/v1/logs"), lines=lines)

    def doctor(self, *, offline: bool = False) -> list[Finding]:
        """How everything stands; ``offline``: without calling on the service."""
        return self._caller.get(Route("/v1/doctor"), offline=1 if offline else None)

    def reload(self) -> Reloaded:
        """Have it read the settings again."""
        return self._caller.post(Route("/v1/reload"))

    def stop(self, *, deadline: float) -> None:
        """Have the process end."""
        answer: Route[object] = Route("/v1/stop")
        self._caller.post(answer, deadline=deadline)

    def changes(self) -> list[PageChange]:
        """The service's pages that are not as expected."""
        return self._caller.get(Route("/v1/changes"))

    def page_sample(self, name: str) -> Data:
        """The anonymised copy of one of them, by its short name."""
        return self._caller.bytes(f"/v1/changes/{quoted(name)}/sample")

    def setup(self, passphrase: str) -> Made:
        """Make the vault and open it."""
        return self._caller.post(Route("/v1/setup"), {"passphrase": passphrase})

    def unlock(self, keys: OpeningKeys) -> Opened:
        """Open the vault with a passphrase or the recovery code."""
        return self._caller.post(Route("/v1/unlock"), keys)

    def lock(self) -> VaultState:
        """Close the vault."""
        return self._caller.post(Route("/v1/lock"))

    def change_passphrase(self, old: str, new: str) -> VaultState:
        """Give the vault another passphrase."""
        return self._caller.post(Route("/v1/passphrase"), {"old": old, "new": new})

    def new_recovery_code(self, passphrase: str) -> NewRecoveryCode:
        """Make a new recovery code; the one before opens nothing any more."""
        return self._caller.post(Route("/v1/recovery"), {"passphrase": passphrase})

    def login(self, given: SignIn, *, deadline: float | None = None) -> SignedIn:
        """Sign in, or bring the one-time code to the sign-in that waits for it."""
        return self._caller.post(Route("/v1/login"), given, deadline=deadline)

    def logout(self) -> None:
        """Sign out and forget the password; the data stays."""
        answer: Route[object] = Route("/v1/logout")
        self._caller.post(answer)

    def sync(self, *, full: bool = False, screen: dict[str, str] | None = None) -> SyncFound:
        """Look for news, and wait for what is found; ``screen``: where windows go."""
        return self._caller.post(Route("/v1/sync"), {"full": full, "wait": True, "screen": screen})

    def begin_sync(self, *, full: bool = False, screen: dict[str, str] | None = None) -> SyncStarted:
        """Begin to look for news; events tell how it goes."""
        return self._caller.post(Route("/v1/sync"), {"full": full, "wait": False, "screen": screen})

    def runs(self, limit: int) -> list[SyncRun]:
        """The newest syncs."""
        return self._caller.get(Route("/v1/runs"), limit=limit)

    def profile(self) -> Profile:
        """The person and the family."""
        return self._caller.get(Route("/v1/profile"))

    def ask(self, question: str, lang: Literal["fr", "en"] | None = None) -> Answer:
        """Ask ameliBot; ``lang``: of the answer, else that of the question."""
        body = {"question": question, "lang": lang} if lang else {"question": question}
        return self._caller.post(Route("/v1/ask"), body)

    def guide(self, lang: str) -> list[Subject]:
        """The guide's subjects."""
        return self._caller.get(Route("/v1/guide"), lang=lang)

    def guide_text(self, subject: str, lang: str) -> SubjectText:
        """What the guide says on one of them."""
        return self._caller.get(Route("/v1/guide"), subject=subject, lang=lang)

    def glossary(self, wanted: str | None = None) -> list[Term]:
        """The terms that a text names or begins like; all of them without one."""
        return self._caller.get(Route("/v1/glossary"), q=wanted)

    def glossary_of(self, text: str) -> list[Term]:
        """The terms that stand in a text."""
        return self._caller.get(Route(with_query("/v1/glossary", {"in": text})))


def _said(**body: str | bool | None) -> dict[str, str | bool]:
    """The body of a call: what is not said is left out."""
    return {name: value for name, value in body.items() if value is not None and value is not False}
