"""Opaque names and posted forms, whatever is thrown at them."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from agent.sandbox.model import SandboxPayment
from agent.sandbox.pages.forms import posted
from agent.sandbox.pages.identity import normal_number
from agent.sandbox.pages.words import back, number_key, spaced_number
from agent.sandbox.server.payment_history import PaymentHistory
from tests.agent.sandbox.household import NIR

DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
NAMES = st.text(st.characters(min_codepoint=1, exclude_categories=("Cs",)), min_size=1, max_size=8)


def _history(days: list[date]) -> PaymentHistory:
    return PaymentHistory([SandboxPayment(day, "REMBOURSEMENT_SOINS", "x", Decimal(1)) for day in days], "secret")


@given(st.lists(DAYS, min_size=1, max_size=20), st.integers(0, 3))
def test_every_payment_is_found_by_its_own_name_only(days: list[date], generation: int) -> None:
    history = _history(days)
    names = [history.name(position, generation) for position in range(len(history))]
    assert len(set(names)) == len(names)
    assert {len(name) for name in names} == {192}
    assert [history.find(name, generation) for name in names] == list(range(len(names)))
    assert all(history.find(name, generation + 1) is None for name in names)


@given(st.text(max_size=300))
def test_no_invented_name_finds_a_payment(name: str) -> None:
    assert _history([date(2026, 1, 1)]).find(name, 0) is None


@given(st.lists(DAYS, max_size=30), DAYS, st.integers(0, 4000))
def test_a_window_holds_exactly_the_payments_of_its_days(days: list[date], since: date, length: int) -> None:
    history, until = _history(days), since + timedelta(days=length)
    inside = [history.at(position).paid_on for position in history.span(since, until)]
    assert inside == sorted(day for day in days if since <= day <= until)


@given(st.lists(DAYS, max_size=30), DAYS)
def test_a_month_holds_its_payments_up_to_today(days: list[date], today: date) -> None:
    month = back(today, 0)
    found = [payment.paid_on for payment in _history(days).of_month(month, today)]
    assert found == sorted(day for day in days if month <= day <= today)


def _request(kind: str, body: bytes) -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "POST", "path": "/", "query_string": b"",
                    "headers": [(b"content-type", kind.encode())]}, receive)


@given(st.dictionaries(NAMES, st.text(st.characters(exclude_categories=("Cs",)), max_size=20), max_size=5))
async def test_a_url_encoded_form_comes_back_as_it_was_sent(fields: dict[str, str]) -> None:
    assert await posted(_request("application/x-www-form-urlencoded", urlencode(fields).encode())) == fields


@given(st.binary(max_size=200), st.sampled_from(["multipart/form-data", "multipart/form-data; boundary=x", "text/a"]))
async def test_any_body_is_survived(body: bytes, kind: str) -> None:
    assert isinstance(await posted(_request(kind, body)), dict)


async def test_of_two_fields_with_one_name_the_last_that_says_something_wins() -> None:
    body = b"user=1&user=&step=a&step=b"
    assert await posted(_request("application/x-www-form-urlencoded", body)) == {"user": "1", "step": "b"}


def test_a_number_is_spaced_keyed_and_read_back() -> None:
    assert spaced_number(NIR) == "2 85 05 78 006 048"
    assert normal_number(f"{spaced_number(NIR)} {number_key(NIR)}") == NIR
    assert number_key("2852A78006048") == number_key("2851978006048")
