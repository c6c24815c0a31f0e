"""What the service remembers: sessions, trusted devices, codes sent, tries counted."""

import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from agent.sandbox.desk.desk import Desk
from agent.sandbox.model import Household, Person, SandboxPayment
from agent.sandbox.server.options import SandboxOptions
from agent.sandbox.server.payment_history import PaymentHistory

_HANDSHAKE_SECONDS = 600.0
_MOST = 5_000
"""Entries kept of each kind; the oldest go first, so that a stand-in left running for weeks does not grow."""
_Entry = TypeVar("_Entry")
_CT_LETTERS = string.ascii_uppercase + string.digits


class Papers(Protocol):
    """Where the PDFs come from."""

    def payment(self, household: Household, payment: SandboxPayment) -> bytes: ...

    def statement(self, household: Household, month: date) -> bytes: ...

    def attestation(self, household: Household, person: Person | None, today: date) -> bytes: ...


@dataclass(slots=True)
class Session:
    """One visitor of the portal, logged in or not."""

    id: str
    ends: float = 0.0
    """When the login ends, on the service's clock; 0 for a visitor."""
    ct: str = ""
    previous_ct: str = ""
    ct_asked: bool = False
    list_calls: int = 0
    statements_shown: int = 0
    later_shown: bool = False


@dataclass(slots=True)
class Handshake:
    """A login on its way: who asked and where to go after it."""

    target: str
    began: float
    sub_app: bool


@dataclass(slots=True)
class Code:
    """The one-time code last sent."""

    digits: str
    ends: float


@dataclass(slots=True)
class Account:
    """The account's own counters."""

    wrong_tries: int = 0
    locked: bool = False
    codes_asked: int = 0
    code: Code | None = None


@dataclass(slots=True)
class Mail:
    """A mail the service "sent"."""

    to: str
    subject: str
    date: str
    body: str
    code: str | None = None


def _prune(table: dict[str, _Entry]) -> None:
    """Let the oldest go."""
    while len(table) > _MOST:
        del table[next(iter(table))]


