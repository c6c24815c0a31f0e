"""The agent's calls by name, for ``Client.ask``; with ``api_requests`` the one place that spells paths."""

from __future__ import annotations

import json

from agent.client.call import Call, get, get_file, post, quoted, upload

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO, Literal

    from agent.client.call import Value
    from agent.protocol.account import Profile, SignedIn, SignIn, SyncFound, SyncRun, SyncStarted
    from agent.protocol.assistant import Answer, Subject, SubjectText, Term
    from agent.protocol.backups import BackFromBackup, BackupMade, Backups, BackupToFetch, BackupToRestore
    from agent.protocol.documents import Document, DocumentWithOrigins, NamedDocuments
    from agent.protocol.files import Preview, Taken, TakenEarlier, TakenStatements, Undone
    from agent.protocol.home import Home
    from agent.protocol.money import Bank, BankForgotten, Coverage, CoverChange, Ledger, Owed, Year
    from agent.protocol.payments import Explanation, Facets, Month, PaymentDetail, PaymentWindow, PaymentWithOrigins
    from agent.protocol.prices import CareToPrice, Estimate
    from agent.protocol.process import Finding, Health, LogLines, NoticeTried, PageChange, Reloaded, Status
    from agent.protocol.tariffs import TakenTariffs, TariffsStatus
    from agent.protocol.vault import AfterLock, Made, NewRecoveryCode, Opened, OpeningKeys, VaultState, Verified
    from config.json_value import JsonValue


# -- payments ----------------------------------------------------------------------------------------------------------


def payments(
    *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
    kind: str | None = None, search: str | None = None, limit: int | None = None,
) -> Call[list[PaymentDetail]]:
    """Payments with their detail, newest first; days are ISO and inclusive."""
    return get("/v1/payments", since=since, until=until, beneficiary=beneficiary, kind=kind, search=search,
               limit=limit)


def payment(payment: str) -> Call[PaymentWithOrigins]:
    """One payment, where it came from, and what sources that disagree say."""
    return get(f"/v1/payments/{quoted(payment)}")


def rows(
    *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
    kind: str | None = None, search: str | None = None, offset: int | None = None, limit: int | None = None,
) -> Call[PaymentWindow]:
    """A window of the list of payments, with sums over all that answers."""
    return get("/v1/rows", since=since, until=until, beneficiary=beneficiary, kind=kind, search=search,
               offset=offset, limit=limit)


def months(
    *, since: str | None = None, until: str | None = None, beneficiary: str | None = None,
    kind: str | None = None, search: str | None = None,
) -> Call[list[Month]]:
    """What was paid by month, newest first."""
    return get("/v1/months", since=since, until=until, beneficiary=beneficiary, kind=kind, search=search)


def facets() -> Call[Facets]:
    """What lists of payments can be filtered by."""
    return get("/v1/facets")


def explain(payment: str) -> Call[Explanation]:
    """Why a payment is what it is."""
    return get(f"/v1/explain/{quoted(payment)}")


# -- money -------------------------------------------------------------------------------------------------------------


def ledger(year: int | None = None, beneficiary: str | None = None) -> Call[Ledger]:
    """Participations and franchises of a year of refunds, this one by default; of one person or of all."""
    return get("/v1/ledger", year=year, beneficiary=beneficiary)


def year(year: int | None = None, beneficiary: str | None = None) -> Call[Year]:
    """A year of care in sums, this one by default; of one person or of all."""
    return get("/v1/year", year=year, beneficiary=beneficiary)


def owed() -> Call[Owed]:
    """What is still to come, and what is worth asking the fund about."""
    return get("/v1/owed")


def received(payment: str, amount: str | None = None, on: str | None = None, *, undo: bool = False) -> Call[Owed]:
    """Note that the top-up's share of a payment arrived: the expected euros today by default."""
    return post("/v1/owed/received", _said(payment=payment, amount=amount, on=on, undo=undo))


def arrived(payment: str, *, undo: bool = False) -> Call[Owed]:
    """Note that a payment arrived, whatever the bank files show."""
    return post("/v1/owed/arrived", _said(payment=payment, undo=undo))


def dismiss(anomaly: str, *, undo: bool = False) -> Call[Owed]:
    """Hide an anomaly, or show it again."""
    return post("/v1/owed/dismiss", _said(anomaly=anomaly, undo=undo))


def match(credit: str, payment: str | None) -> Call[Owed]:
    """Say which payment a bank credit is, ``none`` for none of them; None takes the word back."""
    return post("/v1/owed/match", _said(credit=credit, payment=payment))


def bank() -> Call[Bank]:
    """What is kept of bank files."""
    return get("/v1/bank")


