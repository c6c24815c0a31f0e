"""Screens tell a list with nothing in it from an account of which nothing was read yet."""

import pytest

from ameli_tui.i18n.not_counted import empty_list, left_out, with_command, with_key
from ameli_tui.screens.home.home import totals_content
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import opened


def test_home_shows_no_zero_where_no_payment_was_read() -> None:
    assert "0,00" not in totals_content(None, 80).plain and "0.00" not in totals_content(None, 80).plain
    assert "12" in totals_content({"month": "12.00", "year": "12.00"}, 80).plain


@pytest.mark.parametrize(("status", "empty"), [
    ({"account": True, "last_sync": "2026-11-23T08:00:00+00:00"}, True),
    ({"account": True, "last_sync": None}, False),
    ({"account": False, "last_sync": None}, False),
])
def test_an_empty_list_is_said_to_be_empty_only_once_it_was_read(status: dict[str, object], empty: bool) -> None:
    assert (empty_list(status, "no payment yet") == "no payment yet") is empty


def test_every_reason_is_told_with_the_key_or_the_command_that_makes_it_count() -> None:
    one = {"part": "top_up", "why": "no_contract", "partly": False, "payments": 0, "text_fr": "Pas compté.",
           "text_en": "Not counted.", "cure": "ameli coverage set"}
    assert "ameli coverage set" in with_command(one)
    assert with_key(one, here=True).endswith(("c notes it.", "c le note."))
    assert "7" in with_key(one)
    assert left_out({"not_counted": [one, {**one, "partly": True}]}, "top_up", whole=True) == [one]
    assert left_out({"not_counted": []}, "top_up") == []


async def test_home_of_an_account_that_was_never_read_says_so() -> None:
    async with opened(FakeAgent()) as driven:
        driven.page.got_home({"status": {"account": True, "last_sync": None}, "payments": [], "messages": [],
                              "totals": {"month": "0.00", "year": "0.00"}, "unread": 0, "needs": []})
        await driven.settle()
        assert "0,00" not in driven.text
        assert "Rien n'a encore été lu" in driven.text
