"""Every declared procedure: its texts, its sample answers, its letter, and all its mistakes at once."""

import pytest

from agent.procedures.describe import whole
from agent.procedures.model import AnyField, Procedure
from agent.procedures.registry import ORDER, procedure, procedures
from agent.procedures.summary import notes, summary
from agent.procedures.validation import check
from config.tariffs import load
from tests.agent.procedures.samples import BORN_ABROAD, GOOD, MAN, TODAY, WORLD

ALL = list(procedures().values())
NAMES = [one.name for one in ALL]


def wrong(name: str, answers: dict, papers: tuple[str, ...] | None = None) -> dict[str, str]:  # type: ignore[type-arg]
    """The mistakes of the sample with changes, French, by field."""
    base, given = GOOD[name]
    found = check(procedure(name), {**base, **answers}, given if papers is None else papers, WORLD)
    return {one.field: one.fr for one in found.errors}


def fields(asked: Procedure) -> list[AnyField]:
    """Every question, those of groups too."""
    return [inner for one in asked.fields for inner in (one, *one.fields)]


def test_every_procedure_of_the_contract_is_declared() -> None:
    assert tuple(NAMES) == ORDER
    assert set(GOOD) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_sample_answers_pass_and_give_a_summary_notes_and_a_letter(name: str) -> None:
    answers, papers = GOOD[name]
    asked = procedure(name)
    found = check(asked, answers, papers, WORLD)
    assert found.errors == ()
    assert found.ignored == ()
    assert summary(asked, found.values)
    for one in notes(asked, found.values, WORLD):
        assert one["text_fr"]
        assert one["text_en"]
    if asked.letter:
        letter = asked.letter(found.values, WORLD)
        assert letter.strip()
        assert "None" not in letter
    assert whole(asked, asked.submits, WORLD)["screens"]


@pytest.mark.parametrize("name", NAMES)
def test_empty_answers_report_every_missing_one_at_once(name: str) -> None:
    asked = procedure(name)
    found = {one.field for one in check(asked, {}, (), WORLD).errors}
    must = {one.name for screen in asked.screens for one in screen.fields
            if one.required and one.when is None and screen.when is None}
    papers = {paper.name for paper in asked.papers if paper.needed is True}
    assert must | papers <= found
    assert must


@pytest.mark.parametrize("name", NAMES)
def test_nonsense_in_every_field_is_reported_at_once(name: str) -> None:
    asked = procedure(name)
    plain = [one for one in asked.fields if one.kind.name not in ("text", "name", "person", "people", "group")
             and one.when is None]
    found = {one.field for one in check(asked, {one.name: "§§ nonsense §§" for one in plain}, ("stranger",),
                                        WORLD).errors}
    assert {one.name for one in plain} <= found
    assert "stranger" in found


@pytest.mark.parametrize("asked", ALL, ids=NAMES)
def test_texts_stand_in_both_languages(asked: Procedure) -> None:
    texts = [asked.title, asked.who, asked.summary, *asked.next_steps, *asked.fallbacks,
             *(text for _, text in asked.stages), *(one.label for one in fields(asked)),
             *(one.label for one in asked.papers), *(one.label for one in asked.clocks),
             *(choice.label for one in fields(asked) for choice in one.choices),
             *(one.when.words for one in fields(asked) if one.when)]
    for text in texts:
        assert text.fr.strip(), text
        assert text.en.strip(), text
    assert asked.fallbacks
    assert any("36 46" in text.fr for text in asked.fallbacks)
    assert any("09 74 75 36 46" in text.en for text in asked.fallbacks)


@pytest.mark.parametrize("asked", ALL, ids=NAMES)
def test_clocks_name_delays_of_the_tables_and_starts_that_exist(asked: Procedure) -> None:
    for clock in asked.clocks:
        assert load().value(clock.delay, TODAY) > 0
        what, _, name = clock.starts.partition(":")
        known = {"sent": [""], "answer": [one.name for one in asked.fields], "stage": [one for one, _ in asked.stages]}
        assert name in known[what], clock.name


# -- one by one ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["7112312345678", "8278965432189", "5112312345678", "6144100008502",
                                    "3550699999999", "4550699999999"])
def test_a_temporary_number_stops_the_account_and_says_what_to_do_meanwhile(number: str) -> None:
    found = wrong("account-creation", {"nir": number})
    assert "feuilles de soins" in found["nir"]


def test_a_number_from_abroad_must_be_certified_first() -> None:
    abroad = {"nir": BORN_ABROAD, "birth_date": "1995-10-02"}
    assert set(wrong("account-creation", abroad)) == {"certified"}
    assert "numéro définitif" in wrong("account-creation", {**abroad, "certified": False})["certified"]
    assert wrong("account-creation", {**abroad, "certified": True}) == {}