@dataclass
class Service:
    """The account service behind every page. ``clock`` gives seconds, ``rng`` the tokens, ``today`` the day."""

    household: Household
    options: SandboxOptions
    today: Callable[[], date]
    base_url: str
    identity_url: str
    papers: Papers
    clock: Callable[[], float]
    rng: Random
    history: PaymentHistory
    desk: Desk
    account: Account = field(default_factory=Account)
    mails: list[Mail] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    sub_sessions: dict[str, float] = field(default_factory=dict)
    single_sign_on: dict[str, float] = field(default_factory=dict)
    trusted: dict[str, float] = field(default_factory=dict)
    handshakes: dict[str, Handshake] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    """Authorization codes given, with the state they answer."""

    # Tokens

    def hexadecimal(self) -> str:
        """12 or 13 lower-case digits, as the portal's state and nonce."""
        return f"{self.rng.getrandbits(50):x}".rjust(12, "a")[:13]

    def token(self, length: int = 43) -> str:
        """URL-safe characters."""
        return "".join(self.rng.choices(string.ascii_letters + string.digits + "-_", k=length))

    def anti_forgery(self) -> str:
        """8 groups of 4 capitals or digits."""
        return "-".join("".join(self.rng.choices(_CT_LETTERS, k=4)) for _ in range(8))

    # Addresses

    def _with_port(self, url: str) -> str:
        scheme, _, host = url.partition("://")
        if self.options.explicit_port and ":" not in host.rpartition("]")[2]:
            return f"{url}:{443 if scheme == 'https' else 80}"
        return url

    @property
    def portal(self) -> str:
        """Origin of the portal, as links write it."""
        return self._with_port(self.base_url)

    @property
    def identity(self) -> str:
        """Origin of the identity host, as links write it."""
        return self._with_port(self.identity_url)

    # Portal sessions

    def visitor(self, request: Request) -> Session | None:
        """The session whose cookie the request bears."""
        return self.sessions.get(request.cookies.get("JSESSIONID", ""))

    def logged_in(self, request: Request) -> Session | None:
        """The same, when its login still holds."""
        session = self.visitor(request)
        return session if session and session.ends > self.clock() else None

    def open_session(self, request: Request, response: Response, *, logged_in: bool) -> Session:
        """Give the visitor a session. A login always starts a new one, so that an old cookie is worth nothing."""
        session = None if logged_in else self.visitor(request)
        if session is None:
            session = Session(self.token(32), ct=self.anti_forgery())
            if logged_in:
                session.ends = self.clock() + self.options.session_seconds
            self.sessions[session.id] = session
            _prune(self.sessions)
            self.set_cookie(response, "JSESSIONID", session.id)
        return session

    def viewed(self, session: Session) -> None:
        """A main page was shown: the anti-forgery token changes, the previous one serves until the next page."""
        session.previous_ct, session.ct = session.ct, self.anti_forgery()

    # Sub-applications and single sign-on

    def in_sub_apps(self, request: Request) -> bool:
        """Whether the request bears a living session of ``/compte``."""
        return self.sub_sessions.get(request.cookies.get("mod_auth_openidc_session", ""), 0.0) > self.clock()

    def open_sub_session(self, response: Response) -> None:
        value = self.token(36)
        self.sub_sessions[value] = self.clock() + self.options.session_seconds
        _prune(self.sub_sessions)
        self.set_cookie(response, "mod_auth_openidc_session", value)

    def signed_on(self, request: Request) -> bool:
        """Whether the identity host still knows the person."""
        return self.single_sign_on.get(request.cookies.get("AMWebSSOv2", ""), 0.0) > self.clock()

    def sign_on(self, response: Response) -> None:
        value = self.token(64)
        self.single_sign_on[value] = self.clock() + self.options.session_seconds
        _prune(self.single_sign_on)
        self.set_cookie(response, "AMWebSSOv2", value)

    def end_sessions(self) -> None:
        """Everybody is logged out, as when the sessions end by age. Trusted devices stay trusted."""
        self.sessions.clear()
        self.sub_sessions.clear()
        self.single_sign_on.clear()

    # Trusted devices

    def is_trusted(self, request: Request) -> bool:
        return self.trusted.get(request.cookies.get("trustConnect0", ""), 0.0) > self.clock()

    def trust(self, request: Request, response: Response) -> None:
        """Make this device trusted, or renew its proof; the one it had is worth nothing any more."""
        self.trusted.pop(request.cookies.get("trustConnect0", ""), None)
        value = self.token(96)
        seconds = self.options.trust_days * 86_400
        self.trusted[value] = self.clock() + seconds
        _prune(self.trusted)
        self.set_cookie(response, "trustConnect0", value, seconds)

    # Handshakes

    def begin(self, target: str, *, sub_app: bool) -> str:
        """Remember where a login is to lead; returns its state."""
        state = self.token(43) if sub_app else self.hexadecimal()
        self.handshakes[state] = Handshake(target, self.clock(), sub_app)
        _prune(self.handshakes)
        return state

    def grant(self, state: str) -> str:
        """An authorization code for that state."""
        code = self.token(32)
        self.grants[code] = state
        _prune(self.grants)
        return code

    def redeem(self, code: str, state: str) -> Handshake | None:
        """Use a code, once; ``None`` when it is not the answer to that state or comes too late."""
        granted = self.grants.pop(code, None)
        handshake = self.handshakes.pop(state, None)
        if granted is None or granted != state or handshake is None:
            return None
        return handshake if self.clock() - handshake.began <= _HANDSHAKE_SECONDS else None

    # Cookies

    def set_cookie(self, response: Response, name: str, value: str, max_age: int | None = None) -> None:
        """HttpOnly, SameSite=Lax, no domain: two hosts never share one."""
        secure = self.options.secure_cookies
        response.set_cookie(
            name, value, max_age=max_age, httponly=True, samesite="lax",
            secure=secure == "on" or (secure == "auto" and self.base_url.startswith("https:")),
        )
