"""The tables and the C2S against an outside judge: what OpenFisca-France says, kept in ``openfisca.json``.

The package itself is asked by `.ci/run`, in an environment of its own, whether it still says the same. Where it differs
from the tables, ``_DIFFERENCES`` says who is right and why.
"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from agent.procedures.c2s_ceilings import ceiling
from agent.procedures.c2s_entitlement import Income, Person, assess
from config.tariffs import load, value

JUDGE: dict[str, Any] = json.loads(Path(__file__).with_name("openfisca.json").read_text("utf-8"))
_FIRST, _LAST = date(2010, 1, 1), date(2026, 11, 30)
_C2S = "prestations_sociales.solidarite_insertion.minima_sociaux.cs"
_CSG = "prelevements_sociaux.contributions_sociales.csg.remplacement.indemnites_journalieres"
_AGES = {
    "under_30": "moins_30_ans", "30_to_49": "30_49_ans", "50_to_59": "50_59_ans", "60_to_69": "60_69_ans",
    "from_70": "plus_69_ans",
}
_SAME: dict[str, tuple[str, str, int]] = {
    # parameter of the tables: that of the package, what it is multiplied by, what is added
    "sick_pay.month_ceiling": ("prelevements_sociaux.pss.plafond_securite_sociale_mensuel", "1", 0),
    "sick_pay.year_ceiling": ("prelevements_sociaux.pss.plafond_securite_sociale_annuel", "1", 0),
    "sick_pay.smic_month": ("marche_travail.salaire_minimum.smic.smic_b_mensuel", "1", 0),
    "sick_pay.csg_deductible": (f"{_CSG}.deductible.taux", "100", 0),
    "invalidity.third_person": (
        "prestations_sociales.prestations_etat_de_sante.perte_autonomie_personnes_agees.mtp", "1", 0),
    "c2s.rsa": (
        "prestations_sociales.solidarite_insertion.minima_sociaux.rsa.rsa_m.montant_de_base_du_rsa", "1", 0),
    "c2s.free_1": (f"{_C2S}.cmu.plafond_base", "1", 0),
    "c2s.share_second": (f"{_C2S}.cmu.coeff_p2", "1", 0),
    "c2s.share_third": (f"{_C2S}.cmu.coeff_p3_p4", "1", 0),
    "c2s.share_more": (f"{_C2S}.cmu.coeff_p5_plus", "1", 0),
    "c2s.overseas_factor": (f"{_C2S}.cmu.majoration_dom", "1", 1),
    "c2s.paid_factor": (f"{_C2S}.acs.majoration_plafond_acs", "1", 1),
    "c2s.earnings_allowance": (f"{_C2S}.cmu.abattement_chomage", "100", 0),
    "c2s.dependant_age": (f"{_C2S}.cmu.age_limite_pac", "1", 0),
    "c2s.aah_allowance": (f"{_C2S}.css.abattements.aah", "1", 0),
    **{f"c2s.housing_aid_{at}": (f"{_C2S}.css.forfait_logement_avec_al.taux_{size}", "100", 0)
       for at, size in ((1, "1p"), (2, "2p"), (3, "3p_plus"))},
    **{f"c2s.housed_{at}": (f"{_C2S}.css.forfait_logement_sans_al.taux_{size}", "100", 0)
       for at, size in ((1, "1p"), (2, "2p"), (3, "3p_plus"))},
    **{f"c2s.price_{ours}{more}": (f"{_C2S}.css.montant.{where}.cmu_{theirs}", "1", 0)
       for ours, theirs in _AGES.items() for more, where in (("", "france"), ("_alsace_moselle", "alsace_moselle"))},
}


class Difference(NamedTuple):
    """Where the tables and the package say different things from a day on."""

    ours: str
    theirs: str
    why: str
    """Who is right, and why."""


_DIFFERENCES: dict[tuple[str, date], Difference] = {
    ("c2s.free_1", date(2020, 4, 1)): Difference(
        "9032", "8951", "The tables: service-public F3079 printed 9 032 and 10 053 overseas; the package has no step of"
        " April 2020."),
    ("c2s.free_1", date(2025, 4, 1)): Difference(
        "10339", "10166", "The tables: efl.fr and others print 10 339; the package was last checked in May 2024."),
    ("c2s.free_1", date(2026, 4, 1)): Difference(
        "10421", "10166", "Nobody surely: the tables take one public simulator's figure, and call it an estimate."),
    ("invalidity.third_person", date(2024, 4, 1)): Difference(
        "1266.60", "1210.9", "The tables: the package has no step of April 2024, but its own coefficient of that month"
        " (1.046) gives 1 266.60, and 1.017 more its 1 288.13 of 2025."),
}


def _theirs(path: str, day: date, times: str, more: int) -> Decimal | None:
    known = [one for since, one in JUDGE["parameters"][path]["values"] if since <= day.isoformat()]
    # The package keeps some sums unrounded, an hour's wage times the hours of a month.
    return round(Decimal(known[-1]), 4 if times == "100" or more else 2) * Decimal(times) + more if known else None


def _days(name: str, path: str) -> list[date]:
    ours = {entry.since for entry in load().parameter(name).history}
    theirs = {date.fromisoformat(since) for since, _value in JUDGE["parameters"][path]["values"]}
    return sorted(day for day in ours | theirs | {_FIRST} if _FIRST <= day <= _LAST)


def _differing(name: str) -> dict[tuple[str, date], tuple[Decimal, Decimal]]:
    path, times, more = _SAME[name]
    found = {}
    for day in _days(name, path):
        theirs = _theirs(path, day, times, more)
        if theirs is not None and load().known(name, day) and value(name, day) != theirs:
            found[name, day] = value(name, day), theirs
    return found


@pytest.mark.parametrize("name", sorted(_SAME))
def test_a_table_says_what_the_judge_says_but_for_the_differences_explained(name: str) -> None:
    expected = {
        place: (Decimal(one.ours), Decimal(one.theirs)) for place, one in _DIFFERENCES.items() if place[0] == name}
    assert _differing(name) == expected
    assert all(len(one.why) > 40 for one in _DIFFERENCES.values())


def test_what_is_taken_from_sick_pay_is_the_judges_two_contributions() -> None:
    path = f"{_CSG}.taux_global", "prelevements_sociaux.contributions_sociales.crds"
    for year in range(2010, 2027):
        day = date(year, 6, 1)
        both = [_theirs(one, day, "100", 0) for one in path]
        assert value("sick_pay.contributions", day) == sum(one for one in both if one is not None)


def _people(told: dict[str, Any]) -> list[Person]:
    year = int(told["month"][:4])
    adults = [Person(f"A{at}", date(year - age, 1, 1)) for at, age in enumerate(told["adults"])]
    children = [
        Person(f"C{at}", date(year - age, 1, 9 - at), shared) for at, (age, shared) in enumerate(told["children"])]
    return [*adults, *children]


def _label(told: dict[str, Any]) -> str:
    where = "overseas" if told["overseas"] else "mainland"
    return f"{told['month']}, {len(told['adults'])} + {len(told['children'])}, {where}, {told['resources']}"


@pytest.mark.parametrize("told", JUDGE["households"], ids=_label)
def test_the_c2s_of_a_household_is_the_judges(told: dict[str, Any]) -> None:
    on, people = date.fromisoformat(told["month"] + "-15"), _people(told)
    assert told["month"] < "2020-04" or told["month"] > "2021-03", "the package has no ceiling of that year"
    shared = [at for at, person in enumerate(people) if person.shared]
    # The package rounds the whole once; the printed tables round each step, or add as many times "each more".
    margin = Decimal(3)
    for kind in ("free", "paid"):
        ours = ceiling(len(people), on, paid=kind == "paid", overseas=told["overseas"], shared=shared)
        assert abs(ours.amount - Decimal(told[kind])) <= margin
        assert abs(told["resources"] - Decimal(told[kind])) > margin, "too close to tell"
    if "contribution" not in told:
        return  # the paid cover had not begun
    found = assess(people, [Income("wages", (Decimal(told["resources"]), *[Decimal(0)] * 11))], "rent", on,
                   overseas=told["overseas"])
    assert (found.status == "free") is told["free_cover"]
    assert (found.status == "paid") is told["paid_cover"]
    if found.status == "paid":
        assert found.contribution == Decimal(told["contribution"])


def test_the_judge_was_asked_of_enough() -> None:
    assert JUDGE["package"].startswith("OpenFisca-France ")
    assert len(JUDGE["households"]) > 250
    paid = [told for told in JUDGE["households"] if told.get("paid_cover")]
    assert len(paid) > 20 and any(told["overseas"] for told in paid)
    assert ceiling(1, date(2024, 5, 15)).amount == 10166
