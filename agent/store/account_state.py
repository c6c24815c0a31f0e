"""The ``account`` table: one record of each kind, each under a name of its own.

===================  =====================================================================================
``credentials``      `Credentials`: number and, when the person chose so, password
``session``          `SessionRecord`: the open session at the service
``trusted``          `Since`: from when the service knows this device
``sign_in``          `Moment`: when the program last signed in
``breaker``          `Tripped`: why these credentials are not tried again
``fingerprint_key``  `FingerprintKey`: by which credentials are recognised without being kept
``browser_session``  `Cookies`: of the person's browser, as long as its session
``browser_device``   `Cookies`: those that outlive it
``sync``             `SyncNotes`: where the sync stands
``schedule``         `PlanRecord`: when it runs next
``needs``            `Needs`: what waits for the person
``watch``            `Watch`: what opens the rounds that were sealed while the vault was locked
``loss``             `Loss`: what a salvaged vault lacks
``profile``          ``agent.protocol.account.Profile``: the person and the family
``coverage``         ``agent.protocol.money.NamedCover``: the top-up cover that the account's papers name
``cover``            `ToldCover`: contract and situations as the person told them
``received``         `ReceivedMark` by id of payment: shares of the top-up that arrived
``arrived``          `Ids`: of payments that the person says have arrived
``dismissed``        `Ids`: of anomalies that the person hid
``reminded``         `Ids`: of deadlines told already, with their days
``newcomer``         `NewcomerTold`: a newcomer's way to the card
``printed``          `PrintedNote`: some payments were read from statements or parts of lists
``profile_claims``   `ProfileClaims`: what each source says of the person and the family
``coverage_claims``  `CoverageClaims`: what each paper says of the top-up cover
``share_claims``     `ShareClaim`, a list by id of payment: what insurers' files say they paid
``imports``          `StandInNote`: a stand-in's recording was taken in
===================  =====================================================================================

There is no other name: `AccountBook` has an attribute for each, and whoever wants a record asks that one.
"""

from hashlib import blake2b
from secrets import token_hex
from typing import Generic, TypeVar

from agent.account.sync_notes import SyncNotes
from agent.protocol.account import Profile
from agent.protocol.money import NamedCover
from agent.store.account_records import (
    Cookies,
    CoverageClaims,
    Credentials,
    FingerprintKey,
    Ids,
    Loss,
    Moment,
    Needs,
    NewcomerTold,
    PlanRecord,
    PrintedNote,
    ProfileClaims,
    ReceivedMark,
    SessionRecord,
    ShareClaim,
    Since,
    StandInNote,
    ToldCover,
    Tripped,
    Watch,
)
from agent.store.interfaces import Keeper, Table

R = TypeVar("R")


class Single(Generic[R]):
    """A record of which there is one, or none."""

    def __init__(self, table: Table[R], name: str) -> None:
        self._table = table
        self.name = name

    def read(self) -> R | None:
        """The record, or None."""
        return self._table.fetch(self.name)

    def write(self, record: R | None) -> None:
        """Replace the record; None removes it. What does not change costs nothing."""
        before = self._table.fetch(self.name)
        if record is None:
            if before is not None:
                self._table.drop(self.name)
        elif record != before:
            self._table.put(self.name, record)


class AccountBook:
    """The one-of-a-kind records of a vault."""

    credentials: Single[Credentials]
    session: Single[SessionRecord]
    trusted: Single[Since]
    sign_in: Single[Moment]
    breaker: Single[Tripped]
    fingerprint_key: Single[FingerprintKey]
    browser_session: Single[Cookies]
    browser_device: Single[Cookies]
    sync: Single[SyncNotes]
    schedule: Single[PlanRecord]
    needs: Single[Needs]
    watch: Single[Watch]
    loss: Single[Loss]
    profile: Single[Profile]
    coverage: Single[NamedCover]
    cover: Single[ToldCover]
    received: Single[dict[str, ReceivedMark]]
    arrived: Single[Ids]
    dismissed: Single[Ids]
    reminded: Single[Ids]
    newcomer: Single[NewcomerTold]
    printed: Single[PrintedNote]
    imports: Single[StandInNote]
    profile_claims: Single[ProfileClaims]
    coverage_claims: Single[CoverageClaims]
    share_claims: Single[dict[str, list[ShareClaim]]]

    def __init__(self, vault: Keeper) -> None:
        def single(name: str) -> Single[R]:
            return Single(vault.db.table("account"), name)

        self.table: Table[object] = vault.db.table("account")
        self.credentials = single("credentials")
        self.session = single("session")
        self.trusted = single("trusted")
        self.sign_in = single("sign_in")
        self.breaker = single("breaker")
        self.fingerprint_key = single("fingerprint_key")
        self.browser_session = single("browser_session")
        self.browser_device = single("browser_device")
        self.sync = single("sync")
        self.schedule = single("schedule")
        self.needs = single("needs")
        self.watch = single("watch")
        self.loss = single("loss")
        self.profile = single("profile")
        self.coverage = single("coverage")
        self.cover = single("cover")
        self.received = single("received")
        self.arrived = single("arrived")
        self.dismissed = single("dismissed")
        self.reminded = single("reminded")
        self.newcomer = single("newcomer")
        self.printed = single("printed")
        self.imports = single("imports")
        self.profile_claims = single("profile_claims")
        self.coverage_claims = single("coverage_claims")
        self.share_claims = single("share_claims")

    @property
    def names(self) -> frozenset[str]:
        """The names of all the records that there can be."""
        return frozenset(record.name for record in vars(self).values() if isinstance(record, Single))

    def fingerprint(self, nir: str, password: str) -> str:
        """A keyed digest of credentials, to recognise them later without keeping them.

        The key is random and never leaves the vault: the digest alone cannot be tried against guesses.
        """
        record = self.fingerprint_key.read()
        if record is None:
            record = {"key": token_hex(32)}
            self.fingerprint_key.write(record)
        return blake2b(f"{nir}\0{password}".encode(), digest_size=16, key=bytes.fromhex(record["key"])).hexdigest()
