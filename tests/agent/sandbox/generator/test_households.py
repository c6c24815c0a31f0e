"""Generated accounts obey the rules they are meant to test others with."""

import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.sandbox.generator import make_household
from agent.sandbox.model import Household, SandboxPayment
from tests.thoroughness import examples

TODAY = date(2026, 11, 23)
seeds = st.integers(0, 500)


@pytest.fixture(scope="module")
def households() -> list[Household]:
    return [make_household(seed, TODAY, 10) for seed in range(12)]


def _parts(payment: SandboxPayment) -> Decimal:
    return (
        sum((line.reimbursed for line in payment.lines), Decimal(0))
        + sum((deduction.amount for deduction in payment.deductions), Decimal(0))
        + sum((part.amount for part in payment.sick_pay), Decimal(0))
    )


@given(seeds, st.integers(1, 8))
@settings(max_examples=examples(25), deadline=None)
def test_every_payment_is_the_sum_of_its_parts(seed: int, years: int) -> None:
    for payment in make_household(seed, TODAY, years).payments:
        assert payment.amount == _parts(payment)


@given(seeds)
@settings(max_examples=examples(15), deadline=None)
def test_the_same_seed_makes_the_same_account(seed: int) -> None:
    assert make_household(seed, TODAY, 2) == make_household(seed, TODAY, 2)


def test_no_refund_exceeds_the_price_or_the_base(households: list[Household]) -> None:
    for household in households:
        for payment in household.payments:
            for line in payment.lines:
                assert Decimal(0) <= line.reimbursed <= min(line.paid, line.base)
                assert abs(line.reimbursed - line.base * line.rate / 100) <= Decimal("0.01")


def test_no_yearly_ceiling_is_exceeded_for_any_person(households: list[Household]) -> None:
    # What is withheld in a year may stem from the year before: count by the day on which each debt arose at the latest.
    for household in households:
        charged: defaultdict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
        for payment in household.payments:
            for deduction in payment.deductions:
                kind = "pf" if deduction.code.startswith("PF") else "fr"
                charged[id(deduction.person), deduction.act_date.year, kind] += -deduction.amount
        # Care of a year's last days is refunded, and counted, in the next: two ceilings may meet in one year of care.
        assert all(total <= 100 for total in charged.values())


def test_nobody_under_age_on_the_first_of_january_is_charged(households: list[Household]) -> None:
    for household in households:
        for payment in household.payments:
            for deduction in payment.deductions:
                born = deduction.person.birth_date
                assert (deduction.act_date.year - born.year, -born.month, -born.day) >= (18, -1, -1)


def test_deductions_are_withheld_from_payments_to_the_insured_only(households: list[Household]) -> None:
    for household in households:
        for payment in household.payments:
            if payment.nature == "PAIEMENT_A_UN_TIERS":
                assert not payment.deductions
            else:
                assert payment.amount > 0
            assert all(deduction.act_date <= payment.paid_on for deduction in payment.deductions)


def test_a_deferred_deduction_names_care_that_was_paid_to_a_third_party(households: list[Household]) -> None:
    for household in households:
        told = {
            (id(line.person), line.act_date)
            for payment in household.payments
            if payment.nature == "PAIEMENT_A_UN_TIERS"
            for line in payment.lines
        }
        for payment in household.payments:
            for deduction in payment.deductions:
                if deduction.code in ("PFT", "FRT"):
                    assert (id(deduction.person), deduction.act_date) in told


def test_flat_amounts_are_those_of_the_day_of_care(households: list[Household]) -> None:
    allowed = {"PF": (Decimal("-1"), Decimal("-2"))}
    for household in households:
        for payment in household.payments:
            for deduction in payment.deductions:
                if deduction.code.startswith("PF"):
                    old, new = allowed["PF"]
                    assert deduction.amount == (new if deduction.act_date >= date(2024, 5, 15) else old)


