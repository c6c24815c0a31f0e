"""The sync against the real connector, sandbox and vault, all in this process."""

import contextlib
import copy
import itertools
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from agent.account import clean_text
from agent.errors import AmeliError
from agent.portal.errors import Unreachable
from agent.sandbox.model import CareLine, SandboxPayment
from agent.store import Query
from tests.agent.bench import Bench
from tests.agent.sandbox.household import CLAIRE, TOM
from tests.thoroughness import one_in, some_and_all


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def visit(day: date, who: object = CLAIRE, label: str = "C GENERALISTE", amount: str = "19.00") -> SandboxPayment:
    """One consultation."""
    line = CareLine(who, label, "G", day, Decimal("30"), Decimal("30"), 70, Decimal(amount))  # type: ignore[arg-type]
    return SandboxPayment(day, "REMBOURSEMENT_SOINS", "Remboursement de soins", Decimal(amount), lines=[line])


async def test_the_first_sync_brings_everything(bench: Bench) -> None:
    await bench.signed_in()
    result = await bench.connection.sync()
    assert result.json()["new"] == {"payments": 6, "documents": 3 + files(bench), "messages": 2}
    assert result.problems == []
    assert result.first
    payments = bench.store.payments.found()
    assert all(payment["complete"] for payment in payments)
    assert [payment["paid_on"] for payment in payments] == sorted((one["paid_on"] for one in payments), reverse=True)
    assert sorted(payment["amount"] for payment in payments) == [
        "1234.56", "16.50", "17.50", "17.50", "40.00", "6.50",
    ]
    two = next(payment for payment in payments if payment["amount"] == "40.00")
    assert [line["reimbursed"] for line in two["lines"]] == ["21.00", "21.00"]
    assert two["deductions"][0]["amount"] == "-2.00"
    sick = next(payment for payment in payments if payment["kind"] == "INDEMNITE_JOURNALIERE_ASSURE")
    assert sick["indemnities"][0]["amount"] == "1234.56"
    assert bench.store.payments.rows(Query(kind="PAIEMENT_A_UN_TIERS"))["rows"][0][4] == "tiers"
    assert "MARTIN" in bench.store.profile()["name"]
    statement = next(one for one in bench.store.documents.all() if one["kind"] == "releve_mensuel")
    assert statement["id"] == "r202610"
    assert bench.store.documents.content(statement["id"]) == b"%PDF-1.4 statement 202610"


def files(bench: Bench) -> int:
    """Documents that came with messages."""
    return sum(len(message["attachments"]) for message in bench.store.messages.all())


