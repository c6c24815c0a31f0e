"""Rounds while the vault is locked: what they read, what they may do, and what comes back at unlocking."""

import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from agent.connection import Refused, SignInTooSoon
from agent.errors import AmeliError
from agent.portal.errors import CodeNeeded, Unreachable, WrongPassword
from agent.store.account_records import SessionRecord
from agent.store.interfaces import plain
from agent.vault.errors import DataMissing, VaultWriteFailed
from agent.vault.fs import RealFs
from agent.watch.errors import AddressChanged, SignInNotAllowed, SignInUnfinished
from agent.watch.note import SignInBegun, WatchNote
from agent.watch.ticket import unpack
from tests.agent.bench import NIR, PASSWORD
from tests.agent.watch.watched import Watched, watched


@pytest.fixture
async def home(tmp_path: Path) -> Watched:
    return await watched(tmp_path)


async def test_a_quiet_round_asks_six_times_at_most_and_is_sealed_all_the_same(home: Watched) -> None:
    ticket = home.lock()
    result = await home.watcher(ticket).round()
    assert result.requests <= 6
    assert sum(result.new.values()) == ticket.sealed == 0
    assert len(list(home.inbox.iterdir())) == 1, "the disk tells when it looked, not whether there was news"
    assert (ticket.polls, ticket.needs) == (1, None)


async def test_a_round_with_a_sign_in_asks_twenty_times_at_most(home: Watched) -> None:
    ticket = home.lock(may_sign_in=True)
    home.bench.sandbox.service.end_sessions()
    home.bench.clock.move(hours=2)
    assert (await home.watcher(ticket).round()).requests <= 20
    assert home.sign_ins() == 1


async def test_what_came_while_locked_is_there_exactly_once_after_unlocking(home: Watched) -> None:
    before = len(home.bench.store.payments)
    ticket = home.lock()
    home.pay("11.00")
    home.write("Votre attestation")
    assert (await home.watcher(ticket).round()).new == {"payments": 1, "documents": 0, "messages": 1}
    home.pay("11.00")
    home.bench.clock.move(minutes=5)
    ticket = home.again(ticket)
    assert (await home.watcher(ticket).round()).new == {"payments": 1, "documents": 0, "messages": 0}
    assert (await home.watcher(home.again(ticket)).round()).new == {"payments": 0, "documents": 0, "messages": 0}
    assert ticket.sealed == 3
    store = home.unlock(ticket)
    assert len(store.payments) == before + 2
    assert all(store.payments.between("2026-11-23", "2026-11-23").values()), "with their detail: it is forgotten there"
    assert list(home.inbox.iterdir()) == []
    assert [run["trigger"] for run in store.runs.newest(2)] == ["schedule", "schedule"]
    result = await home.bench.connection.sync()
    assert (result.new["payments"], result.new["messages"]) == (0, 1)
    assert result.untold() == {"payments": 0, "documents": 0, "messages": 0}, "the person was told of it before"


async def test_a_message_is_not_opened_so_that_it_stays_unread_at_the_service(home: Watched) -> None:
    ticket = home.lock()
    home.write("Votre attestation")
    await home.watcher(ticket).round()
    assert not home.bench.house.messages[-1].read
    assert not any("detail" in request and "message" in request for request in home.bench.wire.requests)


async def test_what_was_read_before_the_network_went_is_sealed_and_the_rest_comes_with_the_next_round(
    home: Watched,
) -> None:
    before = len(home.bench.store.payments)
    ticket = home.lock()
    for cents in range(8):
        home.pay(f"12.{cents:02}")
    most = len(home.bench.wire.requests) + 6

    def cut(request: httpx.Request) -> None:
        if len(home.bench.wire.requests) > most:
            raise httpx.ConnectError("cut")

    home.bench.wire.rewrite = cut
    with pytest.raises(Unreachable):
        await home.watcher(ticket).round()
    home.bench.wire.rewrite = lambda request: None
    seen = ticket.sealed
    ticket = home.again(ticket)
    await home.watcher(ticket).round()
    assert (seen, ticket.sealed) == (8, 8)
    store = home.unlock(ticket)
    assert len(store.payments) == before + 8
    assert all(store.payments.between("2026-11-23", "2026-11-23").values())


