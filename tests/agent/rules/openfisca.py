"""What OpenFisca-France says of ceilings, the minimum wage, contributions and the C2S, as JSON on standard output.

It runs in an environment of its own, with that package and nothing of the program: `.ci/run` compares what it prints
with ``openfisca.json``, which ``test_openfisca.py`` holds the tables against. To take a newer release in:

    PYTHON_OF_THE_JUDGE tests/agent/rules/openfisca.py > tests/agent/rules/openfisca.json
"""

import json
import sys
from importlib.metadata import version
from itertools import product
from typing import Any

from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_france import FranceTaxBenefitSystem

_SINCE = "2009-01-01"
_C2S = "prestations_sociales.solidarite_insertion.minima_sociaux.cs"
_CSG = "prelevements_sociaux.contributions_sociales.csg.remplacement.indemnites_journalieres"
_RSA = "prestations_sociales.solidarite_insertion.minima_sociaux.rsa"
_PARAMETERS = (
    "prelevements_sociaux.pss.plafond_securite_sociale_mensuel",
    "prelevements_sociaux.pss.plafond_securite_sociale_annuel",
    "marche_travail.salaire_minimum.smic.smic_b_mensuel",
    "prelevements_sociaux.contributions_sociales.crds",
    "prestations_sociales.prestations_etat_de_sante.perte_autonomie_personnes_agees.mtp",
    f"{_CSG}.taux_global", f"{_CSG}.deductible.taux",
    f"{_RSA}.rsa_m.montant_de_base_du_rsa",
    *(f"{_C2S}.cmu.{name}" for name in (
        "plafond_base", "coeff_p2", "coeff_p3_p4", "coeff_p5_plus", "majoration_dom", "abattement_chomage",
        "age_limite_pac")),
    f"{_C2S}.acs.majoration_plafond_acs",
    *(f"{_C2S}.css.forfait_logement_{which}_al.taux_{size}" for which, size in product(
        ("avec", "sans"), ("1p", "2p", "3p_plus"))),
    *(f"{_C2S}.css.montant.{where}.cmu_{ages}" for where, ages in product(
        ("france", "alsace_moselle"),
        ("moins_30_ans", "30_49_ans", "50_59_ans", "60_69_ans", "plus_69_ans"))),
    f"{_C2S}.css.abattements.aah",
)
_MONTHS = ("2018-05", "2019-12", "2021-05", "2022-05", "2022-08", "2023-05", "2024-05")
_HOUSEHOLDS: tuple[dict[str, Any], ...] = (
    {"adults": [35], "children": []}, {"adults": [71], "children": []}, {"adults": [28, 52], "children": []},
    {"adults": [40], "children": [[6, False]]}, {"adults": [33, 34], "children": [[2, False], [9, False]]},
    {"adults": [40], "children": [[4, False], [6, False], [12, False]]},
    {"adults": [45, 61], "children": [[4, False], [6, False], [12, False], [17, False]]},
    {"adults": [40], "children": [[5, True]]},
    {"adults": [40], "children": [[7, True], [6, False], [5, True], [3, True]]},
)
_RESOURCES = (6_000, 11_000, 15_500, 24_000, 40_000)


def _history(system: Any, path: str) -> dict[str, Any]:
    node = system.parameters
    for part in path.split("."):
        node = getattr(node, part)
    values = [(one.instant_str, one.value) for one in reversed(node.values_list)]
    began = max((at for at, (day, _value) in enumerate(values) if day <= _SINCE), default=0)
    checked = node.metadata.get("last_value_still_valid_on")
    return {"values": [[day, repr(value)] for day, value in values[began:] if value is not None],
            "checked_on": None if checked is None else str(checked)}


def _household(system: Any, month: str, overseas: bool, told: dict[str, Any], resources: int) -> dict[str, Any]:
    year = int(month[:4])
    people: dict[str, Any] = {}
    for at, age in enumerate(told["adults"]):
        people[f"adult{at}"] = {"date_naissance": {"ETERNITY": f"{year - age}-01-01"}}
    for at, (age, shared) in enumerate(told["children"]):
        people[f"child{at}"] = {"date_naissance": {"ETERNITY": f"{year - age}-01-0{9 - at}"},
                                "garde_alternee": {month: shared}}
    adults, children = ([name for name in people if name.startswith(kind)] for kind in ("adult", "child"))
    situation = {
        "individus": people,
        "familles": {"f": {"parents": adults, "enfants": children, "css_cmu_base_ressources": {month: resources},
                           "rsa": {month: 0}, "css_cmu_acs_eligibilite": {month: True}}},
        "foyers_fiscaux": {"t": {"declarants": adults, "personnes_a_charge": children}},
        "menages": {"m": {"personne_de_reference": adults[:1], "conjoint": adults[1:], "enfants": children,
                          "residence_reunion": {month: overseas}}},
    }
    run = SimulationBuilder().build_from_entities(system, situation)

    def said(name: str) -> Any:
        return run.calculate(name, month)[0].item()

    found = {
        "month": month, "overseas": overseas, **told, "resources": resources,
        "free": f"{said('cmu_c_plafond'):.2f}", "paid": f"{said('acs_plafond'):.2f}", "free_cover": said("cmu_c"),
    }
    if month >= "2019-11":  # the first month of the paid cover
        found["contribution"] = f"{said('css_participation_forfaitaire_montant'):.2f}"
        found["paid_cover"] = said("css_participation_forfaitaire") > 0
    return found


def main() -> None:
    """Print it."""
    system = FranceTaxBenefitSystem()
    found = {
        "package": f"OpenFisca-France {version('openfisca-france')}",
        "parameters": {path: _history(system, path) for path in _PARAMETERS},
        "households": [
            _household(system, month, overseas, told, resources)
            for at, (month, overseas, told) in enumerate(product(_MONTHS, (False, True), _HOUSEHOLDS))
            for resources in _RESOURCES[at % 2::2]
        ],
    }
    json.dump(found, sys.stdout, indent=None, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
