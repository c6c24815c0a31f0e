"""The ticket: all that a locked agent holds, and nothing that opens the vault."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.watch.ticket import VERSION, Ticket, unpack
from tests.agent.watch.watched import Watched, watched
from tests.thoroughness import examples


@pytest.fixture
async def home(tmp_path: Path) -> Watched:
    return await watched(tmp_path)


async def test_it_comes_through_bytes_whole(home: Watched) -> None:
    ticket = home.lock(may_sign_in=True)
    assert unpack(ticket.pack()) == ticket


async def test_one_of_another_version_is_not_used(home: Watched) -> None:
    ticket = home.lock()
    ticket.version = VERSION + 1
    assert unpack(ticket.pack()) is None


@given(st.binary(max_size=300))
@settings(max_examples=examples(100))
def test_anything_else_is_no_ticket(data: bytes) -> None:
    assert unpack(data) is None


async def test_it_holds_nothing_of_what_the_vault_keeps(home: Watched) -> None:
    store, vault = home.bench.store, home.bench.vault
    kept = [store.profile()["name"], *(one["label"] for one in store.payments.found()),
            *(one["id"] for one in store.payments.found()), *(one["subject"] for one in store.messages.all())]
    assert len(kept) > 10
    identity = vault.identity
    packed = home.lock(may_sign_in=True).pack()
    for said in (*kept, "correct horse"):
        assert str(said).encode() not in packed
    assert bytes.fromhex(identity) in packed, "so the search finds what is there"


async def test_where_it_goes_it_opens_no_round_that_was_sealed(home: Watched) -> None:
    ticket = home.lock()
    home.pay("11.00")
    await home.watcher(ticket).round()
    (sealed,) = home.inbox.iterdir()
    from agent.vault.sealed_rounds import EpochSecret, Opener

    for key in (ticket.chain_key, ticket.public_key):
        forged = Opener(ticket.vault, EpochSecret(ticket.epoch, key, ticket.chain_key))
        assert forged.open(sealed.read_bytes()) is None


async def test_a_ticket_of_another_vault_changes_nothing_at_unlocking(home: Watched) -> None:
    ticket = home.lock()
    ticket.vault = bytes(16)
    ticket.session = None
    ticket.polls = 3
    store = home.unlock(ticket)
    assert store.account.session.read() is not None


async def test_dropping_what_signs_in_leaves_the_session_without_the_device(home: Watched) -> None:
    ticket = home.lock(may_sign_in=True)
    assert ticket.access == "sign_in" and ticket.session is not None
    ticket.drop_sign_in()
    assert ticket.access == "session"
    assert ticket.session["trusted_device"] is None
    assert isinstance(ticket, msgspec.Struct) and isinstance(ticket, Ticket)


async def test_one_with_nothing_to_look_with_says_what_it_takes(home: Watched) -> None:
    home.bench.store.account.session.write(None)
    ticket = home.lock()
    assert (ticket.access, ticket.marks) == ("none", None)
    assert ticket.needs is not None and ticket.needs["code"] == "sign_in_not_allowed"
    assert not ticket.refused
