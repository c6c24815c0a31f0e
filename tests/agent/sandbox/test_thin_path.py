"""The shortest way through the whole service."""

from tests.agent.sandbox.conftest import Visit
from tests.agent.sandbox.visitor import ASSURE, BASE, STATEMENTS, first, has, meta_target, row_arguments, text, tree


async def test_a_person_logs_in_lists_payments_reads_one_and_asks_for_statements(visit: Visit) -> None:
    person = visit()
    landing = await person.sign_in()
    assert "connexioncompte_2actionEvt=connecter" in str(landing.url)
    home = await person.get(meta_target(landing))
    assert has(home, ".deconnexionButton")

    page = await person.get(ASSURE + "as_paiements_page")
    assert first(page, "#paiements_1dateDebut").attributes["data-mindate"] == "01/05/2026"
    listing = (await person.listing()).json()["tableauPaiement"]
    rows = tree(listing).css("li[id^=lignePaiement]")
    assert [text(row.css_first(".col-montant span")) for row in rows] == ["17,50 €", "6,50 €", "40,00 €", "1234,56 €"]

    name, nature, group, rank = row_arguments(rows[2])
    detail = await person.get(f"{BASE}/PortailAS/paiements.do", params={
        "actionEvt": "chargerDetailPaiements", "idPaiement": name, "naturePaiement": nature, "indexGroupe": group,
        "indexPaiement": rank, "idNoCache": "2"}, headers={"_ct": await person.token()})
    assert text(first(detail, "div.entete.container > h2")) == (
        "Paiement effectué le 13/10/2026 pour un montant de 40,00 €")

    app = await person.get(STATEMENTS)
    assert str(app.url) == STATEMENTS, "the sign-on of the portal opens the sub-applications"
    months = (await person.home("202605", "202610")).json()["rubriquesMensuelles"]
    assert [bool(month["releves"]) for month in months] == [False, False, False, False, True, True]