def forget_bank() -> Call[BankForgotten]:
    """Drop everything read from bank files."""
    return post("/v1/bank/forget")


def coverage() -> Call[Coverage]:
    """The complementary cover: as the account names it, and as the person told it."""
    return get("/v1/coverage")


def set_coverage(change: CoverChange) -> Call[Coverage]:
    """Change what the person tells of contract, situations and treating doctors."""
    return post("/v1/coverage", change)


def estimate(care: CareToPrice | JsonValue) -> Call[Estimate]:
    """Price one piece of care by the rules; it needs no vault."""
    return post("/v1/estimate", {"care": care})


def estimates(care: Sequence[JsonValue]) -> Call[list[Estimate]]:
    """Price several pieces of care, in their order."""
    return post("/v1/estimate", {"care": care})


def tariffs(table: str | None = None) -> Call[TariffsStatus]:
    """What the rules know from when; of ``table`` every value."""
    return get("/v1/tariffs", table=table)


def take_tariffs(packed: bytes) -> Call[TakenTariffs]:
    """Keep a version of the fund's table of technical acts."""
    return upload("/v1/tariffs", packed)


# -- documents, certificates, exports, imports -------------------------------------------------------------------------


def documents() -> Call[list[Document]]:
    """Every document, newest first."""
    return get("/v1/documents")


def document(key: str) -> Call[DocumentWithOrigins]:
    """One document, without its bytes."""
    return get(f"/v1/documents/{quoted(key)}")


def document_bytes(key: str) -> Call[bytes]:
    """A document's bytes; the service is asked for them when they are not kept."""
    return get_file(f"/v1/documents/{quoted(key)}/content")


def forget_document(key: str) -> Call[object]:
    """Give a damaged document up."""
    return post(f"/v1/documents/{quoted(key)}/forget")


def certificate(kind: str, **chosen: Value) -> Call[bytes]:
    """A certificate made now, as PDF: ``droits``, ``ij``, ``fiscal`` or ``ceam``, for whom or when is chosen."""
    return get_file(f"/v1/certificates/{quoted(kind)}", **chosen)


def export(format: str, **filters: Value) -> Call[bytes]:
    """The account as one file: ``since``, ``until`` or ``year``, ``beneficiary``, ``lang``."""
    return get_file("/v1/export", format=format, **filters)


def export_documents(naming: str | None = None, **filters: Value) -> Call[NamedDocuments]:
    """The documents with the name each gets after ``naming``, the settings' template by default."""
    return Call("GET", "/v1/export/documents", {"naming": naming, **filters}, json.loads)


def take(
    data: bytes | BinaryIO, name: str, mine: str | None = None, columns: str | None = None,
) -> Call[Taken]:
    """Take a file in.

    ``mine``: the person's answer whose it is, ``yes`` or ``no``; None: not asked. ``columns``: those of a bank's file,
    as ``day=1,label=2,amount=4``.
    """
    return upload("/v1/import", data, name=name, mine=mine, columns=columns)


def preview(data: bytes | BinaryIO, name: str, columns: str | None = None) -> Call[Preview]:
    """What a file would bring; nothing of it is kept. ``columns`` as of `take`."""
    return upload("/v1/import/preview", data, name=name, columns=columns)


def take_statements() -> Call[TakenStatements]:
    """Read the monthly statements that are kept for their payments."""
    return post("/v1/import/statements")


def taken(limit: int) -> Call[list[TakenEarlier]]:
    """The files taken in, newest first."""
    return get("/v1/imports", limit=limit)


def undo_import(imported: str) -> Call[Undone]:
    """Take back what a file alone brought."""
    return post("/v1/imports/undo", {"id": imported})


# -- the account, the vault, the process, ameliBot ---------------------------------------------------------------------


def home() -> Call[Home]:
    """Everything the first screen shows."""
    return get("/v1/home")


def health(*, deadline: float | None = None) -> Call[Health]:
    """Whether it lives, what protocol it speaks, how the vault stands."""
    return get("/v1/health", deadline=deadline)


def status() -> Call[Status]:
    """How everything goes; asks for no open vault."""
    return get("/v1/status")


def logs(lines: int) -> Call[LogLines]:
    """The newest lines of its log."""
    return get("/v1/logs", lines=lines)


def doctor(*, offline: bool = False) -> Call[list[Finding]]:
    """How everything stands; ``offline``: without calling on the service."""
    return get("/v1/doctor", offline=1 if offline else None)


def notify_test(channel: str | None = None) -> Call[list[NoticeTried]]:
    """Have it send a test notice through every channel that is on, or through one."""
    return post("/v1/notify/test", {"channel": channel}, deadline=30.0)


