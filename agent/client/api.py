"""The agent's calls by name: the one place outside the agent that spells their paths. Shapes: ``agent.protocol``."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from typing import Any, Literal, Protocol

    from agent.protocol.account import Profile, SignedIn, SignIn, SyncFound, SyncRun, SyncStarted
    from agent.protocol.assistant import Answer, Subject, SubjectText, Term
    from agent.protocol.process import Finding, Health, LogLines, PageChange, Reloaded, Status
    from agent.protocol.vault import Made, NewRecoveryCode, Opened, OpeningKeys, VaultState

    Data = bytes  # ``Caller`` has a method of that name

    class Caller(Protocol):
        """What carries a call: ``Client``, or a command's access that opens the vault on the way."""

        def get(self, path: str, /, *, deadline: float | None = None, **query: Any) -> Any:
            """Read something; values that are None are left out. ``deadline``: seconds, then it is given up."""

        def post(self, path: str, body: Any = None, /, *, deadline: float | None = None) -> Any:
            """Ask for something to be done; given up after ``deadline`` seconds, when there is one."""

        def bytes(self, path: str, /, **query: Any) -> bytes:
            """Read a document's bytes."""

        def upload(self, path: str, data: Data, /, **query: Any) -> Any:
            """Bring a file's bytes."""


class AgentApi:
    """One method a call. Raises what its caller raises: Problem, with the agent's reason."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    # -- payments ----------------------------------------------------------------------------------------------------

    # -- money -------------------------------------------------------------------------------------------------------

    # -- documents, certificates, exports, imports -------------------------------------------------------------------

    # -- messages ----------------------------------------------------------------------------------------------------

    # -- procedures, requests, deadlines, the newcomer's way ---------------------------------------------------------

    # -- the account, the vault, the process, ameliBot ---------------------------------------------------------------

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
        return self._caller.bytes(f"/v1/changes/{_quoted(name)}/sample")

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


def _quoted(part: str) -> str:
    """A part of a path."""
    from urllib.parse import quote

    return quote(part, safe="")
