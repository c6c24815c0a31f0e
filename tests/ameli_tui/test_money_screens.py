"""The screens about money as a person uses them."""

from datetime import date

import pytest

from ameli_tui.i18n.care_acts import care_acts, find_acts
from ameli_tui.screens.base.text_reader import ReadingScreen
from ameli_tui.screens.money.contract import ContractScreen
from ameli_tui.screens.money.estimate import EstimateScreen
from ameli_tui.screens.money.ledger import LedgerPage
from ameli_tui.screens.money.owed import OwedPage
from ameli_tui.screens.money.year import YearScreen
from ameli_tui.screens.payments.payment import PaymentScreen
from ameli_tui.screens.payments.why import WhyScreen
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import opened


async def test_w_explains_a_payment_and_enter_goes_to_the_care_a_deduction_comes_from() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("2", "j", "j", "w")
        assert isinstance(driven.page, WhyScreen)
        assert "17,00 € reçus" in driven.text
        await driven.keys("pagedown", "tab", "enter")
        assert isinstance(driven.page, PaymentScreen)
        await driven.keys("q", "q")
        assert driven.page.NAME == "payments"


async def test_w_explains_beside_the_list_where_there_is_room_and_from_home() -> None:
    async with opened(FakeAgent(), size=(160, 40)) as driven:
        await driven.keys("2", "w")
        await driven.until("Pourquoi ce montant")
        assert driven.page.NAME == "payments"
        await driven.keys("w")
        await driven.until("C GENERALISTE")
        await driven.keys("1", "w")
        assert isinstance(driven.page, WhyScreen)


async def test_the_ledger_shows_both_ceilings_of_each_person_and_goes_through_years_and_people() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("6")
        assert isinstance(driven.page, LedgerPage)
        assert "2,00 € sur 70,00 €" in driven.text
        assert "70,00 € ou 50,00 €" in driven.text
        assert "participations" in driven.text
        assert "franchises" in driven.text
        await driven.keys("b", "b")
        assert "Rien n'était dû" in driven.text  # the child owes nothing
        await driven.keys("p")
        assert "Plafonds de 2025" in driven.text


async def test_a_withheld_euro_without_known_care_stands_in_the_ledger_with_its_reason() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("6", "p")
        assert "? " in driven.text
        assert "5,00 €" in driven.text


async def test_the_year_is_shown_in_sums_and_bars() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("minus", "v")
        assert isinstance(driven.page, YearScreen)
        assert "Dépensé" in driven.text
        assert "█" in driven.text
        await driven.keys("p")
        assert "L'année 2025" in driven.text


async def test_an_anomaly_has_its_evidence_and_a_ready_message_and_can_be_hidden() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("è")
        assert isinstance(driven.page, OwedPage)
        assert "médecin traitant" in driven.text
        assert "Bonjour," in driven.page.copied_text()
        await driven.keys("enter")
        assert isinstance(driven.page, ReadingScreen)
        assert "Pouvez-vous" in driven.text
        await driven.keys("q", "D")
        assert "médecin traitant est déclaré" not in driven.text
        assert fake.money.dismissed


async def test_a_share_of_the_top_up_is_marked_received_and_back() -> None:
    fake = FakeAgent()
    fake.money.contract = {"name": "MUTUELLE", "percent_brss": "100", "percent_optam": None, "from": None}
    async with opened(fake) as driven:
        await driven.keys("7", "G", "r")
        assert fake.money.received
        assert "reçu" in driven.text
        await driven.keys("G", "r")
        assert not fake.money.received


async def test_the_contract_is_noted_step_by_step() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("7", "c", "enter")
        assert isinstance(driven.page, ContractScreen)
        await driven.type("MUTUELLE")
        await driven.keys("enter", "enter")
        await driven.keys("enter", "enter")
        assert fake.money.contract["name"] == "MUTUELLE"
        assert fake.money.contract["percent_brss"] == "100"
        await driven.keys("escape")
        assert driven.page.NAME == "owed"
        assert "attendus de la complémentaire" in driven.text


