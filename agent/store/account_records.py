"""The shapes of the one-of-a-kind records; `agent.store.account_state` says under which name each is kept.

Days and moments are ISO, moments with their zone, euros are text. Keys that are not promised may be missing from what
an older version wrote.
"""

from typing import NotRequired, TypedDict

from agent.protocol.account import Profile
from agent.protocol.money import Contract, NamedCover, Situation
from agent.protocol.problems import Problem
from agent.store.origins import Claim
from config.json_value import JsonObject


class Credentials(TypedDict):
    """Who signs in."""

    nir: str
    password: str | None
    """None when the person chose not to keep it."""


class SessionRecord(TypedDict, total=False):
    """An open session at the service."""

    cookies: list[JsonObject]
    """As ``agent/portal/http`` gives them and takes them back."""
    trusted_device: str | None
    """Newest proof that this device needs no code."""
    csrf: str | None


class Cookies(TypedDict):
    """Cookies of the person's browser, in its own words."""

    cookies: list[JsonObject]


class Since(TypedDict):
    """The day from which a proof lives."""

    since: str


class Moment(TypedDict):
    """When something was done last."""

    at: str


class Tripped(Moment):
    """Why these credentials are not tried any more."""

    fingerprint: str
    """Digest of number and password."""
    problem: Problem


class FingerprintKey(TypedDict):
    """The random key of those digests, hexadecimal."""

    key: str


class PlanRecord(TypedDict, total=False):
    """Where the schedule stands; see ``agent.sync.scheduler.plan.Plan``."""

    next_run: str | None
    last_success: str | None
    failures: int
    delay_s: float
    waiting_for: str | None


class SealedEpoch(TypedDict):
    """What opens the rounds sealed during one locking (see ``.github/VAULT_FORMAT.md``). Keys are hexadecimal."""

    epoch: str
    private_key: str
    chain_start: str
    merged: int
    """Number of the last round that was merged; 0: none."""
    gap: bool
    """A round before that one is missing."""
    files: NotRequired[list[int]]
    """Numbers up to ``merged`` that hold a file of the watched folder which was not taken in yet."""


class Watch(TypedDict):
    """Lockings whose sealed rounds are not all merged, in their order."""

    epochs: list[SealedEpoch]


class Needs(TypedDict):
    """What waits for the person."""

    problems: list[Problem]


class Loss(TypedDict):
    """What a salvaged vault lacks."""

    problem: Problem


class ToldCover(TypedDict, total=False):
    """What the person told of contract, situations and treating doctors, the last two by person."""

    contract: Contract | None
    situations: dict[str, list[Situation]]
    attending_doctor: dict[str, bool]


class ReceivedMark(TypedDict):
    """That the top-up's share of a payment arrived."""

    amount: str
    on: str
    how: str
    """``hand``, or the kind of file that told it."""


class Ids(TypedDict):
    """Ids of things dealt with."""

    ids: list[str]


class NewcomerTold(TypedDict):
    """What a newcomer told of the way from arrival to card: answers by question."""

    told: JsonObject


class PrintedNote(TypedDict):
    """Some payments were read from statements or parts of lists, which do not name them as the service does."""

    any: bool


class StandInNote(TypedDict):
    """A stand-in's recording was taken in."""

    local: bool


class ProfileClaim(Claim):
    """The person and the family as a source shows them."""

    says: Profile


class ProfileClaims(TypedDict):
    """All that sources say of the person."""

    claims: list[ProfileClaim]


class CoverageClaim(Claim):
    """The top-up cover as a paper names it."""

    says: NamedCover


class CoverageClaims(TypedDict):
    """All that papers say of the top-up cover."""

    claims: list[CoverageClaim]


class ShareClaim(Claim):
    """What a file of an insurer says it paid for the care of one payment."""

    amount: str
    on: str
