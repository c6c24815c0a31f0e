"""Who paid: every fund and insurer of the data in every way banks write it, and nobody who is only like one."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.files.formats.bank.labels import payer_of, plain
from agent.files.formats.bank.payers import Fund, funds, insurers
from tests.thoroughness import examples

BEFORE = ["", "VIR ", "VIR SEPA ", "VIREMENT DE ", "VIR INST ", "VIR SEPA RECU /DE ", "VIREMENT EN VOTRE FAVEUR "]
BEHIND = ["", " 262520001234", " /MOTIF REMB SOINS M DURAND", " REMBT SOINS", " POUR M MARTIN"]
FUNDS = funds().funds
SHORT = {kind.kind: kind.short[0] for kind in funds().kinds if kind.kind != "cssm"}
LONG = {kind.kind: kind.long[0] for kind in funds().kinds}


def _ways(fund: Fund, place: str) -> list[str]:
    squashed = re.sub("[^A-Za-z]", "", plain(place))
    ways = []
    if fund.kind in SHORT:
        short = SHORT[fund.kind]
        dotted, apart = ".".join(short) + ".", " ".join(short)
        ways += [f"{name} {joint}{place}" for name in (short, dotted, apart) for joint in ("", "DE ", "DU ", "DE L'")]
        ways += [short, dotted, apart, short + fund.number, f"{short} {fund.number}", f"{short}{fund.number}1",
                 short + squashed, f"{short}DE{squashed}", f"{short}{squashed[:5]}", f"{short} - {place}",
                 f"{dotted}{place}"]
    long = LONG[fund.kind]
    return [*ways, f"{long} {place}", f"{long} de {place}", long, plain(long).replace(" ", "")]


def test_every_department_has_its_fund_and_no_line_stands_twice() -> None:
    numbers = {fund.number for fund in FUNDS}
    departments = {f"{number:02d}" for number in range(1, 96) if number != 20} | {"2A", "2B"}
    assert numbers == departments | {"971", "972", "973", "974", "976"}
    assert len({(fund.kind, *fund.places) for fund in FUNDS}) == len(FUNDS)
    assert sum(fund.kind == "cpam" and fund.places not in (["Nord"], ["Pas-de-Calais"], ["Seine-Maritime"],
               ["Pyrénées-Atlantiques"]) for fund in FUNDS) >= 99


@pytest.mark.parametrize("fund", FUNDS, ids=lambda fund: f"{fund.kind}-{fund.number}-{plain(fund.places[0])}")
def test_a_fund_is_known_however_it_is_written(fund: Fund) -> None:
    missed = [label for place in fund.places for label in _ways(fund, place) if payer_of(label) != "fund"]
    assert missed == []


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(FUNDS), st.sampled_from(BEFORE), st.sampled_from(BEHIND), st.booleans(), st.data())
def test_what_a_bank_puts_around_a_fund_changes_nothing(
    fund: Fund, before: str, behind: str, small: bool, data: st.DataObject,
) -> None:
    way = data.draw(st.sampled_from(_ways(fund, data.draw(st.sampled_from(fund.places)))))
    label = before + way + behind
    assert payer_of(label.lower() if small else label) == "fund"


@pytest.mark.parametrize("label", [
    "CAISSE PRIM. ASS. MALADIE DU VAR", "VIREMENT CAISSE PRIMAIRE ASSURA", "CAISSE PRIMA", "VIR CSS MAYOTTE",
    "C.S.S. MAYOTTE", "CAISSE GENERALE DE SECU", "CAISSE GEN SEC SOC REUNION", "CAIS. PRIM. ASS. MAL. PARIS",
    "VIR CSSM", "VIR CGSS974", "CCSS 48", "CPAM75PARIS", "CPAM_PARIS", "VIRCPAM PARIS", "VIR CGSS PENSION INVALIDITE",
    "VIR CPAM DE PARIS PENSION INVALIDITE", "VIREMENT POUR M DURAND CPAM DE PARIS",
])
def test_words_of_a_fund_may_be_short_or_cut(label: str) -> None:
    assert payer_of(label) == "fund"


@pytest.mark.parametrize("label", [
    # another word, or other letters
    "VIR CPAMPERS", "SCPAM PARIS", "CPAMA", "VIR CAISSE PRIMEURS", "CAISSE DES ECOLES", "CGSSX", "CPAM123456",
    # the fund's staff and their pay
    "VIR CPAM77COMITE", "CPAM DE PARIS SALAIRE", "CPAM 92 PAIE NOVEMBRE", "CSE CPAM DU RHONE",
    # other bodies, and what bodies with several branches pay besides
    "VIR CAF DES YVELINES", "VIR C.A.F. PARIS", "CAISSE D'ALLOCATIONS FAMILIALES DU NORD", "VIR MSA PROVENCE",
    "MUTUALITE SOCIALE AGRICOLE", "CNMSS TOULON", "CRAMIF", "CARSAT NORD PICARDIE", "VIR CNAV", "L ASSURANCE RETRAITE",
    "VIR AGIRC ARRCO", "IRCANTEC PENSION", "URSSAF", "CGSS REUNION RETRAITE", "CSSM ALLOCATIONS FAMILIALES",
    "CCSS LOZERE PRESTATIONS FAMILIALES", "CCSS MONACO", "VIR CAF 75 MOTIF CPAM",
    # pensions and other business of those who insure health
    "AG2R LA MONDIALE RETRAITE", "MALAKOFF HUMANIS AGIRC-ARRCO", "KLESIA RET COMPL", "PRO BTP PENSION",
    "APICIL ALLOC", "MGEN SALAIRE", "MACIF SINISTRE AUTO", "VIR AXA", "ALLIANZ HABITATION", "MAIF", "GENERALI RENTE",
    # amounts and common words
    "VIR M DURAND MNT 120,00", "MNT: 45.00", "CB ALANYA", "VIR AVRIL LOYER", "VIR RADIANCE COIFFURE",
])
def test_whoever_is_only_like_a_fund_or_an_insurer_stays_out(label: str) -> None:
    assert payer_of(label) is None


@pytest.mark.parametrize("name", [*insurers().alone, "Alan", "Capron", "Mgen", "Harmonie Mutuelle", "CPAM", "Humanis"])
@pytest.mark.parametrize("form", ["VIR M {} MARTIN", "VIR MME {0}", "M. PAUL {0}", "VIR DE MR DURAND {0}",
                                  "/DE PAUL MARTIN /MOTIF {0}", "VIR SEPA RECU /DE DUPONT MARIE /MOTIF REMB {0}"])
def test_a_person_with_such_a_name_or_who_writes_one_stays_out(name: str, form: str) -> None:
    assert payer_of(form.format(name)) is None


@pytest.mark.parametrize("name", insurers().names)
def test_an_insurer_is_known_its_words_apart_or_together(name: str) -> None:
    for label in (f"VIR {name}", f"VIR SEPA {plain(name).replace(' ', '')} 2612", f"{name} REMB SANTE", f"/DE {name}"):
        assert payer_of(label) == "top_up", label


@pytest.mark.parametrize("name", insurers().with_health)
def test_an_insurer_of_everything_is_meant_with_a_word_of_health_only(name: str) -> None:
    assert payer_of(f"VIR {name} SANTE") == "top_up"
    assert payer_of(f"VIR {name} REMB SOINS") == "top_up"
    assert payer_of(f"VIR {name} REF 2612") is None
    assert payer_of(f"VIR {name} SANTE RENTE") is None


@pytest.mark.parametrize("name", insurers().alone)
def test_an_insurer_called_like_people_is_meant_alone_or_with_words_of_health(name: str) -> None:
    assert payer_of(f"VIR {name}") == payer_of(f"VIR SEPA RECU /DE {name} REMBOURSEMENT 123") == "top_up"
    assert payer_of(f"VIR {name} MARTIN") is None


@pytest.mark.parametrize("name", funds().special_schemes)
def test_the_fund_of_a_trade_may_be_the_one_that_pays_and_is_never_a_riddle(name: str) -> None:
    assert payer_of(f"VIR SEPA {name} 2612") == "maybe"
    assert payer_of(f"{name} RETRAITE") is None
    assert payer_of(f"VIR M DURAND {name}") is None


@pytest.mark.parametrize("name", funds().others)
def test_others_are_left_out_whatever_they_write(name: str) -> None:
    assert payer_of(f"VIR {name} 2612") is None
    assert payer_of(f"VIR {name} ASSURANCE MALADIE") is None