async def test_the_estimator_answers_as_one_types_and_names_the_nearest_act() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("7", "e")
        assert isinstance(driven.page, EstimateScreen)
        await driven.type("couronne")
        await driven.until("SPR/CROWN")
        await driven.until("72,00 €")
        await driven.keys("ctrl+u")
        await driven.type("généraliste")
        await driven.until("téléconsultation")


async def test_owed_without_a_contract_says_that_it_is_not_counted() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("7")
        await driven.until("non compté")
        assert "aucun contrat noté" in driven.text
        assert "Rien n'est dû" not in driven.text and "0,00" not in driven.text


async def test_why_without_a_contract_says_left_to_pay_before_any_top_up() -> None:
    async with opened(FakeAgent(), size=(100, 60)) as driven:
        await driven.keys("2", "j", "j", "w")
        await driven.until("avant toute complémentaire")
        assert "aucun contrat n'est noté" in driven.text


def test_a_year_that_is_not_known_shows_no_sums() -> None:
    from agent.rules.counted import told, year_uncounted
    from agent.rules.yearly import year_view
    from ameli_tui.screens.money.year import year_content
    from tests.ameli_tui.fake_money import PAYMENTS

    for year in (2019, 2031):
        found = {**year_view(PAYMENTS, year), **told(year_uncounted(PAYMENTS, year, date(2026, 11, 23)), "payments")}
        shown = year_content(found, 80).plain
        assert "0,00" not in shown and "€" not in shown


async def test_the_estimator_says_when_a_value_is_only_the_latest_known() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("7", "e")
        await driven.type("CD")
        await driven.until("dernière connue")
        await driven.until("31/12/2024")


@pytest.mark.parametrize("spoken", ["fr", "en"])
def test_every_act_offered_has_a_name_of_its_own_in_both_languages(
        spoken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ameli_tui.i18n.care_acts.lang", lambda: spoken)
    names = [name for _code, name in care_acts()]
    assert all(names)
    assert len(set(names)) == len(names) > 30
    assert ("généraliste" in names[0]) is (spoken == "fr")


def test_every_act_offered_is_one_the_rules_can_price_or_refuse_with_a_reason() -> None:
    from agent.rules.codes.nomenclature import read_acts

    for code, _name in care_acts():
        assert read_acts(code)
    assert find_acts("ph7")[0][0] == "PH7"
    assert find_acts("") == []


@pytest.mark.parametrize(("keys", "payment"), [("r", "p1"), ("D", "none")])
async def test_a_transfer_that_nobody_explains_is_settled_by_a_key(keys: str, payment: str) -> None:
    fake = FakeAgent()
    fake.money.missing = [{
        "kind": "arrived_not_explained", "payment": None, "credit": "b1", "on": "2026-11-05", "amount": "44.00",
        "candidates": ["p1"], "text_fr": "Virement que rien n'explique.", "text_en": "A transfer.",
        "evidence": [{"text_fr": "VIR CPAM", "text_en": "VIR CPAM"}]}]
    async with opened(fake) as driven:
        await driven.keys("7", "g")
        for _row in range(30):
            if driven.page.rows_shown[driven.page.lines.cursor][0] == "missing":
                break
            await driven.keys("j")
        await driven.keys(keys)
        assert "Virement que rien" not in driven.text
    assert fake.money.matched == {"b1": payment}


async def test_a_payment_that_is_said_not_to_have_come_shows_why_and_one_key_says_that_it_did() -> None:
    fake = FakeAgent()
    fake.money.missing = [{
        "kind": "paid_not_arrived", "payment": "p000002", "credit": None, "on": "2026-10-12", "amount": "9.45",
        "candidates": [], "text_fr": "Rien n'est venu.", "text_en": "Nothing came.",
        "evidence": [{"text_fr": "Le délai habituel est passé.", "text_en": "The usual delay is over."}]}]
    async with opened(fake, size=(160, 40)) as driven:
        await driven.keys("7", "g")
        for _row in range(30):
            if driven.page.rows_shown[driven.page.lines.cursor][0] == "missing":
                break
            await driven.keys("j")
        assert "délai habituel" in driven.text
        await driven.keys("r")
        assert "Rien n'est venu" not in driven.text
        assert fake.money.arrived == {"p000002"}
        await driven.keys("z")
        assert fake.money.arrived == set()
