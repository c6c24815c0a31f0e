"""Copies of PDF statements: the layout stays, nothing of the person does."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.files.anonymise import NotAnonymised, anonymise
from agent.files.anonymise.care_labels import FIXED
from agent.files.anonymise.vocabulary import fold, may_stay, month_of
from agent.files.formats.pdf_words import Page, read_pages
from agent.sandbox.generator import make_household
from agent.sandbox.model import SandboxPayment
from agent.sandbox.pdf import make_pdf_attestation, make_pdf_payment, make_pdf_statement
from tests.agent.files.anonymise.papers import CANARIES, NEVER, everything, statement, text_of
from tests.thoroughness import examples

TODAY = date(2026, 11, 23)
HOUSEHOLD = make_household(5, TODAY, 2)
PAYMENTS = [one for one in HOUSEHOLD.payments if one.lines][-8:]
few = settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _lines(data: bytes) -> list[list[str]]:
    return [[word.text for word in line] for page in read_pages(data, 99) for line in page.lines()]


def _amount(text: str) -> Decimal:
    return Decimal(re.sub(r"[^\d,-]", "", text).replace(",", "."))


@pytest.mark.parametrize("seed", [None, *range(12)])
def test_no_canary_is_left_in_any_byte_of_the_copy(seed: int | None) -> None:
    original = statement()
    assert all(one in everything(original) for one in ("ZEBULONNE", "61,37", "BRISEMICHE"))
    left = everything(anonymise(original, seed=seed).data)
    assert [one for one in NEVER if one.lower() in left.lower()] == []
    words = re.findall(r"\w+", "\n".join(text_of(anonymise(original, seed=seed).data)))
    assert not {"38421", "25204"} & set(words)


def test_what_is_hidden_in_a_file_does_not_come_along() -> None:
    copy = anonymise(statement()).data
    assert not re.search(rb"/(EmbeddedFile|Metadata|Annots|Image|JavaScript|AcroForm|Prev)\b", copy)
    assert pypdfium2.PdfDocument(copy).get_metadata_dict()["Author"] == ""


def test_the_form_stays_where_it_was() -> None:
    text = text_of(anonymise(statement(), seed=1).data)[0]
    for words in ("Voici le détail des versements vous concernant pour un paiement du", "vos remboursements de soins",
                  "nature des prestations", "assuré social", "euro(s)", "né(e) le"):
        assert words in text


def test_page_size_fonts_rules_and_places_are_those_of_the_original() -> None:
    (old,), (new,) = read_pages(statement(), 9), read_pages(anonymise(statement(), seed=1).data, 9)
    assert (new.width, new.height) == (old.width, old.height)
    assert len(new.rules) >= 1
    assert [(line[0].size, round(line[0].left), round(line[0].y)) for line in new.lines()] == [
        (line[0].size, round(line[0].left), round(line[0].y)) for line in old.lines()]


def test_what_added_up_still_does() -> None:
    for seed in range(10):
        text = text_of(anonymise(statement(), seed=seed).data)[0]
        paid, base, refunded, withheld, total = map(_amount, re.findall(r"-? ?\d+,\d\d", text))
        rate = int(re.findall(r"(\d+) ?%", text)[0])
        assert paid == base
        assert abs(base * rate / 100 - refunded) < Decimal("0.01")
        assert refunded + withheld == total > 0
        assert rate < 100


def test_what_tells_of_health_is_drawn_by_lot() -> None:
    texts = [text_of(anonymise(statement(), seed=seed).data)[0] for seed in range(12)]
    assert all("maternité" not in text and "maladie" in text for text in texts)
    assert len({re.search(r"\n\d\d/\d\d/\d{4} ([A-Z ]+)", text.replace("\r", ""))[1] for text in texts}) > 3  # type: ignore[index]


def test_a_reference_still_names_the_day_of_its_payment() -> None:
    text = text_of(anonymise(statement(), seed=3).data)[0]
    day = date(*map(int, reversed(re.search(r"le (\d\d/\d\d/\d{4}) :", text)[1].split("/"))))  # type: ignore[index]
    assert f"{day:%y%j}" in text


def test_a_masked_name_does_not_show_how_wide_the_original_was() -> None:
    def second_word(name: str) -> float:
        data = statement_of(name)
        (page,) = read_pages(anonymise(data, seed=1).data, 9)
        return page.lines()[0][-1].left

    assert second_word("WMWMWM") == pytest.approx(second_word("ILILIL"), abs=0.01)


def statement_of(name: str) -> bytes:
    from fpdf import FPDF

    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.add_page()
    pdf.set_font("Helvetica", "", 11)
    pdf.text(100, 100, f"{name} DUPOND")
    return bytes(pdf.output())


@pytest.mark.parametrize("payment", PAYMENTS, ids=lambda one: one.paid_on.isoformat())
def test_the_services_own_papers_keep_their_structure(payment: SandboxPayment) -> None:
    for original in (make_pdf_payment(HOUSEHOLD, payment), make_pdf_statement(HOUSEHOLD, payment.paid_on)):
        copy = anonymise(original).data
        assert _shape(read_pages(original, 9)) == _shape(read_pages(copy, 9))


def _shape(pages: list[Page]) -> list[tuple[float, bool, int, int]]:
    """Of each line: where it is, whether it names a person, how many days and amounts it has."""
    found = []
    for page in pages:
        for line in page.lines():
            text = " ".join(word.text for word in line)
            found.append((round(line[0].y), "né(e)" in text, len(re.findall(r"\d\d/\d\d/\d{4}", text)),
                          len(re.findall(r"\d,\d\d", text))))
    return found


def test_persons_of_one_paper_stay_apart_and_the_same_one_the_same() -> None:
    payment = max(PAYMENTS, key=lambda one: len({line.person.first_name for line in one.lines}))
    original, copy = (_persons(make_pdf_payment(HOUSEHOLD, payment)), None)
    copy = _persons(anonymise(make_pdf_payment(HOUSEHOLD, payment)).data)
    assert sorted(Counter(original).values()) == sorted(Counter(copy).values())
    assert not set(original) & set(copy)


def _persons(data: bytes) -> list[str]:
    return [found for text in text_of(data) for found in re.findall(r"pour (\S+) né\(e\)", text)]


def test_an_attestation_is_copied_too() -> None:
    copy = everything(anonymise(make_pdf_attestation(HOUSEHOLD, None, TODAY)).data)
    for person in HOUSEHOLD.persons:
        assert person.first_name not in copy
        assert f"{person.birth_date:%d/%m/%Y}" not in copy


def test_without_a_seed_no_copy_is_like_another_and_with_one_all_are() -> None:
    assert anonymise(statement()).data != anonymise(statement()).data
    assert anonymise(statement(), seed=4).data == anonymise(statement(), seed=4).data


words = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéèàôABCDEFGHIJKLMNOPQRSTUVWXYZ-'"), min_size=4, max_size=14)
lines = st.lists(st.one_of(
    words, words.map(str.upper), st.integers(1000, 10**13).map(str),
    st.dates(date(1930, 1, 1)).map("{:%d/%m/%Y}".format),
    st.integers(100, 999999).map(lambda cents: f"{cents // 100},{cents % 100:02d}")), min_size=1, max_size=5)


@given(st.lists(lines, min_size=1, max_size=8), st.integers(0, 99))
@few
def test_no_token_of_any_paper_is_left(content: list[list[str]], seed: int) -> None:
    from fpdf import FPDF

    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.set_auto_page_break(False)
    pdf.add_page()
    pdf.set_font("Helvetica", "", 8)
    for row, line in enumerate(content):
        for column, text in enumerate(line):
            pdf.text(30 + 110 * column, 60 + 20 * row, text)
    text = "\n".join(text_of(anonymise(bytes(pdf.output()), seed=seed).data)).lower()
    pieces = re.compile(r"\d\d/\d\d/\d{4}|\d+,\d\d|[^\W_]{4,}")
    tokens = {piece for line in content for one in line for piece in pieces.findall(one)}
    stays = {token.lower() for token in tokens if may_stay(token)}  # the same letters in another case
    for token in tokens:
        drawn = fold(token) in FIXED or month_of(token) is not None or (token.isdigit() and len(token) < 5)
        if token.lower() not in stays and not drawn:
            assert not re.search(rf"(?<!\w){re.escape(token.lower())}(?!\w)", text), token


@pytest.mark.parametrize("data", [b"%PDF-1.4\n%%EOF\n", b"%PDF-", statement()[:400]])
def test_a_damaged_file_is_refused_with_its_reason(data: bytes) -> None:
    with pytest.raises(NotAnonymised) as refused:
        anonymise(data, "x.pdf")
    assert "x.pdf" in refused.value.message("fr")


def test_a_picture_of_a_paper_is_refused(tmp_path: Path) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.line(1, 1, 50, 50)
    with pytest.raises(NotAnonymised, match="pictures"):
        anonymise(bytes(pdf.output()))


def test_every_canary_is_one() -> None:
    assert len(NEVER) >= len(CANARIES) - 3
