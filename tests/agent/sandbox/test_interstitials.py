"""What can stand between a good login and the data."""

import pytest

from tests.agent.sandbox.conftest import Visit
from tests.agent.sandbox.visitor import ASSURE, BASE, first, has, meta_target, text

MEMBER = ".deconnexionButton"


@pytest.mark.parametrize(("standing", "label"), [
    ("none", "as_accueil_page"),
    ("cgu", "as_conditions_generales_page"),
    ("alerte", "as_alerte_page"),
    ("mail", "as_saisie_mail_connexionencours_page"),
    ("newpassword", "as_modif_code_perso_ameli_apres_reinit_page"),
    ("plustard", "as_accueil_page"),
])
async def test_the_landing_page_s_meta_names_what_comes_next(visit: Visit, standing: str, label: str) -> None:
    assert meta_target(await visit(interstitial=standing).sign_in()) == ASSURE + label


async def test_new_terms_let_payments_be_read_but_no_certificate_be_made(visit: Visit) -> None:
    person = visit(interstitial="cgu")
    landing = await person.sign_in()
    assert "affiche_re_accepte_contitions_util=true" in landing.text
    terms = await person.get(meta_target(landing))
    assert "conditions générales" in text(first(terms, "div.page_nouvelles_cgus p"))
    assert has(terms, "#nouvelles_cgu_1erreurBoxAccepte")
    assert has(await person.get(ASSURE + "as_paiements_page"), "#as_paiement_book")
    assert (await person.listing()).status_code == 200
    answer = await person.post(
        ASSURE + "as_accueil_page&_windowLabel=attDroitsAccueil", data={"attDroitsAccueilactionEvt": "confirmer"})
    assert not has(answer, ".r_lien_pdf")
    pdf = await person.get(f"{BASE}/PortailAS/PDFServletAttestationDroits.dopdf")
    assert "error" in str(pdf.url)


async def test_details_to_confirm_can_be_passed_by(visit: Visit) -> None:
    person = visit(interstitial="alerte")
    alert = await person.get(meta_target(await person.sign_in()))
    assert "à jour" in text(first(alert, "h1"))
    assert has(await person.get(ASSURE + "as_paiements_page"), "#as_paiement_book")


@pytest.mark.parametrize(("standing", "label"), [
    ("mail", "as_saisie_mail_connexionencours_page"),
    ("newpassword", "as_modif_code_perso_ameli_apres_reinit_page"),
])
async def test_an_address_to_confirm_or_a_password_to_change_cannot_be_passed_by(
    visit: Visit, standing: str, label: str
) -> None:
    person = visit(interstitial=standing)
    landing = await person.sign_in()
    assert not has(landing, MEMBER), "programs conclude from the missing log-out link that something stands between"
    assert text(first(landing, ".centrepage h1")) == "Connexion en cours"
    page = await person.get(ASSURE + "as_paiements_page")
    assert label in str(page.url)
    assert not has(page, "#as_paiement_book")


async def test_a_new_password_to_choose_is_named_in_the_page(visit: Visit) -> None:
    person = visit(interstitial="newpassword")
    assert "modif_code_perso_ameli_apres_reinit" in (await person.sign_in()).text


async def test_the_later_page_comes_once_and_asking_again_passes_it(visit: Visit) -> None:
    person = visit(interstitial="plustard")
    await person.sign_in()
    wanted = ASSURE + "as_info_perso_book"
    assert has(await person.get(wanted), "input.boutonComplementaireBlanc[value='Plus tard']")
    assert has(await person.get(wanted), ".blocNumSecu")


async def test_the_campaign_pop_up_stands_on_the_home_page(visit: Visit) -> None:
    person = visit(campaign=True)
    home = await person.get(meta_target(await person.sign_in()))
    assert has(home, "#idBoutonFermerFenetreModale")
    assert has(home, MEMBER)
