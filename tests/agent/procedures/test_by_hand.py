"""Bringing a request oneself: a place on the real service for each procedure, and answers as its forms take them."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from agent.procedures.by_hand import copied, fund_of, place_of, steps
from agent.procedures.field_types import COUNTRY, DATE, IBAN, MONEY, MONTH, NIR, PHONE, YES_NO
from agent.procedures.model import Both, Field, Procedure, Screen, World
from agent.procedures.registry import procedures
from agent.procedures.validation import check
from ameli_tui.terminal.qr import qr_lines
from config.addresses import is_real_service
from tests.agent.procedures.samples import BORN_ABROAD, GOOD, MAN, PROFILE, WORLD

DECLARED = procedures()


def a_form(*fields: Field) -> Procedure:
    words = Both("x", "x")
    return Procedure("x", words, words, words, None, "handoff", (Screen("x", words, fields=fields),))


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_each_has_a_place_on_the_real_service_that_fits_a_small_terminal_as_a_code(name: str) -> None:
    answers, papers = GOOD[name]
    found = check(DECLARED[name], answers, papers, WORLD)
    place = place_of(DECLARED[name], found.values, WORLD)
    if place.url is None:
        assert place.kind == "post" and place.name.fr
    else:
        assert is_real_service(place.url) and urlsplit(place.url).scheme == "https"
        lines = qr_lines(place.url, rows=22, columns=80)
        assert lines and len({len(line) for line in lines}) == 1
    assert all(one.fr and one.en for one in steps(place, bool(papers)))


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_every_answer_is_there_to_copy_in_the_order_of_the_questions(name: str) -> None:
    asked = DECLARED[name]
    found = check(asked, *GOOD[name], WORLD)
    listed = copied(asked, found.values)
    tops = [one.field.partition("[")[0].partition(".")[0] for one in listed]
    order = [one.name for one in asked.fields]
    assert tops == sorted(tops, key=order.index)
    assert set(tops) == {field for field, value in found.values.items() if value not in (None, "", [])}
    for one in listed:
        assert one.value and one.label.fr and one.label.en
        assert not one.secret or one.json()["value"].startswith("••••")


def test_answers_are_written_as_the_forms_take_them() -> None:
    said = Both("x", "x")
    form = a_form(
        Field("born", DATE, said), Field("since", MONTH, said), Field("paid", MONEY, said),
        Field("right", YES_NO, said), Field("land", COUNTRY, said), Field("mobile", PHONE, said),
        Field("abroad", PHONE, said), Field("nir", NIR, said, secret=True), Field("iban", IBAN, said))
    values = {"born": date(2026, 1, 2), "since": "2026-03", "paid": Decimal("1234.5"), "right": False,
              "land": "DE", "mobile": "+33612345678", "abroad": "+447700900123", "nir": BORN_ABROAD.replace(" ", ""),
              "iban": "FR14 2004 1010"}
    assert {one.field: one.value for one in copied(form, values)} == {
        "born": "02/01/2026", "since": "03/2026", "paid": "1234,50", "right": "Non", "land": "Allemagne",
        "mobile": "0612345678", "abroad": "+447700900123", "nir": "2951099126111", "nir.key": "93",
        "iban": "FR1420041010"}


def test_a_number_that_no_longer_reads_is_copied_as_it_is() -> None:
    form = a_form(Field("nir", NIR, Both("x", "x")))
    assert [one.value for one in copied(form, {"nir": "what is this"})] == ["what is this"]
    assert [one.value for one in copied(form, {"nir": MAN.replace(" ", "")[:13]})] == ["1550699999999", "84"]


def test_the_fund_is_the_account_s_else_that_of_the_postcode() -> None:
    known = World(WORLD.today, {**PROFILE, "cpam": "CPAM DE PARIS"})
    assert fund_of({"postcode": "97120"}, known).fr == "CPAM DE PARIS"
    assert fund_of({"postcode": "97120"}, WORLD).fr.endswith("département 971")
    assert fund_of({}, WORLD).en


def test_students_are_led_to_their_own_site() -> None:
    asked = DECLARED["entitlement-opening"]
    assert place_of(asked, {"situation": "student"}, WORLD).url == "https://etudiant-etranger.ameli.fr"


def test_a_code_that_does_not_fit_is_not_drawn() -> None:
    assert qr_lines("https://assure.ameli.fr/" + "x" * 80, rows=5) == []
    plain, inverted = (qr_lines("https://assure.ameli.fr/", inverted=one) for one in (False, True))
    assert {"█": " ", " ": "█", "▀": "▄", "▄": "▀"}[plain[3][8]] == inverted[3][8]
