"""Labels of acts are read by code, then by words; nothing doubtful is presented as sure."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.account import ActLine
from agent.rules.codes.nomenclature import ACTS, Kind
from agent.rules.codes.recognise import UNKNOWN, recognise, recognise_act
from agent.rules.dated_tables import era
from config.labels import load
from config.tariffs import load as tariffs
from tests.thoroughness import examples

DAY = date(2026, 10, 1)


def seen(label: str, base: str | None = None, rate: str | None = None, code: str | None = None, on: date = DAY):
    return recognise_act(label, code, Decimal(base) if base else None, Decimal(rate) if rate else None, on)


@pytest.mark.parametrize(
    ("label", "base", "rate", "code"),
    [
        ("C GENERALISTE", "30", "70", "G"),
        ("C GENERALISTE", "35", "70", "G+MEG"),
        ("C SPECIALISTE", "31.50", "70", "CS"),
        ("C SPECIALISTE", "60", "70", "APC"),
        ("PHARMACIE", "12.40", "65", "PH7"),
        ("PHARMACIE", "12.40", "30", "PH4"),
        ("PHARMACIE", "12.40", "15", "PH2"),
        ("SOINS INFIRMIERS", "6.30", "60", "AMI"),
        ("ACTE DE KINESITHERAPIE", None, "60", "AMS"),
        ("ANALYSES", "10", "60", "B"),
        ("ACTE D IMAGERIE (ADI)", "90.72", "70", "ADI"),
        ("SOINS DENTAIRES", "28.92", "60", "SDE"),
        ("C CHIRURGIEN DENTISTE", "23", "60", "CD"),
        ("TRANSPORT VSL", "30", "55", "VSL"),
        ("FRAIS DE SEJOUR", "900", "80", "PJ"),
        ("forfait patient urgences", None, None, "FPU"),
        ("séances orthophonie", None, None, "AMO"),
        ("SOINS INFIRMIERS", "2.65", "60", "AIS"),
        ("BILAN DE SOINS INFIRMIERS", "25", "60", "DI"),
        ("FORFAIT SOINS INFIRMIERS", "18.20", "60", "BSB"),
        ("MAJORATION ACTE UNIQUE INFIRMIER", "1.35", "60", "MAU"),
        ("MAJORATION DE NUIT INFIRMIER", "18.30", "60", "AMI/DEEP-NIGHT"),
        ("C SAGE FEMME", "26.50", "70", "C/MIDWIFE"),
        ("ACTES DE SAGE FEMME", "26.50", "70", "C/MIDWIFE"),
        ("ACTES DE SAGE FEMME", "24", "70", "SF"),
        ("PEDICURE PODOLOGUE", "30", "60", "POD"),
        ("PEDICURE PODOLOGUE", "6.30", "60", "AMP"),
        ("ORTHOPTISTE", "28", "60", "RNO"),
        ("HONORAIRE DE DISPENSATION", "1.02", "65", "HD7"),
        ("HONORAIRE ORDONNANCE", "1.58", "70", "HDA"),
        ("HONORAIRE ORDONNANCE COMPLEXE", "1.02", "100", "HC"),
        ("CURE THERMALE", "500", "65", "SPA"),
        ("SURVEILLANCE MEDICALE THERMALE", "80", "70", "STH"),
        ("FAUTEUIL ROULANT", "6000", "100", "VEH"),
    ],
)
def test_labels_are_told_by_their_words_base_and_rate(label, base, rate, code):
    assert seen(label, base, rate).code == code


def test_a_printed_code_is_believed_before_the_label():
    assert seen("C GENERALISTE", code="CS").code == "CS"
    assert seen("C GENERALISTE Sect1 ( G )").certainty == "exact"
    assert seen("C GENERALISTE", code="CS").certainty == "exact"
    assert seen("ANALYSES", code="B40").code == "B40"


def test_a_code_outside_the_tables_still_tells_its_kind():
    transport = seen("TRANSPORT", code="SMU")
    assert (transport.code, transport.kind) == (None, Kind.TRANSPORT)


def test_medicine_at_a_hundred_per_cent_may_be_any_medicine():
    whole = seen("PHARMACIE", "12.40", "100")
    assert (whole.code, whole.kind, whole.franchise) == (None, Kind.MEDICINE, "drug_box")
    assert set(whole.candidates) == {"PH1", "PH7", "PH4", "PH2"}


def test_the_base_tells_the_sector():
    assert seen("C SPECIALISTE", "23", "70").sector == "2"
    assert seen("C SPECIALISTE", "31.50", "70").sector == "1"
    assert seen("C SPECIALISTE", "27", "70").sector is None
    assert seen("GENERALISTE Sect2", "30", "70").sector == "2"


def test_line_and_json_are_read_alike():
    line = ActLine(
        id="l", beneficiary="A", act="C GENERALISTE", act_date=DAY, paid=Decimal(30), base=Decimal(30),
        rate=Decimal(70), reimbursed=Decimal(21),
    )
    shape = {"act": "C GENERALISTE", "act_date": "2026-10-01", "base": "30.00", "rate": "70"}
    assert recognise(line) == recognise(shape)


@given(st.text(max_size=60))
def test_any_text_is_answered_and_never_with_certainty_from_words(label):
    found = recognise_act(label)
    if found.certainty == "likely":
        assert found.kind is not None
    if found.code is None and found.kind is None:
        assert found == UNKNOWN


def test_every_entry_of_the_table_names_known_codes_and_kinds():
    table = load()
    for entry in table.labels:
        assert set(entry.codes) | set(entry.also) | set(entry.supplements) <= set(ACTS)
        assert not entry.kind or Kind(entry.kind)
    assert all(Kind(kind) for kind in table.other_codes.values())


@pytest.mark.parametrize(
    ("label", "base", "on", "code", "sector"),
    [
        ("C CARDIOLOGUE", "51", date(2021, 3, 1), "CSC", "1"),
        ("C CARDIOLOGUE", "31.50", date(2025, 3, 3), "CS", "1"),
        ("C CARDIOLOGUE", "47.73", date(2025, 3, 3), "CSC", "2"),
        ("C SPECIALISTE", "26.50", date(2025, 3, 3), "CS", "1"),
        ("C SPECIALISTE", "23", date(2025, 3, 3), "CS", "2"),
        ("C SPECIALISTE", "42.50", date(2025, 3, 3), "CNPSY", "2"),
        ("C PSYCHIATRE", "55", date(2025, 3, 3), "CNPSY", "1"),
        ("C PSYCHIATRE", "67", date(2025, 3, 3), "CNPSY", None),
        ("C NEUROLOGUE", "57", date(2026, 3, 2), "CS/NEUROLOGIST", "1"),
        ("C PEDIATRE", "40", date(2026, 3, 2), "CS/PAEDIATRICIAN-UNDER-2", "1"),
        ("EXAMEN OBLIGATOIRE ENFANT", "35", date(2025, 3, 3), "COD", None),
        ("TELEEXPERTISE", None, date(2025, 3, 3), "TE2", None),
    ],
)
def test_the_base_tells_specialists_apart_and_their_sector(label, base, on, code, sector):
    found = seen(label, base, "70", on=on)
    assert (found.code, found.sector) == (code, sector) and found.kind is Kind.DOCTOR


def test_a_specialist_whose_supplements_stand_apart_is_not_taken_for_one_of_sector_2():
    assert seen("C SPECIALISTE", "23", "70", on=date(2023, 3, 1)).sector is None


@pytest.mark.parametrize("code", ["CSC", "CEH", "COK", "CNPSY", "APY", "TE2", "CCE", "VSP", "MDN", "MCE", "MCC", "MMG"])
def test_codes_of_doctors_are_believed_when_printed(code):
    assert (seen("ACTE", code=code).code, seen("ACTE", code=code).certainty) == (code, "exact")


_LABELS = sorted({" ".join(entry.words).replace("*", "S") for entry in load().labels} | {"INCONNU"})
_BASES = sorted({str(entry.value) for parameter in tariffs().parameters.values() for entry in parameter.history
                 if parameter.unit == "EUR" and entry.value < 100} | {"12.34"})  # fmt: skip


@given(
    st.sampled_from(_LABELS), st.none() | st.sampled_from(["G", "CS", "PH7", "AMI 4", "ZZZ"]), st.sampled_from(_BASES),
    st.sampled_from(["70", "65", "30", "60", "100"]), st.dates(date(2015, 1, 1), date(2026, 12, 31)),
)  # fmt: skip
@settings(max_examples=examples(3000), deadline=None)
def test_a_printed_line_is_what_its_label_code_base_and_rate_make_it(
    label: str, code: str | None, base: str, rate: str, on: date
) -> None:
    line: Any = {"act": label, "code": code, "base": base, "rate": rate, "act_date": on.isoformat()}
    assert recognise(line) == recognise_act(label, code, Decimal(base), Decimal(rate), era(on))
