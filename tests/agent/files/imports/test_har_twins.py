"""Equal payments of one day, recorded in parts: each is kept once, whichever part comes first."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.agent.bench import Bench
from tests.agent.files.imports.test_har import bring, fresh
from tests.agent.files.imports.test_har_pieces import page
from tests.recorder import REAL
from tests.thoroughness import one_in


def listed(*refs: str, person: str = "tout_selectionner") -> dict[str, Any]:
    rows = "".join(
        f'<li id="lignePaiement0{at}" class="rowitem remboursement" onclick="ajaxCallRemoteChargerDetailPaiement('
        f"'{ref}','REMBOURSEMENT_SOINS','0','{at}')\">"
        '<div class="col-date"><span class="jour">5</span> <span class="mois">mars</span></div>'
        '<div class="col-label">Remboursement de soins</div><div class="col-montant"><span>17,50 €</span></div>'
        '<div class="col-download"><a class="downdetail">PDF</a></div></li>' for at, ref in enumerate(refs))
    url = (f"{REAL}/PortailAS/paiements.do?actionEvt=afficherPaiementsComplementaires&DateDebut=01/01/2026"
           f"&DateFin=30/06/2026&Beneficiaire={person}")
    return page(url, '<ul id="unordered_list"><div class="blocParMois"><li class="rowdate"><span class="mois">Mars 2026'
                     f"</span></li>{rows}</div></ul>")


def detail(ref: str, act: str, day: str) -> dict[str, Any]:
    url = (f"{REAL}/PortailAS/paiements.do?actionEvt=chargerDetailPaiements&idPaiement={ref}"
           "&naturePaiement=REMBOURSEMENT_SOINS&indexGroupe=0&indexPaiement=0")
    return page(url, (
        '<div class="entete container"><h2>Paiement effectué le 05/03/2026 pour un montant de 17,50 €</h2></div>'
        '<div class="container"><span id="nomBeneficiaire0">NOAH FAURE</span></div><div class="container">'
        '<table id="tableauPrestation"><thead><tr><th>Nature et date</th><th>Montant payé</th><th>Base</th>'
        '<th>Taux</th><th>Montant versé</th></tr></thead><tbody><tr>'
        f'<td id="Nature00"><span class="naturePrestation">{act}</span><br>{day}</td>'
        '<td id="montantPaye00">17,50 €</td><td id="baseRemboursement00">17,50 €</td>'
        '<td id="taux00">100%</td><td id="montantVerse00">17,50 €</td></tr></tbody></table></div>'))


def har(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": list(entries)}}


DOCTOR, PHARMACY = detail("TW0", "C GENERALISTE", "01/02/2026"), detail("TW1", "PHARMACIE", "02/02/2026")
ONE_PERSON = har(listed("TW1", person="NOAH"), PHARMACY)
OTHER_PERSON = har(listed("TW0", person="INES"), DOCTOR)
WITHOUT_LIST = har(PHARMACY)
EVERYBODY = har(listed("TW0", "TW1"), DOCTOR, PHARMACY)
HALF = har(listed("TW0", "TW1"), DOCTOR)
ROWS_ALONE = har(listed("TW0", "TW1"))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize("order", [
    (ONE_PERSON, EVERYBODY), (EVERYBODY, ONE_PERSON), (OTHER_PERSON, EVERYBODY), (ONE_PERSON, OTHER_PERSON),
    (ONE_PERSON, HALF), (WITHOUT_LIST, HALF), (WITHOUT_LIST, EVERYBODY), (ONE_PERSON, ROWS_ALONE, EVERYBODY),
    (HALF, ONE_PERSON), (ONE_PERSON, OTHER_PERSON, EVERYBODY), (OTHER_PERSON, ONE_PERSON, EVERYBODY, EVERYBODY),
], ids=lambda order: "-".join(next(name for name, one in globals().items() if one is part) for part in order))
async def test_both_payments_are_there_each_once(bench: Bench, order: tuple[dict[str, Any], ...]) -> None:
    store = fresh(bench)
    for part in order:
        assert (await bring(bench, store, part, mine=True)).problems == []  # rows alone name nobody
    acts = sorted(line["act"] for one in store.payments.found() for line in one["lines"])
    assert acts == ["C GENERALISTE", "PHARMACIE"]
    assert all(one["complete"] for one in store.payments.found()) and len(store.payments.found()) == 2


PIECES = {
    "one person": (ONE_PERSON, "P"), "another": (OTHER_PERSON, "C"), "no list": (WITHOUT_LIST, "P"),
    "everybody": (EVERYBODY, "CP"), "half": (HALF, "C"), "rows alone": (ROWS_ALONE, ""),
    "no list, the doctor": (har(DOCTOR), "C"), "the other half": (har(listed("TW0", "TW1"), PHARMACY), "P"),
}
"""What may be recorded of the two, and the care that it tells."""
LISTS = {"everybody", "half", "rows alone", "the other half"}


@pytest.mark.parametrize("order", one_in(16, ((order,) for size in (2, 3) for order in permutations(PIECES, size))),
                         ids=", ".join)
async def test_in_any_order_each_keeps_its_own_care(bench: Bench, order: tuple[str, ...]) -> None:
    store = fresh(bench)
    for name in order:
        assert (await bring(bench, store, PIECES[name][0], mine=True)).problems == []
    payments = store.payments.found()
    care = {sign for name in order for sign in PIECES[name][1]}
    assert sorted(line["act"][0] for payment in payments for line in payment["lines"]) == sorted(care)
    assert len(payments) == (2 if LISTS & set(order) else max(1, len(care)))


async def test_the_whole_list_decides_which_is_which(bench: Bench) -> None:
    parts, whole = fresh(bench, "parts"), fresh(bench, "whole")
    await bring(bench, parts, ONE_PERSON)
    await bring(bench, parts, EVERYBODY)
    await bring(bench, whole, EVERYBODY)
    assert parts.payments.found() == whole.payments.found()