def reload() -> Call[Reloaded]:
    """Have it read the settings again."""
    return post("/v1/reload")


def stop(*, deadline: float) -> Call[object]:
    """Have the process end."""
    return post("/v1/stop", deadline=deadline)


def changes() -> Call[list[PageChange]]:
    """The service's pages that are not as expected."""
    return get("/v1/changes")


def page_sample(name: str) -> Call[bytes]:
    """The anonymised copy of one of them, by its short name."""
    return get_file(f"/v1/changes/{quoted(name)}/sample")


def setup(passphrase: str) -> Call[Made]:
    """Make the vault and open it."""
    return post("/v1/setup", {"passphrase": passphrase})


def unlock(keys: OpeningKeys) -> Call[Opened]:
    """Open the vault with a passphrase or the recovery code."""
    return post("/v1/unlock", keys)


def lock(*, everything: bool = False) -> Call[AfterLock]:
    """Close the vault; with ``everything``, forget what watching needs, too."""
    return post("/v1/lock", {"all": True} if everything else None)


def verify() -> Call[Verified]:
    """Read every byte of the vault and its documents, and have mended what can be."""
    return post("/v1/verify")


def change_passphrase(old: str, new: str) -> Call[VaultState]:
    """Give the vault another passphrase."""
    return post("/v1/passphrase", {"old": old, "new": new})


def new_recovery_code(passphrase: str) -> Call[NewRecoveryCode]:
    """Make a new recovery code; the one before opens nothing any more."""
    return post("/v1/recovery", {"passphrase": passphrase})


def backups() -> Call[Backups]:
    """What is in the folder of backups."""
    return get("/v1/backups")


def make_backup() -> Call[BackupMade]:
    """Make one now, in that folder."""
    return post("/v1/backups")


def prepare_backup() -> Call[BackupToFetch]:
    """Have one made for a file of the person's own."""
    return post("/v1/backups/outgoing")


def backup_bytes(offset: int) -> Call[bytes]:
    """Some bytes of the prepared one; none at its end."""
    return get_file("/v1/backups/outgoing", offset=offset)


def backup_fetched(path: str | None) -> Call[object]:
    """Say where the prepared one lies now; None: it is not wanted."""
    return post("/v1/backups/fetched", {"path": path})


def restore(wanted: BackupToRestore) -> Call[BackFromBackup]:
    """Make the vault of a backup, in a home that has none, and open it."""
    return post("/v1/restore", wanted)


def login(given: SignIn, *, deadline: float | None = None) -> Call[SignedIn]:
    """Sign in, or bring the one-time code to the sign-in that waits for it."""
    return post("/v1/login", given, deadline=deadline)


def logout() -> Call[object]:
    """Sign out and forget the password; the data stays."""
    return post("/v1/logout")


def sync(*, full: bool = False, screen: dict[str, str] | None = None) -> Call[SyncFound]:
    """Look for news, and wait for what is found; ``screen``: where windows go."""
    return post("/v1/sync", {"full": full, "wait": True, "screen": screen})


def begin_sync(*, full: bool = False, screen: dict[str, str] | None = None) -> Call[SyncStarted]:
    """Begin to look for news; events tell how it goes."""
    return post("/v1/sync", {"full": full, "wait": False, "screen": screen})


def runs(limit: int) -> Call[list[SyncRun]]:
    """The newest syncs."""
    return get("/v1/runs", limit=limit)


def profile() -> Call[Profile]:
    """The person and the family."""
    return get("/v1/profile")


def ask(question: str, lang: Literal["fr", "en"] | None = None) -> Call[Answer]:
    """Ask ameliBot; ``lang``: of the answer, else that of the question."""
    body = {"question": question, "lang": lang} if lang else {"question": question}
    return post("/v1/ask", body)


def guide(lang: str) -> Call[list[Subject]]:
    """The guide's subjects."""
    return get("/v1/guide", lang=lang)


def guide_text(subject: str, lang: str) -> Call[SubjectText]:
    """What the guide says on one of them."""
    return get("/v1/guide", subject=subject, lang=lang)


def glossary(wanted: str | None = None) -> Call[list[Term]]:
    """The terms that a text names or begins like; all of them without one."""
    return get("/v1/glossary", q=wanted)


def glossary_of(text: str) -> Call[list[Term]]:
    """The terms that stand in a text."""
    return Call("GET", "/v1/glossary", {"in": text}, json.loads)


def _said(**body: str | bool | None) -> dict[str, str | bool]:
    """The body of a call: what is not said is left out."""
    return {name: value for name, value in body.items() if value is not None and value is not False}