async def test_messages_come_with_their_text_and_attachments(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    newest = bench.store.messages.all()[0]
    assert newest["subject"] == "Votre justificatif"
    kept = {bench.store.documents.content(key) for key in newest["attachments"]}
    assert b"%PDF-1.4 joint" in kept
    names = [bench.store.documents.get(key)["filename"] for key in newest["attachments"]]
    assert all(name.startswith("2026-10-20_message_") and "/" not in name for name in names)


async def test_a_repeat_sync_with_nothing_new_makes_at_most_six_requests(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    before = bench.known()
    bench.wire.requests.clear()
    result = await bench.connection.sync()
    assert result.new == {"payments": 0, "documents": 0, "messages": 0}
    assert (result.changed, result.problems, result.first) == (0, [], False)
    assert result.requests == len(bench.wire.requests) <= 6, bench.wire.requests
    assert bench.known() == before


async def test_the_profile_is_read_again_after_a_week(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    bench.house.mobile = "07 00 00 00 00"
    bench.house.email = "other@example.org"
    bench.today = date(2026, 11, 29)
    await bench.connection.sync()
    assert bench.store.sync_state()["profile"] == "2026-11-23"
    bench.today = date(2026, 11, 30)
    await bench.connection.sync()
    assert bench.store.sync_state()["profile"] == "2026-11-30"


async def test_a_new_payment_costs_one_request_more(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    quiet = (await bench.connection.sync()).requests
    bench.house.payments.append(visit(date(2026, 11, 22)))
    bench.rebuild()
    result = await bench.connection.sync()
    assert result.new == {"payments": 1, "documents": 0, "messages": 0}
    assert result.requests == quiet + 1
    assert bench.store.payments.rows()["rows"][0][1] == "2026-11-22"


@pytest.mark.parametrize("step", some_and_all(5))
async def test_an_interruption_at_any_request_loses_nothing_and_the_next_run_completes(
    tmp_path: Path, step: int
) -> None:
    whole = await Bench(tmp_path / "whole").signed_in()
    await whole.connection.sync()
    total, expected = len(whole.wire.requests), whole.known()
    signed_in = 0
    for cut in range(1, total + 1, step):
        bench = Bench(tmp_path / str(cut))
        await bench.signed_in()
        signed_in = signed_in or len(bench.wire.requests)
        if cut <= signed_in:
            continue
        bench.wire.cut_at = cut
        # The connector repeats a GET by itself: cut the repetition as well.
        bench.wire.rewrite = Cutter(bench, 4)
        with pytest.raises(Unreachable):
            await bench.connection.sync()
        bench.wire.rewrite = lambda request: None
        kept = len(bench.store.payments.found())
        assert bench.store.runs.newest()[0]["failed"]
        bench.restart()
        result = await bench.connection.sync()
        assert result.problems == []
        assert bench.known() == expected, f"cut at request {cut} of {total}"
        assert result.new["payments"] == 6 - kept


class Cutter:
    """Goes on failing after the cut, for so many requests."""

    def __init__(self, bench: Bench, times: int) -> None:
        self.bench, self.left = bench, times

    def __call__(self, request: httpx.Request) -> httpx.Response | None:
        if self.bench.wire.cut_at is None and self.left:
            self.left -= 1
            raise httpx.ConnectError("still cut")
        return None


async def test_a_run_cut_by_the_agent_itself_keeps_what_it_read(bench: Bench) -> None:
    await bench.signed_in()
    portal = bench.portal()
    seen = []

    class Stop(Exception):
        pass

    def progress(step: str, done: int, total: int) -> None:
        seen.append((step, done, total))
        if (step, done) == ("payments", 3):
            raise Stop

    with pytest.raises(Stop):
        await bench.connection.sync(progress=progress)
    await portal.close()
    assert seen == [("payments", number, 6) for number in range(4)]
    assert sum(payment["complete"] for payment in bench.store.payments.found()) == 3
    assert len(bench.store.payments.found()) == 6
    assert (await bench.connection.sync()).new["payments"] == 0
    assert all(payment["complete"] for payment in bench.store.payments.found())


async def test_changed_markup_keeps_what_was_known_and_the_run_goes_on(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    before = bench.known()
    bench.break_with("markup=paiements.do")
    result = await bench.connection.sync(full=True)
    assert result.problems
    assert all({"code", "page", "missing"} <= problem.keys() for problem in result.problems)
    assert bench.known() == before
    assert bench.store.needs() == result.problems
    bench.break_with("")
    assert (await bench.connection.sync()).problems == []
    assert bench.store.needs() == []


@pytest.mark.parametrize(("kind", "where"), one_in(4, itertools.product(
    ["markup", "malformed", "truncate", "500", "duplicate"],
    ["", "paiements.do", "assure", "/compte/", "JavaScriptServlet"])))
async def test_no_spoiled_answer_worsens_what_is_known(bench: Bench, kind: str, where: str) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    before = bench.known()
    bench.break_with(f"{kind}={where}" if where else kind)
    with contextlib.suppress(AmeliError):
        await bench.connection.sync(full=True)
    bench.break_with("")
    if bench.store.needs():
        assert bench.store.needs()[0]["code"]
    await bench.connection.login("2850578006048", "Sésame+1 &ouvre=toi")
    await bench.connection.sync(full=True)
    assert bench.known() == before


async def test_a_service_that_renames_everything_duplicates_nothing(bench: Bench) -> None:
    bench.options.unstable_ids = True
    await bench.signed_in()
    await bench.connection.sync()
    before = bench.known()
    bench.options.payment_ids = 1
    result = await bench.connection.sync(full=True)
    assert (result.new, result.changed) == ({"payments": 0, "documents": 0, "messages": 0}, 0)
    assert bench.known() == before


async def test_equal_payments_of_one_day_are_kept_apart(bench: Bench) -> None:
    day = date(2026, 11, 10)
    bench.house.payments += [visit(day, CLAIRE), visit(day, TOM)]
    bench.rebuild()
    await bench.signed_in()
    await bench.connection.sync()
    equal = bench.store.payments.found(Query(since="2026-11-10", until="2026-11-10"))
    assert len({payment["id"] for payment in equal}) == 2
    assert {payment["beneficiaries"][0] for payment in equal} == {
        clean_text(name) for name in (line_name(bench, CLAIRE), line_name(bench, TOM))
    }


def line_name(bench: Bench, person: object) -> str:
    """How the service writes this person on a payment."""
    wanted = person.first_name.casefold()  # type: ignore[attr-defined]
    names = bench.store.payments.facets()["beneficiaries"]
    return next(name for name in names if wanted in name.casefold())


@pytest.mark.parametrize("left", [0, 3])
async def test_a_list_that_is_suddenly_shorter_raises_a_problem_and_deletes_nothing(bench: Bench, left: int) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    before = bench.known()
    bench.house.payments = bench.house.payments[:left]
    bench.house.messages.clear()
    bench.rebuild()
    result = await bench.connection.sync(full=True)
    shrunk = {problem["list"]: problem for problem in result.problems if problem["code"] == "list_shrunk"}
    assert {"payments", "messages"} <= shrunk.keys()
    assert shrunk["payments"]["listed"] == str(left)
    assert shrunk["payments"]["known"] == "6"
    assert bench.known() == before


@pytest.mark.parametrize("full", [True, False])
async def test_statements_that_vanish_are_said_and_kept(bench: Bench, full: bool) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    before = bench.known()
    bench.wire.rewrite = lambda request: (
        httpx.Response(200, json={"rubriquesMensuelles": [], "infosStatiques": []})
        if request.url.path.endswith("/home") else None
    )
    result = await bench.connection.sync(full=full)
    (problem,) = result.problems
    assert (problem["code"], problem["list"], problem["listed"]) == ("list_shrunk", "statements", "0")
    assert bench.known() == before


async def test_a_detail_that_changed_is_seen_by_a_full_sync(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    bench.house.payments = copy.deepcopy(bench.house.payments)
    bench.house.payments[1].lines[0] = replace(bench.house.payments[1].lines[0], label="CS SPECIALISTE")
    bench.rebuild()
    result = await bench.connection.sync(full=True)
    assert result.changed == 1
    assert result.new == {"payments": 0, "documents": 0, "messages": 0}
    assert bench.store.payments.rows(Query(search="cs specialiste"))["total"] == 1


async def test_a_payment_whose_detail_was_not_understood_is_shown_and_completed_later(bench: Bench) -> None:
    await bench.signed_in()

    def fail(request: httpx.Request) -> httpx.Response | None:
        if b"chargerDetailPaiements" in request.url.query:
            return httpx.Response(200, html="<p>Nouvelle page</p>")
        return None

    bench.wire.rewrite = fail
    result = await bench.connection.sync()
    assert len(bench.store.payments.found()) == 6
    assert not any(payment["complete"] for payment in bench.store.payments.found())
    assert len(result.problems) == 1
    assert result.problems[0]["count"] == 3
    bench.wire.rewrite = lambda request: None
    result = await bench.connection.sync()
    assert (result.problems, result.new["payments"], result.changed) == ([], 0, 0)
    assert all(payment["complete"] for payment in bench.store.payments.found())


async def test_what_was_not_understood_is_asked_again_by_itself_once_a_day_only(bench: Bench) -> None:
    await bench.signed_in()
    asked = []

    def fail(request: httpx.Request) -> httpx.Response | None:
        if b"chargerDetailPaiements" in request.url.query:
            asked.append(request)
            if len(asked) == 5:
                return httpx.Response(200, html="<p>Nouvelle page</p>")
        return None

    bench.wire.rewrite = fail
    result = await bench.connection.sync(trigger="schedule")
    assert len(result.problems) == 1
    assert [payment["complete"] for payment in bench.store.payments.found()].count(False) == 1
    assert not bench.store.payments.found()[4]["complete"]
    del asked[:]
    for _ in range(3):
        assert (await bench.connection.sync(trigger="schedule")).requests <= 6
    assert asked == []
    bench.today = date(2026, 11, 24)
    await bench.connection.sync(trigger="schedule")
    assert len(asked) == 1
    assert bench.store.payments.found()[4]["complete"]
    assert bench.store.sync_state()["payments"]["left_since"] is None


async def test_a_statement_the_service_refuses_to_give_does_not_stop_the_rest(bench: Bench) -> None:
    await bench.signed_in()
    bench.wire.rewrite = lambda request: (
        httpx.Response(404) if "/pdf/" in request.url.path else None
    )
    result = await bench.connection.sync()
    assert [problem["code"] for problem in result.problems] == ["no_document"]
    assert result.new["messages"] == 2


async def test_months_in_which_the_agent_was_off_are_caught_up(bench: Bench) -> None:
    bench.today = date(2025, 6, 1)
    await bench.signed_in()
    await bench.connection.sync()
    assert bench.store.documents.fetched("releve_mensuel") == {"r202501"}
    bench.today = date(2026, 11, 23)
    await bench.connection.login()
    await bench.connection.sync()
    assert bench.store.documents.fetched("releve_mensuel") == {"r202501", "r202609", "r202610"}
    assert all(payment["complete"] for payment in bench.store.payments.found())


@pytest.mark.parametrize("where", ["detail", "nohref"])
async def test_a_decompte_is_listed_when_its_link_is_only_in_the_detail(bench: Bench, where: str) -> None:
    bench.options.pdf_link = where  # type: ignore[assignment]
    await bench.signed_in()
    await bench.connection.sync()
    first = bench.known()
    documents = [payment["document"] for payment in bench.store.payments.found()]
    assert all(documents)
    result = await bench.connection.sync(full=True)
    assert (result.changed, bench.known()) == (0, first)


async def test_a_statement_that_cannot_be_read_is_fetched_by_a_later_run(bench: Bench) -> None:
    await bench.signed_in()
    bench.wire.rewrite = lambda request: (
        httpx.Response(500) if "/pdf/" in request.url.path else None
    )
    assert (await bench.connection.sync()).problems
    bench.wire.rewrite = lambda request: None
    await bench.connection.sync()
    assert bench.store.documents.content("r202501") == b"%PDF-1.4 statement 202501"


async def test_the_window_of_the_service_may_slide_without_alarm(bench: Bench) -> None:
    bench.options.window_months = 6
    await bench.signed_in()
    await bench.connection.sync()
    assert len(bench.store.payments.found()) == 4
    bench.today = date(2027, 4, 1)
    result = await bench.connection.sync()
    assert result.problems == []
    assert len(bench.store.payments.found()) == 4


async def test_payments_the_service_forgot_while_the_agent_was_away_are_said_once(bench: Bench) -> None:
    bench.options.window_months = 6
    bench.today = date(2025, 1, 10)
    await bench.signed_in()
    await bench.connection.sync()
    bench.today = date(2026, 11, 23)
    await bench.connection.login()
    (problem,) = (await bench.connection.sync()).problems
    assert (problem["code"], problem["since"], problem["until"][:7]) == ("gap", "2025-01-10", "2026-05")
    assert (await bench.connection.sync()).problems == []