def test_payments_rise_in_time_and_never_lie_in_the_future(households: list[Household]) -> None:
    for household in households:
        days = [payment.paid_on for payment in household.payments]
        assert days == sorted(days)
        assert days[-1] <= TODAY
        assert days[0] >= TODAY - timedelta(days=3660)
        assert all(line.act_date < payment.paid_on for payment in household.payments for line in payment.lines)


def test_the_number_has_thirteen_characters_and_fits_the_person(households: list[Household]) -> None:
    for household in households:
        insured = household.persons[0]
        assert len(household.nir) == 13
        assert household.nir[0] == ("2" if insured.civility == "MME." else "1")
        assert household.nir[1:5] == f"{insured.birth_date:%y%m}"


def test_histories_differ_and_hold_every_kind_of_payment(households: list[Household]) -> None:
    natures = {payment.nature for household in households for payment in household.payments}
    assert natures == {"REMBOURSEMENT_SOINS", "PAIEMENT_A_UN_TIERS", "INDEMNITE_JOURNALIERE_ASSURE"}
    labels = {line.label for household in households for payment in household.payments for line in payment.lines}
    assert {"FRAIS DE SEJOUR", "SOINS DENTAIRES", "PHARMACIE", "TRANSPORT VSL", "ACTE D IMAGERIE"} <= labels
    risks = {line.risk for household in households for payment in household.payments for line in payment.lines}
    assert risks == {"maladie", "maternité"}
    assert any(household.nir.startswith("29510991") for household in households)


def test_the_number_of_payments_can_be_asked_for() -> None:
    household = make_household(3, TODAY, 10, payments=5_000)
    assert len(household.payments) == 5_000
    assert all(payment.amount == _parts(payment) for payment in household.payments)


def test_the_inbox_holds_messages_with_files_and_some_unread(households: list[Household]) -> None:
    for household in households:
        assert 6 <= len(household.messages) <= 25
        assert any(not message.read for message in household.messages)
        files = [file for message in household.messages for file in message.attachments]
        assert files
        assert all(file.content.startswith(b"%PDF-") for file in files)


@pytest.mark.parametrize(("years", "payments"), [(0, None), (1, 0)])
def test_an_empty_life_is_refused(years: int, payments: int | None) -> None:
    with pytest.raises(ValueError, match="at least one year"):
        make_household(1, TODAY, years, payments)


def test_households_are_in_the_middle_of_something(households: list[Household]) -> None:
    told = [message for household in households for message in household.messages]
    assert any(message.subject.startswith("Vous avez un dossier à compléter") for message in told)
    for household in households:
        days = [message.received_on for message in household.messages]
        assert days == sorted(days)
        assert days[-1] <= TODAY
        assert len({message.id for message in household.messages}) == len(days)


@pytest.mark.parametrize("seed", range(12))
def test_a_right_to_c2s_begins_after_all_care_and_is_told_with_its_dates(seed: int) -> None:
    household = make_household(seed, TODAY, 1)
    granted = [one for one in household.messages if "solidaire accordée" in one.subject]
    assert len(granted) == (household.solidarity is not None)
    if household.solidarity:
        assert household.solidarity.since > TODAY
        assert household.solidarity.until.strftime("%d/%m/%Y") in granted[0].body


def test_a_file_to_complete_can_still_be_completed() -> None:
    for seed in range(12):
        for message in make_household(seed, TODAY, 1).messages:
            if message.subject.startswith("Vous avez un dossier à compléter"):
                until = re.search(r"avant le (\d\d)/(\d\d)/(\d{4})", message.body)
                assert until, message.body
                assert date(int(until[3]), int(until[2]), int(until[1])) > TODAY
                assert not message.read


@pytest.mark.parametrize("seed", range(6))
def test_a_history_longer_than_the_tables_begins_where_they_do(seed: int) -> None:
    assert make_household(seed, date(2026, 11, 23), 40).payments