def test_a_waiting_number_looks_permanent_and_that_is_told() -> None:
    asked = procedure("account-creation")
    answers = {**GOOD["account-creation"][0], "nir": BORN_ABROAD, "birth_date": "1995-10-02", "certified": True}
    found = check(asked, answers, (), WORLD)
    assert "waiting" in {one["name"] for one in notes(asked, found.values, WORLD)}


def test_the_birthday_must_go_with_the_number_and_make_an_adult() -> None:
    assert "année et le mois" in wrong("account-creation", {"birth_date": "1969-06-15"})["birth_date"]
    assert "18 ans" in wrong("account-creation", {"birth_date": "2010-01-01"})["birth_date"]


def test_a_month_that_is_unknown_in_the_number_is_not_compared() -> None:
    assert wrong("account-creation", {"nir": "2 84 20 2B 321 025 28", "birth_date": "1984-03-01"}) == {}


def test_a_child_under_twelve_gets_no_card_of_its_own() -> None:
    assert "12 ans" in wrong("carte-vitale-order", {"person": "DUPONT Alice"})["person"]


def test_a_faulty_card_needs_no_promise_and_no_papers_without_a_new_order() -> None:
    base = {"reason": "faulty", "return_if_found": None, "order_new": False}
    assert wrong("carte-vitale-loss", base, ()) == {}
    assert set(wrong("carte-vitale-loss", {"order_new": True}, ())) == {"photo", "identity"}
    assert set(wrong("carte-vitale-loss", {"return_if_found": False})) == {"return_if_found"}


def test_another_departement_tells_that_the_file_moves() -> None:
    asked = procedure("postal-address")
    moved = check(asked, GOOD["postal-address"][0], (), WORLD)
    assert "fund" in {one["name"] for one in notes(asked, moved.values, WORLD)}
    near = check(asked, {**GOOD["postal-address"][0], "postcode": "75011", "town": "PARIS"}, (), WORLD)
    assert "fund" not in {one["name"] for one in notes(asked, near.values, WORLD)}


def test_a_lost_mailbox_leads_to_the_telephone() -> None:
    assert "36 46" in wrong("contact-details", {"old_mailbox_works": False})["old_mailbox_works"]


def test_only_what_changes_is_asked() -> None:
    assert wrong("contact-details", {"change": ["phone"], "phone": "0123456789"}) == {}
    assert set(wrong("contact-details", {"change": ["phone"]})) == {"phone"}


def test_a_country_where_the_european_card_does_not_hold_is_told() -> None:
    assert "assurance de voyage" in wrong("ehic", {"country": "US"})["country"]
    assert "carte Vitale" in wrong("ehic", {"country": "FR"})["country"]
    assert wrong("ehic", {"country": "Switzerland"}) == {}


@pytest.mark.parametrize(("leaving", "kind"), [("2026-12-07", "warning"), ("2026-12-08", "good")])
def test_leaving_within_fifteen_days_calls_for_the_provisional_certificate(leaving: str, kind: str) -> None:
    asked = procedure("ehic")
    found = check(asked, {"people": ["DUPONT Jeanne"], "leaving_on": leaving}, (), WORLD)
    told = {one["name"]: one["kind"] for one in notes(asked, found.values, WORLD)}
    assert told["certificate"] == kind


def test_a_birth_abroad_or_a_parent_outside_leads_to_the_paper_form() -> None:
    found = wrong("birth", {"birth_country": "PT", "other_parent": "elsewhere"})
    assert "S3705" in found["birth_country"]
    assert "S3705" in found["other_parent"]


def test_every_mistake_about_a_child_is_told_where_it_is() -> None:
    children = [{"first_names": "L3a", "last_name": "DUPONT", "birth_date": "2027-01-01", "birth_departement": "99"},
                {"first_names": "Zoé", "last_name": "DUPONT", "birth_date": "2020-01-01", "birth_departement": "20"}]
    found = wrong("birth", {"children": children, "other_parent_nir": MAN[:-2] + "99"})
    assert set(found) == {"children[0].first_names", "children[0].birth_date", "children[0].birth_departement",
                          "children[1].birth_date", "children[1].birth_departement", "other_parent_nir"}


def test_no_other_parent_means_no_questions_about_one() -> None:
    answers = {"other_parent": "none", "other_parent_last_name": None, "other_parent_first_name": None,
               "other_parent_nir": None}
    assert wrong("birth", answers) == {}


def test_a_doctor_who_declares_online_leaves_nothing_to_send() -> None:
    assert "immédiate" in wrong("attending-doctor", {"way": "online"}, ())["way"]
    assert "conciliateur" in wrong("attending-doctor", {"way": "none"}, ())["way"]


def test_the_insurer_to_unlink_is_another_one() -> None:
    assert set(wrong("top-up-declaration", {"other_insurer": "Mutuelle Exemple"})) == {"other_insurer"}


@pytest.mark.parametrize(("asked_on", "late"), [("2026-11-02", False), ("2026-11-01", True)])
def test_a_file_can_be_completed_for_twenty_one_days(asked_on: str, late: bool) -> None:
    assert ("asked_on" in wrong("supporting-document", {"asked_on": asked_on})) is late


