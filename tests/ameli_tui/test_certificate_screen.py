"""Certificates on the screens: every kind, for each person, year and period, by one key."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ameli_tui.screens.base.save_as import SaveScreen
from ameli_tui.screens.base.text_reader import ReadingScreen
from ameli_tui.screens.documents.certificates import CertificatesScreen, PeriodScreen, file_name, offers, read_day
from ameli_tui.screens.documents.documents import DocumentsPage
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import opened

TODAY = date(2026, 11, 23)


def asked(fake: FakeAgent) -> list[tuple[str, dict[str, str]]]:
    """The certificates the agent was asked for."""
    return [(path.rpartition("/")[2], query) for _, path, query in fake.calls if "/certificates/" in path]


async def test_each_certificate_is_one_row_and_one_key_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ameli_tui.files.external.document_text", lambda _data: "le texte")
    fake = FakeAgent()
    async with opened(fake, size=(100, 40)) as driven:
        await driven.keys("3", "c")
        page = driven.page
        assert isinstance(page, CertificatesScreen)
        for at, one in enumerate(page.offers):
            if one.kind in ("period", "statements"):
                continue
            page.lines.move_to(at)
            await driven.keys("enter")
            assert isinstance(driven.page, ReadingScreen)
            assert "le texte" in driven.text
            await driven.keys("q")
    assert asked(fake) == [
        ("droits", {}), ("droits", {"beneficiary": "Camille DURAND"}), ("droits", {"beneficiary": "Noé DURAND"}),
        ("ij", {}), ("ij", {"since": "2026-01-01", "until": "2026-11-23"}),
        ("ij", {"since": "2025-01-01", "until": "2025-12-31"}), ("fiscal", {"year": "2025"}),
        ("fiscal", {"year": "2024"}), ("ceam", {"beneficiary": "Camille DURAND"}),
        ("ceam", {"beneficiary": "Noé DURAND"})]


async def test_one_is_saved_for_its_owner(tmp_path: Path) -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("3", "c", "j", "j", "w")
        assert isinstance(driven.page, SaveScreen)
        assert driven.page.fields[0].value.endswith("attestation-de-droits-noe-durand.pdf")
        driven.page.fields[0].set_value(str(tmp_path / "a.pdf"))
        await driven.keys("enter")
        assert (tmp_path / "a.pdf").read_bytes() == fake.document_data
        assert isinstance(driven.page, CertificatesScreen)


async def test_other_days_of_sick_pay_are_typed_and_checked() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("3", "c", "p")
        assert isinstance(driven.page, PeriodScreen)
        for first, last, said in (("hier", "", "Un jour est attendu"), ("2026-02-30", "", "Un jour est attendu"),
                                  ("05/06/2026", "04/06/2026", "après le dernier")):
            for at, text in enumerate((first, last)):
                driven.page.fields[at].set_value(text)
            driven.page.set_focus(driven.page.fields[1])
            await driven.keys("enter")
            assert said in driven.text
        driven.page.fields[1].set_value("2026-06-30")
        driven.page.set_focus(driven.page.fields[1])
        await driven.keys("enter")
        assert "05/06/2026 – 30/06/2026" in driven.text
        await driven.keys("w")
        assert asked(fake) == [("ij", {"since": "2026-06-05", "until": "2026-06-30"})]


async def test_the_monthly_statements_are_listed_among_the_certificates() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("3", "c", "G", "enter")
        assert isinstance(driven.page, DocumentsPage)
        assert "8 documents" in driven.text
        assert "attestation.pdf" not in driven.text


async def test_a_refusal_says_why_and_nothing_is_shown() -> None:
    fake = FakeAgent()
    fake.refuse["/v1/certificates/droits"] = "unreachable"
    async with opened(fake) as driven:
        await driven.keys("3", "c", "enter")
        assert "injoignable" in driven.text
        assert isinstance(driven.page, CertificatesScreen)


def test_without_a_family_there_is_no_choice_of_persons() -> None:
    assert [one.query for one in offers([], 0, None, TODAY) if one.kind in ("droits", "ceam")] == [{}, {}]
    assert not [one for one in offers(["A"], 0, None, TODAY) if one.kind == "statements"]


@given(st.lists(st.text(min_size=1), max_size=4))
def test_no_name_of_a_person_becomes_a_path(people: list[str]) -> None:
    for one in offers(people, 0, ("2026-01-01", "2026-01-02"), TODAY):
        if one.kind != "period":
            assert all(sign.isascii() and (sign.isalnum() or sign in "-.") for sign in file_name(one))
            assert ".." not in file_name(one)


@given(st.dates(), st.text())
def test_days_are_read_as_they_are_written_or_not_at_all(some: date, text: str) -> None:
    assert read_day(some.isoformat()) == some
    assert read_day(f"{some.day}/{some.month}/{some.year:04d}") == some
    read_day(text)