async def test_a_disk_that_takes_nothing_fails_the_round_and_loses_nothing(
    home: Watched, monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticket = home.lock()
    home.pay("13.00")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(RealFs, "create", full)
        with pytest.raises(VaultWriteFailed):
            await home.watcher(ticket).round()
    assert (ticket.sealed, ticket.number) == (0, 1)
    ticket = home.again(ticket)
    assert (await home.watcher(ticket).round()).new["payments"] == 1
    assert home.unlock(ticket).needs() == []


async def test_many_new_payments_are_sealed_in_parts(home: Watched) -> None:
    before = len(home.bench.store.payments)
    ticket = home.lock()
    for cents in range(60):
        home.pay(f"14.{cents:02}")
    await home.watcher(ticket).round()
    assert len(list(home.inbox.iterdir())) >= 3
    assert len(home.unlock(ticket).payments) == before + 60


async def test_a_ticket_that_may_not_sign_in_holds_neither_number_nor_password_nor_the_trusted_device(
    home: Watched,
) -> None:
    home.bench.options.otp = True
    with pytest.raises(CodeNeeded):
        await home.bench.connection.login(NIR, PASSWORD)
    await home.bench.connection.login(otp=home.bench.sandbox.service.mails[-1].code)
    device = (home.bench.store.account.session.read() or {}).get("trusted_device")
    assert device
    packed = home.lock().pack()
    for secret in (NIR, PASSWORD, device, "MARTIN", "CLAIRE"):
        assert secret.encode() not in packed
    assert PASSWORD.encode() in (await watched(home.bench.folder / "other")).lock(may_sign_in=True).pack()


async def test_a_session_that_ends_without_permission_is_one_notice_and_no_sign_in(home: Watched) -> None:
    ticket = home.lock()
    home.bench.sandbox.service.end_sessions()
    home.sign_ins()
    with pytest.raises(SignInNotAllowed):
        await home.watcher(ticket).round()
    assert (ticket.access, ticket.marks, ticket.session) == ("none", None, None)
    assert ticket.needs is not None and ticket.needs["code"] == "sign_in_not_allowed"
    with pytest.raises(Refused, match="sign_in_not_allowed"):
        await home.watcher(home.again(ticket)).round()
    assert home.sign_ins() == 0
    store = home.unlock(ticket)
    assert store.account.breaker.read() is None, "nobody refused anything"
    assert store.account.session.read() is not None, "with it this device is known"


@pytest.mark.parametrize("restart", ["each time", "never"])
async def test_a_password_that_became_wrong_is_tried_once_in_thirty_days(home: Watched, restart: str) -> None:
    ticket = home.lock(may_sign_in=True)
    home.bench.house.password = "Nouveau+2"
    home.bench.sandbox.service.end_sessions()
    home.sign_ins()
    watcher = home.watcher(ticket)
    for _ in range(4 * 30):
        home.bench.clock.move(hours=6)
        if restart == "each time":
            watcher = home.watcher(home.again(watcher.ticket))
        with pytest.raises(AmeliError):
            await watcher.round()
    assert home.sign_ins() == 1
    assert watcher.ticket.password == "" and watcher.ticket.needs is not None
    assert watcher.ticket.needs["code"] == "wrong_password"
    home.unlock(watcher.ticket)
    with pytest.raises(AmeliError) as refused:
        await home.bench.connection.sync(trigger="schedule")
    assert refused.value.problem()["code"] == "wrong_password"
    assert home.sign_ins() == 0, "the open agent knows of the refusal"


async def test_a_refusal_is_known_to_the_process_after_a_crash_that_lost_the_ticket(home: Watched) -> None:
    ticket = home.lock(may_sign_in=True)
    old = ticket.pack()
    home.bench.house.password = "Nouveau+2"
    home.bench.sandbox.service.end_sessions()
    home.bench.clock.move(hours=2)
    with pytest.raises(WrongPassword):
        await home.watcher(ticket).round()
    home.sign_ins()
    older = unpack(old)
    assert older is not None and older.password
    home.bench.clock.move(hours=2)
    watcher = home.watcher(older)
    assert older.password == ""
    with pytest.raises(Refused, match="sign_in_unfinished"):
        await watcher.round()
    assert home.sign_ins() == 0


async def test_a_sign_in_that_was_cut_short_is_not_tried_again_before_a_person_unlocks(home: Watched) -> None:
    ticket = home.lock(may_sign_in=True)
    home.note.write(WatchNote(watching=True, sign_in=SignInBegun(at="2026-11-23T09:00:00+00:00")))
    home.bench.sandbox.service.end_sessions()
    watcher = home.watcher(ticket)
    assert ticket.needs == SignInUnfinished().problem()
    with pytest.raises(Refused, match="sign_in_unfinished"):
        await watcher.round()
    assert home.sign_ins() == 0


async def test_the_note_is_there_before_the_first_byte_of_a_sign_in_leaves(home: Watched) -> None:
    ticket = home.lock(may_sign_in=True)
    home.bench.sandbox.service.end_sessions()
    home.bench.clock.move(hours=2)
    noted: list[bool] = []

    def look(request: httpx.Request) -> None:
        if request.method == "POST" and "oauth2" in request.url.path:
            noted.append(home.note.read().sign_in is not None)

    home.bench.wire.rewrite = look
    await home.watcher(ticket).round()
    assert noted and all(noted)
    assert home.note.read() == WatchNote(watching=True)


async def test_at_most_one_sign_in_an_hour(home: Watched) -> None:
    ticket = home.lock(may_sign_in=True)
    home.bench.clock.move(hours=2)
    home.bench.sandbox.service.end_sessions()
    await home.watcher(ticket).round()
    home.bench.sandbox.service.end_sessions()
    home.bench.clock.move(minutes=30)
    with pytest.raises(SignInTooSoon):
        await home.watcher(home.again(ticket)).round()
    home.bench.clock.move(minutes=31)
    await home.watcher(home.again(ticket)).round()
    assert home.sign_ins() == 2


async def test_a_wanted_code_is_waited_for_and_none_is_sent(home: Watched) -> None:
    ticket = home.lock(may_sign_in=True)
    home.bench.options.otp = True
    home.bench.sandbox.service.trusted.clear()
    home.bench.sandbox.service.end_sessions()
    home.bench.clock.move(hours=2)
    with pytest.raises(CodeNeeded):
        await home.watcher(ticket).round()
    assert home.bench.sandbox.service.mails == []
    assert ticket.access == "none"
    home.unlock(ticket)
    assert home.bench.store.needs()[0]["code"] == "code_needed"


async def test_the_session_and_the_device_that_a_sign_in_brought_are_kept_at_unlocking(home: Watched) -> None:
    ticket = home.lock(may_sign_in=True)
    home.bench.sandbox.service.end_sessions()
    home.bench.clock.move(hours=2)
    await home.watcher(ticket).round()
    home.unlock(ticket)
    home.sign_ins()
    await home.bench.connection.sync(trigger="schedule")
    assert home.sign_ins() == 0


async def test_a_session_without_its_device_does_not_take_the_device_from_the_vault(home: Watched) -> None:
    kept = {**(home.bench.store.account.session.read() or {}), "trusted_device": "a proof"}
    home.bench.store.account.session.write(plain(kept, SessionRecord))
    ticket = home.lock()
    await home.watcher(ticket).round()
    store = home.unlock(ticket)
    assert (store.account.session.read() or {}).get("trusted_device") == kept["trusted_device"]


async def test_the_session_is_shown_to_no_other_address(home: Watched) -> None:
    ticket = home.lock()
    with pytest.raises(AddressChanged):
        await home.watcher(ticket, base_url="http://127.0.0.1:8090").round()
    assert home.bench.wire.requests == []
    assert ticket.session is None


async def test_the_ticket_that_rests_is_ahead_of_the_file_whose_number_comes(home: Watched) -> None:
    ticket = home.lock()
    home.pay("15.00")
    numbers: list[int] = []
    create = RealFs.create

    def before_each_file(fs: RealFs, path: Path) -> object:
        if path.parent.name == "inbox":
            resting = unpack(home.kept[-1])
            assert resting is not None
            numbers.append(resting.number)
        return create(fs, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RealFs, "create", before_each_file)
        await home.watcher(ticket).round()
    assert numbers == [2]


async def test_a_vault_that_lost_something_is_read_again_once_while_locked_not_in_each_round(home: Watched) -> None:
    home.bench.store.loss.note(DataMissing(1, 3, exact=True, days=[]).problem())
    ticket = home.lock()
    first = await home.watcher(ticket).round()
    again = await home.watcher(home.again(ticket)).round()
    assert first.requests > again.requests <= 6
    assert home.unlock(ticket).loss.problem is not None, "the open agent still reads everything once"


async def test_the_plan_of_the_sync_moves_on_only_as_far_as_was_listed(home: Watched) -> None:
    ticket = home.lock()
    home.bench.today += timedelta(days=10)
    home.bench.clock.move(days=10)
    home.bench.sandbox.service.sessions.clear()
    with pytest.raises(SignInNotAllowed):
        await home.watcher(ticket).round()
    notes = home.unlock(ticket).sync_state()
    assert json.dumps(notes["payments"]).count("2026-12") == 0
