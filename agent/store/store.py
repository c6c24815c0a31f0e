"""The one way to the data of an open vault: everything in the contract's shapes, writes in durable steps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypeVar, Unpack

from agent.account.sync_notes import SyncNotes, noted
from agent.concurrency.uninterrupted import finish
from agent.protocol.account import Profile as ProfileShape
from agent.protocol.home import VaultHome
from agent.protocol.money import NamedCover
from agent.protocol.problems import Problem
from agent.store.account_records import Credentials
from agent.store.account_state import AccountBook
from agent.store.bank_credits import BankBook
from agent.store.bank_forms import BankForms
from agent.store.damaged_documents import DamagedDocuments
from agent.store.documents import DocumentShelf
from agent.store.import_log import ImportLog
from agent.store.interfaces import Keeper
from agent.store.loss import LossBook
from agent.store.messages import Inbox
from agent.store.page_changes import ChangeBook
from agent.store.payments.book import PaymentBook, Query
from agent.store.person import PersonBook
from agent.store.requests import RequestBook
from agent.store.shares import ShareBook
from agent.store.sync_runs import RunLog
from config.clock import today as real_today

T = TypeVar("T")


class Store:
    """The data of one open vault. Every value given out is a copy, JSON-able, amounts as strings of euros.

    >>> store.payments.rows(Query(search="dupont"), limit=3)["total"]          # doctest: +SKIP
    12
    """

    def __init__(self, vault: Keeper, *, today: Callable[[], date] = real_today) -> None:
        self.vault = vault
        self._today = today
        self.account = AccountBook(vault)
        self.person = PersonBook(self.account)
        self.shares = ShareBook(self.account)
        self.payments = PaymentBook(vault)
        self.documents = DocumentShelf(vault, self.payments)
        self.messages = Inbox(vault)
        self.runs = RunLog(vault, self.step)
        self.changes = ChangeBook(vault, self.step)
        self.requests = RequestBook(vault, self.step)
        self.bank = BankBook(vault, self.step)
        self.bank_forms = BankForms(vault, self.step)
        self.imports = ImportLog(vault, self.step)
        self.damaged = DamagedDocuments(
            vault, self.documents.table, self.requests, self.changes, self.step, today)
        self.loss = LossBook(vault, self.account, self.documents.table, self.step)

    @contextmanager
    def step(self) -> Iterator[None]:
        """Make the writes inside one durable step: all of them or none. Steps may be nested; the outermost counts.

        Do not ``await`` inside.
        """
        try:
            with self.vault.transaction():
                yield
        except BaseException:
            self.payments.forget_index()
            raise

    async def write(self, work: Callable[[], T]) -> T:
        """Do ``work``, reads included, as one durable step away from the event loop, which need not wait for the disk.

        What began is finished also when the caller is cut short.
        """
        def step() -> T:
            with self.step():
                return work()

        return await finish(step)

    # -- the person --------------------------------------------------------------------------------------------------

    def profile(self) -> ProfileShape:
        """The person and the family; an empty name before the first sync."""
        return self.person.profile()

    def coverage(self) -> NamedCover:
        """The complementary cover, and where it was read."""
        return self.person.coverage()

    def credentials(self) -> Credentials | None:
        """Who signs in; None without account."""
        return self.account.credentials.read()

    def set_credentials(self, nir: str, password: str | None) -> None:
        """Keep the number, and the password when the person chose so."""
        self.account.credentials.write({"nir": nir, "password": password})

    def forget_credentials(self) -> None:
        """Remove number, password, session and breaker: the person signed out for good."""
        with self.step():
            self.account.credentials.write(None)
            self.account.session.write(None)
            self.account.breaker.write(None)
            self.account.sign_in.write(None)

    # -- sync --------------------------------------------------------------------------------------------------------

    def sync_state(self) -> SyncNotes:
        """Where the sync stands."""
        return self.account.sync.read() or {}

    def set_sync_state(self, **changes: Unpack[SyncNotes]) -> None:
        """Change some of the sync's notes, here and now."""
        self.account.sync.write({**self.sync_state(), **changes})

    def note(self, notes: SyncNotes, at: str) -> None:
        """Change some of the sync's notes, as read at an ISO moment; a later note is never replaced by an earlier."""
        self.account.sync.write(noted(self.sync_state(), notes, at))

    def needs(self) -> list[Problem]:
        """What waits for the person: problems as they travel over the socket."""
        loss = self.loss.problem
        return [*([loss] if loss else []), *self.kept_needs()]

    def kept_needs(self) -> list[Problem]:
        """That, as it was kept: without a loss, which has a record of its own."""
        record = self.account.needs.read()
        return record["problems"] if record is not None else []

    def set_needs(self, problems: list[Problem]) -> None:
        """Replace what waits for the person."""
        self.account.needs.write({"problems": problems} if problems else None)

    # -- the first screen --------------------------------------------------------------------------------------------

    def home(self) -> VaultHome:
        """Newest payments and messages, what needs the person, euros of this month and this year."""
        day = self._today()
        month, year = day.replace(day=1).isoformat(), f"{day.year}-01-01"
        return {
            "payments": self.payments.rows(limit=8)["rows"],
            "unread": self.messages.unread(),
            "messages": self.messages.heads(4),
            "needs": self.needs(),
            "totals": {
                "month": self.payments.total(Query(since=month)),
                "year": self.payments.total(Query(since=year)),
            },
        }