def test_a_police_report_that_exists_is_attached() -> None:
    assert set(wrong("accident-declaration", {"police": True})) == {"statement"}
    assert set(wrong("accident-declaration", {"other_known": True, "other_name": ""})) == {"other_name"}


@pytest.mark.parametrize(("changes", "papers"), [
    ({"situation": "employee"}, {"form", "contract"}),
    ({"situation": "resident", "exempt": "none", "arrived_on": "2026-08-23"}, {"form", "residence_proof"}),
    ({"situation": "resident", "exempt": "joining"}, {"form", "exemption_proof"}),
    ({"situation": "student", "school": "Université"}, {"enrolment"}),
    ({"situation": "pensioner", "pension_state": "DE"}, {"form", "s1"}),
    ({"nationality": "US"}, {"form", "contract", "residence_permit"}),
    ({"birth_country": "US", "certificate_readable": False}, {"form", "contract", "translation"}),
    ({"situation": "family", "with_family": True, "family": [
        {"relation": "child", "last_name": "S", "first_names": "A", "birth_date": "2018-01-01"},
        {"relation": "spouse", "last_name": "S", "first_names": "B", "birth_date": "1985-01-01"}]},
     {"marriage_certificate", "children_form"}),
])
def test_the_papers_of_a_newcomer_follow_the_case(changes: dict, papers: set[str]) -> None:  # type: ignore[type-arg]
    always = {"identity", "birth_certificate", "rib"}
    employed = changes.get("situation", "employee") == "employee"
    less = {} if employed else {"employer": None, "works_since": None}
    assert set(wrong("entitlement-opening", {**less, **changes}, ())) == always | papers


def test_without_work_a_resident_waits_three_months() -> None:
    changes = {"situation": "resident", "exempt": "none", "arrived_on": "2026-08-24", "employer": None,
               "works_since": None}
    papers = ("form", "identity", "birth_certificate", "rib", "residence_proof")
    assert set(wrong("entitlement-opening", changes, papers)) == {"arrived_on"}


def test_a_renewal_before_its_window_is_refused_and_names_it() -> None:
    found = wrong("c2s", {"kind": "renewal", "ends_on": "2027-03-31"})
    assert "30/11/2026" in found["ends_on"]
    assert wrong("c2s", {"kind": "renewal", "ends_on": "2027-03-23"}) == {}
    assert set(wrong("c2s", {"kind": "renewal", "ends_on": "2026-11-22"})) == {"ends_on"}


@pytest.mark.parametrize("amounts", ["", "12;13", "-5", "1200;" * 11 + "x", "1e3", "٣"])
def test_monthly_amounts_are_one_or_twelve(amounts: str) -> None:
    found = wrong("c2s", {"resources": [{"kind": "wages", "amounts": amounts}]})
    assert set(found) == {"resources[0].amounts"}


def test_the_papers_of_the_c2s_follow_the_case() -> None:
    assert set(wrong("c2s", {"benefit": "rsa"}, ())) == {"rsa_certificate"}
    assert set(wrong("c2s", {"housing": "owner", "lived_abroad": True}, ())) == {
        "tax_notice", "property_tax", "foreign_proof"}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_complete_answers_are_told_as_such_whatever_papers_are_missing(name: str) -> None:
    asked, (answers, papers) = procedure(name), GOOD[name]
    without = check(asked, answers, (), WORLD)
    assert without.answered
    assert without.ok is (not set(papers) & {one.field for one in without.errors})
    assert notes(asked, without.values, WORLD) == notes(asked, check(asked, answers, papers, WORLD).values, WORLD)
    assert not check(asked, {}, papers, WORLD).answered


def test_the_c2s_notes_give_the_verdict_its_steps_and_that_ceilings_are_estimates() -> None:
    asked = procedure("c2s")
    answers, papers = GOOD["c2s"]
    told = notes(asked, check(asked, answers, papers, WORLD).values, WORLD)
    by_name = {one["name"]: one for one in told}
    assert by_name["verdict"]["text_fr"] == "D'après ces réponses : C2S gratuite."
    assert "estimate" in by_name
    assert any(one["amount"] == "11400.00" for one in told)


@pytest.mark.parametrize(("name", "changes"), [
    ("entitlement-opening", {"arrived_on": "1880-01-01"}),
    ("supporting-document", {"asked_on": "1880-01-01"}),
    ("c2s", {"kind": "renewal", "ends_on": "1880-01-01"}),
    ("c2s", {"kind": "renewal", "ends_on": "2200-12-31"}),
    ("ehic", {"leaving_on": "2200-12-31"}),
    ("birth", {"declared_on": "1880-01-01"}),
    ("account-creation", {"birth_date": "1880-01-01"}),
])
def test_days_far_away_are_answered_like_any_other(name: str, changes: dict) -> None:  # type: ignore[type-arg]
    wrong(name, changes)
