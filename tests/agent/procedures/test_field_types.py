"""Every kind of answer: what is right reads as itself, what is wrong is told, and nothing breaks the reader."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.procedures.field_types import KINDS, BadAnswer
from agent.procedures.identifiers.countries import countries
from agent.procedures.identifiers.iban import LENGTHS, STRUCTURES, BadAccount, read_iban
from agent.procedures.identifiers.nir import BadNir, nir_key, read_nir
from agent.procedures.model import AnyField, Both, Choice, Field, KindName, World
from agent.procedures.values import plain

WORLD = World(date(2026, 11, 23), {"name": "DUPONT Jeanne", "beneficiaries": [
    {"name": "DUPONT Jeanne", "birth_date": "1986-03-01"}, {"name": "DUPONT Élise", "birth_date": "2019-05-02"}]})
CHOICES = (Choice("lost", Both("perdue", "lost")), Choice("stolen", Both("volée", "stolen")))
BY_NAME = {kind.name: kind for kind in KINDS}
LEAVES = [kind.name for kind in KINDS if kind.name != "group"]


def make(kind: KindName, **more: Any) -> AnyField:
    choices = CHOICES if kind in ("choice", "choices") else ()
    return Field("x", BY_NAME[kind], Both("x", "x"), **{"choices": choices, **more})


def value(kind: KindName, given: Any, **more: Any) -> Any:
    return make(kind, **more).read(given, WORLD)


def wrong(kind: KindName, given: Any, **more: Any) -> Both:
    with pytest.raises(BadAnswer) as caught:
        value(kind, given, **more)
    words = caught.value.words
    assert words.fr and words.en
    return words


# -- numbers published for integrators --------------------------------------------------------------------------------

GOOD_NIRS = (
    "255081416802538", "284058832102532", "294037512000591", "153124500723160", "284052A32102552", "284052B32102579",
    "284202B32102528", "284992B32102531", "295109912611193", "253072B07300470", "253072A07300443", "269054958815780",
    "184027512345674", "291025601234546", "155069999999984", "255069999999934",
)
BAD_KEYS = {"147720425367411": "30", "198012312345690": "97", "255129912345780": "83", "210012110100373": "94"}


@pytest.mark.parametrize("number", GOOD_NIRS)
def test_the_published_numbers_are_right_with_and_without_their_key(number: str) -> None:
    assert value("nir", number) == number
    assert value("nir", number[:13]) == number[:13]
    spaced = " ".join((number[0], number[1:3], number[3:5], number[5:7].lower(), number[7:10], number[10:]))
    assert value("nir", spaced) == number
    assert nir_key(number[:13]) == number[13:]


@pytest.mark.parametrize("number", BAD_KEYS)
def test_the_published_numbers_with_a_wrong_key_are_refused(number: str) -> None:
    assert nir_key(number[:13]) == BAD_KEYS[number]
    assert "clé" in wrong("nir", number).fr
    assert value("nir", number[:13]) == number[:13]


@pytest.mark.parametrize(("number", "kind"), [
    ("7112312345678", "nnp"), ("8278965432189", "nnp"), ("5112312345678", "mig"), ("6144100008502", "mig"),
    ("3840588321025", "registering"), ("4840588321025", "registering")])
def test_temporary_numbers_are_known_and_explained(number: str, kind: str) -> None:
    assert read_nir(number).kind == kind
    assert wrong("nir", number).fr.startswith("Un numéro qui commence par")
    assert value("nir", number, accepts=("temporary",)) == number


@pytest.mark.parametrize("number", [
    "", "2", "25508141680253", "2550814168025381", "9550814168025", "2551314168025", "2550014168025", "255082C168025",
    "2550800168025", "2550814168000", "٢550814168025", "711231234567890"])
def test_what_has_not_the_form_of_a_number_is_refused(number: str) -> None:
    with pytest.raises(BadNir):
        read_nir(number)


def test_overseas_and_birth_abroad_are_numbers_like_the_others() -> None:
    assert read_nir("2550897416025").kind == "nir"
    assert read_nir("2951099126111").abroad and not read_nir("2550814168025").abroad


@given(st.sampled_from(GOOD_NIRS), st.integers(0, 14), st.sampled_from("0123456789"))
def test_one_wrong_digit_never_passes(number: str, place: int, digit: str) -> None:
    other = number[:place] + digit + number[place + 1:]
    if other == number or not (number[place].isdigit() and number[5:7].isdigit()):
        return
    with pytest.raises(BadNir):
        found = read_nir(other)
        if found.kind != "nir":  # a first digit of another kind: told as such, and never as a number that is right
            raise BadNir("", "")


GOOD_IBANS = {
    "FR1420041010050500013M02606": "La Banque Postale", "FR7630006000011234567890189": "Crédit Agricole",
    "FR7630001007941234567890185": "Banque de France", "FR7630004000031234567890143": "BNP Paribas",
    "FR7610107001011234567890129": "BRED Banque Populaire", "FR7611315000011234567890138": "Caisse d'Épargne CEPAC",
    "FR7630066100410001057380116": "CIC", "FR7612548029980000000150086": "AXA Banque", "GB29NWBK60161331926819": None,
    "DE89370400440532013000": None, "BE68539007547034": None, "IE29AIBK93115212345678": None,
    "ES9121000418450200051332": None, "CH9300762011623852957": None,
}


@pytest.mark.parametrize("iban", GOOD_IBANS)
def test_the_published_accounts_are_right_and_the_bank_is_named(iban: str) -> None:
    grouped = read_iban(iban).grouped
    assert value("iban", grouped) == value("iban", iban.lower()) == value("iban", f"IBAN {grouped}") == iban
    assert read_iban(iban).bank == GOOD_IBANS[iban]


@pytest.mark.parametrize("iban", [
    "FR7610278060610001020480101", "", "FR", "FR76", "FR763000600001123456789018", "US64SVBKUS6S3300958879",
    "BR1500000000000010932840814P2", "ⅣR7630006000011234567890189", "FR76 3000 6000 0112 3456 7890 18é"])
def test_accounts_that_are_wrong_or_out_of_reach_are_refused(iban: str) -> None:
    with pytest.raises(BadAccount):
        read_iban(iban)


def test_the_inner_key_of_a_french_account_is_checked_as_well() -> None:
    # Check digits of the IBAN recomputed for an account whose own key is wrong.
    account = "30006000011234567890180"
    check = 98 - int("".join(str(int(sign, 36)) for sign in account + "FR00")) % 97
    assert "clé RIB" in wrong("iban", f"FR{check:02d}{account}").fr


@given(st.sampled_from(sorted(GOOD_IBANS)), st.data())
def test_one_wrong_sign_of_an_account_never_passes(iban: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(2, len(iban) - 1))
    sign = data.draw(st.sampled_from("0123456789"))
    if sign != iban[place]:
        with pytest.raises(BadAccount):
            read_iban(iban[:place] + sign + iban[place + 1:])


@given(st.sampled_from(sorted(set(LENGTHS) - {"FR", "MC"})), st.data())
def test_any_account_of_the_area_with_right_check_digits_passes(country: str, data: st.DataObject) -> None:
    signs = {"n": "0123456789", "a": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "c": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    rest = "".join(data.draw(st.text(signs[kind], min_size=int(count), max_size=int(count)))
                   for count, kind in re.findall(r"(\d+)(\w)", STRUCTURES[country]))
    assert len(rest) == LENGTHS[country] - 4
    check = 98 - int("".join(str(int(sign, 36)) for sign in rest + country + "00")) % 97
    assert read_iban(f"{country}{check:02d}{rest}").country == country


# -- the other kinds --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("kind", "given_", "expected"), [
    ("text", "  two   words ", "two words"), ("name", "d’Artagnan-Lévêque", "d’Artagnan-Lévêque"),
    ("bic", "psstfrppxxx", "PSSTFRPPXXX"), ("date", "23/11/2026", date(2026, 11, 23)),
    ("date", "2024-02-29", date(2024, 2, 29)), ("month", "2/2026", "2026-02"),
    ("phone", "06.12.34.56.78", "+33612345678"),
    ("phone", "+33 (0)6 12 34 56 78", "+33612345678"), ("phone", "0044 20 7946 0018", "+442079460018"),
    ("email", "Jeanne+sante@Example.ORG", "Jeanne+sante@example.org"), ("postcode", "75 012", "75012"),
    ("country", "côte d'ivoire", "CI"), ("country", "germany", "DE"), ("country", "fr", "FR"),
    ("choice", "LOST", "lost"), ("choices", "lost, stolen, lost", ["lost", "stolen"]), ("yes_no", "Oui", True),
    ("yes_no", 0, False), ("money", "1 234,5 €", Decimal("1234.50")), ("money", 12, Decimal("12.00")),
    ("integer", " 7 ", 7), ("person", "dupont elise", "DUPONT Élise"), ("person", "Élise", "DUPONT Élise"),
    ("people", ["jeanne", "élise"], ["DUPONT Jeanne", "DUPONT Élise"])])
def test_answers_are_brought_to_their_normal_form(kind: KindName, given_: Any, expected: Any) -> None:
    assert value(kind, given_) == expected


@pytest.mark.parametrize(("kind", "given_"), [
    ("text", 3), ("text", "bell\x07"), ("name", "R2D2"), ("name", "<b>x</b>"), ("bic", "PSST"), ("date", "2026-02-30"),
    ("date", "yesterday"), ("date", "0026-01-01"), ("date", "31/02/2026"), ("month", "2026-13"), ("month", "13/2026"),
    ("phone", "0012"), ("phone", "06 12 34 56 7"), ("phone", "+33 06 12 34 56 78"), ("phone", "12"),
    ("email", "jeanne"), ("email", "a@b"), ("email", "a..b@c.fr"), ("email", "a@b.fr\nbcc: x@y.fr"), ("email", "@b.fr"),
    ("postcode", "00123"), ("postcode", "7501"), ("country", "Frence"), ("choice", "burnt"), ("choices", ["burnt"]),
    ("choices", {}), ("yes_no", "maybe"), ("yes_no", 2), ("money", "12.345"), ("money", "-1"), ("money", "1e9"),
    ("money", True), ("money", "NaN"), ("integer", "1.5"), ("integer", True), ("person", "DUPONT"),
    ("person", "MARTIN Paul"), ("people", ["MARTIN Paul"]), ("people", 3)])
def test_what_cannot_be_is_told_in_both_languages(kind: KindName, given_: Any) -> None:
    wrong(kind, given_)


def test_variants_of_a_kind_narrow_or_widen_it() -> None:
    wrong("date", "2026-11-24", accepts=("past",))
    wrong("date", "2026-11-22", accepts=("future",))
    assert value("date", "2026-11-23", accepts=("past", "future")) == date(2026, 11, 23)
    assert value("month", "2026-11", accepts=("past", "future")) == "2026-11"
    wrong("phone", "01 23 45 67 89", accepts=("mobile",))
    wrong("yes_no", "no", accepts=("yes",))
    assert value("postcode", "SW1A 1AA", accepts=("foreign",)) == "SW1A1AA"
    assert value("text", "one\r\ntwo", accepts=("lines",)) == "one\ntwo"
    assert value("money", "-3", accepts=("negative",)) == Decimal("-3.00")
    wrong("integer", 9, most=8)
    wrong("integer", 0, least=1)
    wrong("text", "abc", longest=2)
    three = Both("trois chiffres", "three digits")
    assert "three digits" in wrong("text", "12", pattern=r"\d{3}", pattern_words=three).en
    wrong("people", ["jeanne", "élise"], most=1)


@pytest.mark.parametrize("kind", LEAVES)
def test_the_example_of_each_kind_is_right(kind: KindName) -> None:
    if BY_NAME[kind].example:
        value(kind, BY_NAME[kind].example)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5)


@given(st.sampled_from(LEAVES), JSON)
def test_whatever_is_given_is_read_or_told_and_reads_back_the_same(kind: KindName, given_: Any) -> None:
    field = make(kind)
    try:
        found = field.read(given_, WORLD)
    except BadAnswer as error:
        assert error.words.fr and error.words.en
        return
    kept = plain({"x": found})["x"]
    assert field.read(kept, WORLD) == found


@given(st.text(max_size=60))
def test_no_text_that_was_taken_steers_a_terminal(text: str) -> None:
    for kind in ("text", "name", "email", "person", "country"):
        try:
            found = value(kind, text)  # type: ignore[arg-type]
        except BadAnswer:
            continue
        assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in found)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_day_reads_in_both_ways_of_writing_it(day: date) -> None:
    assert value("date", day.isoformat()) == value("date", f"{day:%d/%m/%Y}") == day


@given(st.decimals(0, 999_999_999, places=2))
def test_every_amount_reads_exactly(amount: Decimal) -> None:
    assert value("money", f"{amount}") == value("money", f"{amount}".replace(".", ",")) == amount


def test_every_country_has_a_code_and_two_names() -> None:
    assert len(countries()) == 250
    assert all(re.fullmatch("[A-Z]{2}", code) and all(names) for code, names in countries().items())
    assert countries()["NO"] == ("Norvège", "Norway")  # a "no" in YAML, where nobody quotes it


@given(st.sampled_from(sorted(countries())))
def test_every_country_is_found_by_its_names(code: str) -> None:
    assert {value("country", name) for name in (code, *countries()[code])} == {code}
