"""The screens as a person uses them: keys in, text out."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from ameli_tui.app.app import AmeliApp
from ameli_tui.screens.agent.login import LoginScreen
from ameli_tui.screens.base import page
from ameli_tui.screens.base.text_reader import ReadingScreen
from ameli_tui.screens.home.home import HomePage
from ameli_tui.screens.payments.payments import PaymentsPage
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import opened

T = TypeVar("T")


async def test_the_first_frame_holds_the_newest_payments() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        assert isinstance(driven.page, HomePage)
        assert "Centre dentaire" in driven.text
        assert "123,45 €" in driven.text
        assert [call[1] for call in fake.calls].count("/v1/home") == 1


async def test_each_screen_has_a_digit_and_the_sign_below_it_on_a_french_keyboard() -> None:
    async with opened(FakeAgent()) as driven:
        for keys, name in ((("2", "é"), "payments"), (("3", "quotation_mark"), "documents"),
                           (("4", "apostrophe"), "messages"), (("5", "left_parenthesis"), "agent"),
                           (("1", "ampersand"), "home")):
            for key in keys:
                await driven.keys(key)
                assert name == driven.page.NAME


async def test_typing_narrows_the_list_without_losing_a_key() -> None:
    async with opened(FakeAgent(200)) as driven:
        await driven.keys("2")
        driven.typed_ahead("slash", *"dentaire")
        await driven.settle()
        assert "« dentaire »" in driven.text
        assert "Pharmacie" not in driven.text
        assert "50 paiements" in driven.text
        await driven.keys("escape")
        assert "200 paiements" in driven.text
        assert "Pharmacie" in driven.text


async def test_a_long_list_is_fetched_by_windows() -> None:
    fake = FakeAgent(100_000)
    async with opened(fake) as driven:
        await driven.keys("2")
        await driven.keys("G")
        assert isinstance(driven.page, PaymentsPage)
        assert driven.page.lines.cursor == 99_999
        last = fake.rows[-1]
        assert last[5] in driven.text
        assert max(int(query.get("limit", 0)) for _, path, query in fake.calls if path == "/v1/rows") <= 200
        await driven.keys("g")
        assert driven.page.lines.cursor == 0


async def test_period_beneficiary_and_kind_are_keys_and_x_clears_them() -> None:
    fake = FakeAgent(100)
    async with opened(fake, size=(120, 40)) as driven:
        await driven.keys("2")
        await driven.keys("p")
        assert "ce mois-ci" in driven.text
        await driven.keys("b")
        await driven.keys("t")
        query = [query for _, path, query in fake.calls if path == "/v1/rows"][-1]
        assert query["since"] == "2026-11-01"
        assert query["beneficiary"] == "Camille DURAND"
        assert query["kind"] == "INDEMNITE_JOURNALIERE_ASSURE"
        await driven.keys("x")
        assert "100 paiements" in driven.text


async def test_the_payment_under_the_cursor_stands_beside_the_list_when_wide() -> None:
    async with opened(FakeAgent(), size=(140, 40)) as driven:
        await driven.keys("2")
        await driven.keys("j", "j", "j")
        assert "C GENERALISTE" in driven.text
        assert "à un tiers, pas à vous" in driven.text
        assert "-2,00 €" in driven.text


async def test_a_terminal_made_wider_gets_the_payment_beside_the_list_at_once() -> None:
    async with opened(FakeAgent(), size=(80, 24)) as driven:
        await driven.keys("2")
        assert "Payé le 20/11/2026" not in driven.text
        await driven.resize(120, 40)
        assert "Payé le 20/11/2026" in driven.text
        await driven.resize(80, 24)
        assert "Payé le 20/11/2026" not in driven.text


async def test_rows_that_come_before_the_screen_knows_its_size_still_get_the_payment_beside_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = page.Page.ask

    def at_once(self: PaymentsPage, question: Callable[[], T], then: Callable[[T], object], *, latest: str) -> None:
        if latest == "rows":
            then(question())
        else:
            asked(self, question, then, latest=latest)

    monkeypatch.setattr(PaymentsPage, "ask", at_once)
    async with opened(FakeAgent(), size=(120, 40)) as driven:
        await driven.keys("2")
        assert "Payé le 20/11/2026" in driven.text


async def test_the_payment_opens_on_top_when_narrow_and_back_leads_to_the_same_row() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("2")
        await driven.keys("j", "j")
        await driven.keys("enter")
        assert "C GENERALISTE" in driven.text
        await driven.keys("q")
        assert isinstance(driven.page, PaymentsPage)
        assert driven.page.lines.cursor == 2


async def test_a_third_party_is_told_by_sign_and_word() -> None:
    async with opened(FakeAgent()) as driven:
        line = next(line for line in driven.text.splitlines() if "11/11/2026" in line)
        assert "→ tiers" in line


async def test_a_document_is_saved_for_its_owner_and_never_over_another(tmp_path: Path) -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("3")
        await driven.keys("w")
        await driven.keys("ctrl+u")
        target = tmp_path / "relevé.pdf"
        driven.app.screen.fields[0].set_value(str(target))  # type: ignore[attr-defined]
        await driven.keys("enter")
        assert target.read_bytes() == fake.document_data
        assert target.stat().st_mode & 0o777 == 0o600
        assert "Enregistré" in driven.text
        await driven.keys("w")
        driven.app.screen.fields[0].set_value(str(target))  # type: ignore[attr-defined]
        await driven.keys("enter")
        assert "il existe déjà" in driven.text


async def test_over_ssh_a_document_is_not_opened_but_its_place_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 2 192.0.2.2 22")
    async with opened(FakeAgent(), size=(140, 30)) as driven:
        await driven.keys("3")
        await driven.keys("o")
        viewed = list((driven.home / "run" / "viewed").iterdir())
        assert len(viewed) == 1
        assert viewed[0].stat().st_mode & 0o777 == 0o600
        assert str(viewed[0]) in driven.text


async def test_a_message_counts_as_read_only_when_it_is_opened() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("4")
        await driven.keys("j")
        assert not any(path.startswith("/v1/messages/") for _, path, _ in fake.calls)
        await driven.keys("enter")
        assert isinstance(driven.page, ReadingScreen)
        assert "Votre caisse" in driven.text
        assert fake.messages[1]["read"]


async def test_a_message_of_home_opens_among_the_messages() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("tab")
        await driven.keys("enter")
        assert "Bonjour" in driven.text


async def test_the_files_of_a_message_are_listed() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("4")
        await driven.keys("a")
        assert "attestation.pdf" in driven.text
        assert "Relevé" not in driven.text


async def test_a_sync_shows_its_progress_as_the_agent_tells_it() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("5")
        await driven.keys("s")
        asked = next(body for _method, path, body in fake.calls if path == "/v1/sync")
        assert (asked["full"], asked["wait"]) == (False, False)
        fake.say("sync_progress", step="payments", done=12, total=27)
        await driven.until("12/27")
        assert "█" in driven.text
        fake.say("sync_done", failed=False, new={"payments": 2, "documents": 0, "messages": 1})
        await driven.until("3 nouveautés")
        assert "12/27" not in driven.text


async def test_after_a_sync_that_failed_nobody_is_told_that_nothing_is_new() -> None:
    fake = FakeAgent()
    fake.problems = [{"code": "outage", "exit": 4, "message": {"fr": "Le service est en panne.", "en": "It is down."},
                      "hint": {"fr": "Plus tard.", "en": "Later."}}]
    async with opened(fake, size=(120, 24)) as driven:
        fake.say("sync_started", trigger="person", full=False)
        fake.say("sync_done", failed=True, new={})
        await driven.until("La synchronisation a échoué. Le service est en panne.")
        assert "Rien de nouveau" not in driven.text


async def test_after_a_sync_that_read_a_part_it_is_said_that_the_rest_was_not() -> None:
    fake = FakeAgent()
    async with opened(fake, size=(120, 24)) as driven:
        fake.say("sync_done", failed=False, new={"payments": 0, "documents": 0, "messages": 0}, problems=1)
        await driven.until("Tout n'a pas pu être lu")
        assert "Rien de nouveau" not in driven.text


async def test_the_list_of_syncs_says_which_failed_and_what_was_not_read() -> None:
    fake = FakeAgent()
    nothing = {"payments": 0, "documents": 0, "messages": 0}
    whole = {"payments": "read", "statements": "read", "inbox": "read", "profile": "not_due"}
    base = {"trigger": "schedule", "requests": 5, "seconds": 1.0, "changed": 0, "new": nothing, "problems": []}
    problem = {"code": "server_fault", "message": {"fr": "Panne.", "en": "Fault."}, "hint": {"fr": "", "en": ""}}
    fake.runs = [
        {**base, "started": "2026-11-23T10:00:00+00:00", "failed": True, "problems": [problem],
         "steps": {"payments": "failed", "statements": "failed", "inbox": "failed", "profile": "not_due"}},
        {**base, "started": "2026-11-23T09:00:00+00:00", "failed": False, "problems": [problem],
         "steps": {**whole, "inbox": "failed"}},
        {**base, "started": "2026-11-23T08:00:00+00:00", "failed": False, "steps": whole},
    ]
    async with opened(fake, size=(140, 30)) as driven:
        await driven.keys("5")
        lines = [line for line in driven.text.splitlines() if "requêtes" in line]
        assert ["rien de nouveau" in line for line in lines] == [False, False, True]
        assert "échec" in lines[0]
        assert "non lu : messages" in lines[1]


@pytest.mark.parametrize(("wanted", "rings"), [(True, 2), (False, 0)])
async def test_the_terminal_rings_once_for_each_sync_that_brought_news(
    wanted: bool, rings: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[bool] = []
    monkeypatch.setattr(AmeliApp, "bell", lambda _app: rung.append(True))
    fake = FakeAgent()
    async with opened(fake, rings=wanted) as driven:
        for count in (3, 4):
            fake.say("sync_started", trigger="person", full=False)
            fake.say("payment_new", count=2)
            fake.say("message_new", count=1)
            fake.say("sync_done", failed=False, new={"payments": count, "documents": 0, "messages": 0})
            await driven.until(f"{count} nouveautés")
    assert len(rung) == rings


async def test_while_the_agent_works_for_long_the_seconds_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "_LONG_S", 1)
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        fake.delay["/v1/rows"] = 5.0
        driven.typed_ahead("2")
        await driven.until("still working, ")
        first = driven.text.splitlines()[0]
        await driven.wait_for(lambda: "still working, " in driven.text and driven.text.splitlines()[0] != first)
        await driven.settle()
        assert "still working" not in driven.text


async def test_a_slow_agent_freezes_nothing_and_is_told_of() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        fake.delay["/v1/rows"] = 1.2
        driven.typed_ahead("2")
        await driven.until("… attente")
        driven.typed_ahead("question_mark")
        await driven.until("Touches")
        driven.typed_ahead("q")
        await driven.until("Centre dentaire")
        assert "… attente" not in driven.text


async def test_an_agent_that_is_gone_is_said_and_started_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    from agent.client import control
    from agent.client.control import Outcome, StartResult

    started = []

    def start(paths: object, deadline: float = 10.0) -> StartResult:
        started.append(paths)
        return StartResult(Outcome.FAILED, {"fr": "raison", "en": "reason"})

    monkeypatch.setattr(control, "start_agent", start)
    async with opened(None, size=(120, 30)) as driven:
        await driven.until("n’a pas pu être lancé : raison")
        assert "agent arrêté" in driven.text
        assert len(started) == 1


async def test_an_older_agent_is_replaced_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from agent.client import control
    from agent.client.control import Outcome, StartResult

    fake = FakeAgent()
    fake.protocol = 0

    def replace(paths: object, deadline: float = 10.0) -> StartResult:
        fake.protocol = 1
        return StartResult(Outcome.REPLACED)

    monkeypatch.setattr(control, "ready_agent", replace)
    async with opened(fake, size=(120, 30)) as driven:
        await driven.until("version plus ancienne ; il a été relancé")
        await driven.until("Centre dentaire")


async def test_a_refusal_is_told_at_the_bottom() -> None:
    fake = FakeAgent()
    fake.refuse["/v1/documents"] = "unreachable"
    async with opened(fake) as driven:
        await driven.keys("3")
        assert "Le service est injoignable." in driven.text


async def test_what_waits_for_the_person_leads_to_signing_in() -> None:
    fake = FakeAgent()
    fake.needs = [{"code": "code_needed", "message": {"fr": "Un code est demandé.", "en": "A code is asked for."},
                   "hint": {"fr": "", "en": ""}}]
    async with opened(fake) as driven:
        assert "! Un code est demandé." in driven.text
        await driven.keys("a")
        assert isinstance(driven.page, LoginScreen)


async def test_help_is_made_from_the_keys_of_the_screen() -> None:
    async with opened(FakeAgent(), size=(80, 50)) as driven:
        await driven.keys("2", "question_mark")
        assert "filtrer en tapant" in driven.text
        await driven.keys("q")
        assert isinstance(driven.page, PaymentsPage)


async def test_the_palette_speaks_french_and_goes_where_it_is_told() -> None:
    async with opened(FakeAgent(), size=(100, 40)) as driven:
        await driven.keys("colon")
        await driven.until("Chercher une commande…")
        for english in ("Quit", "Theme", "Keys", "Maximize", "Search for"):
            assert english not in driven.text
        await driven.type("documents")
        await driven.until("Aller à")
        await driven.keys("enter")
        await driven.until("9 documents")
        await driven.keys("colon")
        await driven.type("zzzz")
        await driven.until("Aucune commande de ce nom")


async def test_a_click_on_a_tab_and_on_a_row_goes_there() -> None:
    async with opened(FakeAgent(), size=(100, 30)) as driven:
        await driven.pilot.click(offset=(20, 0))
        await driven.settle()
        assert isinstance(driven.page, PaymentsPage)
        await driven.pilot.click(driven.page.lines, offset=(5, 4))
        await driven.settle()
        assert driven.page.lines.cursor == 3


async def test_q_goes_home_and_then_leaves() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("3", "q")
        assert isinstance(driven.page, HomePage)
        await driven.keys("h")
        assert isinstance(driven.page, HomePage)
        await driven.keys("q")
        assert driven.left


async def test_y_sends_the_row_to_the_terminals_clipboard() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("y")
        assert "20/11/2026" in driven.app.clipboard
        assert "presse-papiers du terminal" in driven.text
