"""The yearly report: what it says, in both languages, with charts as vectors and no text that is more than text."""

from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from pypdfium2 import raw

from agent.files.exports import Account, make
from agent.files.exports.pdf_report import make as report
from config.tariffs import sources
from tests.agent.files.exports.accounts import HOSTILE, account, accounts, line, payment
from tests.agent.files.exports.test_tables import sheets
from tests.thoroughness import examples


def pages(data: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [document[at].get_textpage().get_text_range() for at in range(len(document))]
    finally:
        document.close()


def kinds(data: bytes) -> set[int]:
    """What the pages are drawn with."""
    document = pypdfium2.PdfDocument(data)
    try:
        return {item.type for at in range(len(document)) for item in document[at].get_objects()}
    finally:
        document.close()


def test_the_year_is_told_in_french_with_its_accents_and_euros() -> None:
    said = " ".join(pages(make("report", account([payment()])))).replace("\xa0", " ")
    for text in ("Santé : l'année 2026", "INES FAURE · CPAM DE PARIS", "30,00 €", "21,00 €", "Médecins", "août",
                 "Participation forfaitaire", "70,00 €", "50,00 €", "fait le 23/11/2026"):
        assert text in said, text


def test_the_year_is_told_in_english_too() -> None:
    said = " ".join(pages(make("report", account([payment()], "en"))))
    for text in ("Health care: the year 2026", "€30.00", "€21.00", "Doctors", "Aug", "Flat contribution", "2026-11-23"):
        assert text in said, text


def test_charts_are_vectors() -> None:
    drawn = kinds(make("report", account([payment()])))
    assert raw.FPDF_PAGEOBJ_PATH in drawn
    assert raw.FPDF_PAGEOBJ_IMAGE not in drawn


def test_what_never_came_and_what_nobody_explains_are_told_apart() -> None:
    given = account([payment()])
    missing = [
        {"kind": "paid_not_arrived", "payment": "p1", "on": "2026-10-08", "amount": "19.00", "text_fr": "Rien vu.",
         "text_en": "Unseen."},
        {"kind": "arrived_not_explained", "payment": None, "on": "2026-11-02", "amount": "7.77", "text_fr": "Mystère.",
         "text_en": "Mystery."},
        {"kind": "arrived_not_explained", "payment": None, "on": "2025-11-02", "amount": "8.88", "text_fr": "Avant.",
         "text_en": "Before."}]
    with_bank = replace(given, owed={**given.owed, "missing": missing})
    said = " ".join(pages(make("report", with_bank)))
    for text in ("pas vu à la banque", "Rien vu.", "sans explication", "Mystère.", "En tout : 7,77"):
        assert text.replace(" ", "") in said.replace(" ", "").replace("\xa0", ""), text
    assert "Avant." not in said
    owed = sheets(make("xlsx", replace(with_bank, lang="en")))["Owed"]
    assert [row[2] for row in owed if row[0] != "Top-up"][1:] == ["Unseen.", "Mystery.", "Before."]


def test_rules_are_named_with_where_they_were_read() -> None:
    assert str(sources()["MAGNOLIA"]) in " ".join(pages(make("report", account([payment()]))))


def test_nothing_is_written_beside_the_page() -> None:
    asked = {"id": "a", "kind": "x", "payment": "p1", "amount": "12.00", "text_fr": "x " * 200, "text_en": "x"}
    given = account([payment()])
    document = pypdfium2.PdfDocument(make("report", replace(given, owed={**given.owed, "anomalies": [asked]})))
    for page in (document[at] for at in range(len(document))):
        width, height = page.get_size()
        for item in page.get_objects():
            left, bottom, right, top = item.get_bounds()
            assert -1 <= left <= right <= width - 40 or (left, right) == (0, width) or top > height - 20, item.type
            assert bottom >= 0
    document.close()


def test_the_year_asked_for_is_the_one_told() -> None:
    listed = [payment(), payment(id="p2", paid_on="2025-03-04")]
    asked = replace(account(listed), filters={"since": "2025-01-01", "until": "2025-12-31", "beneficiary": None})
    assert "l'année 2025" in pages(make("report", asked))[0]
    assert "l'année 2026" in pages(make("report", account(listed)))[0]


def test_a_top_up_has_its_figures_and_what_it_owes_is_listed() -> None:
    given = account([payment()])
    (year,) = given.years
    with_contract = replace(given, years=[{**year, "top_up_expected": "9.00"}],
                            owed={**given.owed, "contract": {"name": "Mutuelle du Rhône"}})
    said = " ".join(pages(make("report", with_contract)))
    assert "Mutuelle du Rhône" in said
    assert "attendu" in said


def test_long_lists_are_cut_and_their_sum_is_told() -> None:
    listed = [payment(id=f"p{at}") for at in range(40)]
    given = account(listed)
    assert "more" in " ".join(pages(make("report", replace(given, lang="en"))))


def test_a_report_of_nothing_says_so() -> None:
    (page,) = pages(make("report", account([])))
    assert "Aucun paiement de cette année n'est connu" in page


@pytest.mark.parametrize("name", ["INES FAURE", None])
def test_a_report_of_one_person_has_no_sums_of_transfers(name: Any) -> None:
    given = replace(account([payment()]), filters={"since": None, "until": None, "beneficiary": name})
    assert ("Versé à vous" in pages(make("report", given))[0]) is (name is None)


def test_hostile_labels_are_words_on_the_page() -> None:
    listed = [payment(id=f"p{at}", label=text, lines=[line(act=text, beneficiary=text)])
              for at, text in enumerate(HOSTILE)]
    data = make("report", account(listed, name=HOSTILE[5]))
    assert pages(data)
    for harmful in (b"/JavaScript", b"/Launch", b"/URI", b"/EmbeddedFile"):
        assert harmful not in data


@given(one=accounts(most=6))
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_account_makes_a_report(one: Account) -> None:
    assert report(one).startswith(b"%PDF")
