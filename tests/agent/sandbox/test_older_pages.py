"""The older pages: monthly statements, inbox, attestation, personal details."""

from datetime import date

import pytest

from agent.sandbox.model import Household
from tests.agent.sandbox.conftest import Visit
from tests.agent.sandbox.household import household
from tests.agent.sandbox.visitor import ASSURE, BASE, PlainPapers, Visitor, first, form_fields, has, text, tree

STATEMENTS = ASSURE + "as_releve_mensuel_paiement_page"
MORE = f"{BASE}/PortailAS/portlets/relevemensuelpaiement/relevemensuelpaiement.do?actionEvt=afficherPlusReleves"
INBOX = ASSURE + "as_messages_recus_page"
CERTIFICATE = (f"{BASE}/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_windowLabel=attDroitsAccueil"
               "&attDroitsAccueil_actionOverride=/portlets/accueil/attdroits&_pageLabel=as_accueil_page")
ASKED = {"attDroitsAccueilidBeneficiaire": "FAMILLE", "attDroitsAccueilmentionsComplementaires": "ETM",
         "attDroitsAccueilactionEvt": "confirmer", "attDroitsAccueilblocOuvert": "true"}


async def _inside(person: Visitor) -> Visitor:
    await person.sign_in()
    return person


@pytest.mark.parametrize("markup", ["both", "2025"])
async def test_the_statements_page_of_2025_has_a_block_and_a_button_per_month(visit: Visit, markup: str) -> None:
    person = await _inside(visit(statements=markup))
    page = await person.get(STATEMENTS)
    assert has(page, "#as_paiement_book")
    assert has(page, "#afficherPlusReleves")
    blocks = tree(page).css('ul#unordered_list div[class="blocParMois"]')
    assert [text(block.css_first("p.moisDecompte")) for block in blocks] == ["octobre 2026", "septembre 2026"]
    assert text(blocks[0].css_first('div[class="ReleveMensuelElementFlexSpaceBetween"] p')) == "Relevé mensuel"
    address = (blocks[0].css_first("div.boutonTelechargement[onclick]").attributes["onclick"] or "").split("'")[1]
    assert "PDF.idFichier=" in address
    answer = await person.get(BASE + address)
    assert answer.content == b"%PDF-1.4 statement 202610"
    assert 'filename="ReleveMensuelOctobre2026.pdf"' in answer.headers["content-disposition"]


@pytest.mark.parametrize("markup", ["both", "2023"])
async def test_the_statements_page_of_2023_has_a_row_and_a_link_per_month(visit: Visit, markup: str) -> None:
    person = await _inside(visit(statements=markup))
    rows = [row for row in tree(await person.get(STATEMENTS)).css('ul#unordered_list li[class="rowdate"]')
            if row.css_first('span[class="blocTelecharger"]')]
    assert [(text(row.css_first("span.libelle")), text(row.css_first("span.mois"))) for row in rows] == [
        ("Relevé mensuel", "octobre 2026"), ("Relevé mensuel", "septembre 2026")]
    address = rows[1].css_first('div[class="col-telechargement"] a[href]').attributes["href"] or ""
    assert (await person.get(BASE + address)).content == b"%PDF-1.4 statement 202609"


async def test_each_call_for_more_gives_the_six_months_that_follow_up_to_what_is_kept(visit: Visit) -> None:
    person = await _inside(visit())
    await person.get(STATEMENTS)
    calls = [(await person.get(MORE)).json() for _ in range(5)]
    months = [[count["mois"] for count in call["listeDecomptes"]] for call in calls]
    assert [len(each) for each in months] == [6, 6, 6, 3, 0]
    assert (months[0][0], months[3][-1]) == ("avril 2026", "août 2024")
    paid = [count for call in calls for count in call["listeDecomptes"] if count["montant"]]
    assert [(count["mois"], count["montant"]) for count in paid] == [("janvier 2025", "17,50 €")]
    lines = [line for call in calls for group in call["listePaiements"] for line in group["listeLignesPaiements"]]
    assert [(line["datePaiement"], line["libelleNaturePrestation"]) for line in lines] == [
        ("1 janvier 2025", "Releve Mensuel")]
    assert lines[0]["urlPDF"] == paid[0]["urlPDF"]
    assert (await person.get(BASE + lines[0]["urlPDF"])).content == b"%PDF-1.4 statement 202501"
    await person.get(STATEMENTS)
    assert (await person.get(MORE)).json()["listeDecomptes"][0]["mois"] == "avril 2026", "the page starts again"


@pytest.mark.parametrize("query", ["PDF.idFichier=RM999", "PDF.moisRecherche=082026", "PDF.moisRecherche=022023", ""])
async def test_a_month_without_statement_leads_to_an_error(visit: Visit, query: str) -> None:
    person = await _inside(visit())
    assert "error" in str((await person.get(f"{BASE}/PortailAS/PDFServletReleveMensuel.dopdf?{query}")).url)


async def test_who_draws_a_statement_is_handed_that_month_s_payments_only(visit: Visit) -> None:
    person = await _inside(visit())
    handed: list[int] = []

    class Noting(PlainPapers):
        def statement(self, household: Household, month: date) -> bytes:
            handed.append(len(household.payments))
            return super().statement(household, month)

    person.sandbox.service.papers = Noting()
    await person.get(f"{BASE}/PortailAS/PDFServletReleveMensuel.dopdf?PDF.moisRecherche=102026")
    assert handed == [2]


async def test_the_inbox_has_a_row_per_message_newest_first(visit: Visit) -> None:
    rows = tree(await (await _inside(visit())).get(INBOX)).css("#tableauMessagesRecus tbody tr")
    cells = [row.css("td") for row in rows]
    assert [cell[0].css_first("input").attributes["value"] for cell in cells] == ["M-0002", "M-0001"]
    assert [[text(cell[2]), text(cell[3]), text(cell[4])] for cell in cells] == [
        ["Assurance Maladie", "Votre justificatif", "20/10/26"], ["CPAM DES YVELINES", "Votre demande", "03/09/26"]]
    assert all((cell[4].css_first("a").attributes["href"] or "").startswith(BASE) for cell in cells), "absolute links"


async def test_an_empty_inbox_says_so(visit: Visit) -> None:
    person = visit()
    person.sandbox.service.household.messages.clear()
    page = await (await _inside(person)).get(INBOX)
    assert has(page, ".r_msg_aucun_message")
    assert not has(page, "#tableauMessagesRecus tr")


async def test_a_message_its_pdf_and_its_attachment_can_be_fetched_with_the_token(visit: Visit) -> None:
    person = await _inside(visit())
    inbox = await person.get(INBOX)
    token = await person.token()
    links = [link.attributes["href"] or "" for link in tree(inbox).css("#tableauMessagesRecus td:nth-child(5) a")]
    for link in links:  # reading messages is no page view: one token serves for all of them
        detail = await person.get(link)
        form = first(detail, "form#pdfSimple")
        action = form.attributes["action"] or ""
        assert action.startswith("/")
        assert "?" not in action
        fields = form_fields(detail)
        assert set(fields) == {"idMessage", "telechargementPDF", "nomPDF"}
        parts = {name: (None, value) for name, value in fields.items()}
        answers = [
            await person.post(f"{BASE}{action}?_ct={token}", data=fields),
            await person.post(f"{BASE}{action}?_ct={token}", files=parts),
        ]
        for answer in answers:
            assert answer.content.startswith(b"%PDF-")
            assert "error" not in str(answer.url)
    detail = await person.get(links[0])
    assert "Voir la pièce." in text(first(detail, ".corpsMessage"))
    joined = first(detail, ".telechargement_PJ").attributes["href"] or ""
    assert (await person.get(f"{BASE}{joined}?_ct={token}")).content == b"%PDF-1.4 joint"
    assert not has(await person.get(links[1]), ".telechargement_PJ")


async def test_a_message_read_is_no_longer_new(visit: Visit) -> None:
    person = await _inside(visit())
    link = first(await person.get(INBOX), "#tableauMessagesRecus td a").attributes["href"] or ""
    assert len(tree(await person.get(INBOX)).css("tr.nonlu")) == 2
    await person.get(link)
    assert len(tree(await person.get(INBOX)).css("tr.nonlu")) == 1


@pytest.mark.parametrize("suffix", ["", "?_ct=", "?_ct=AAAA-BBBB"])
async def test_a_download_without_a_good_token_ends_on_an_address_with_error_in_it(visit: Visit, suffix: str) -> None:
    person = await _inside(visit())
    for answer in (
        await person.post(f"{BASE}/PortailAS/messagerie/telechargerMessage.do{suffix}", data={"idMessage": "M-0001"}),
        await person.get(f"{BASE}/PortailAS/messagerie/pieceJointe/M-0002/0{suffix}"),
    ):
        assert "error" in str(answer.url)


async def test_a_message_that_does_not_exist_says_the_service_is_unavailable(visit: Visit) -> None:
    answer = await (await _inside(visit())).get(f"{INBOX}&_windowLabel=messagerie_1&idMessage=M-9999")
    assert "Service momentanément indisponible." in answer.text


@pytest.mark.parametrize("with_token", [True, False])
async def test_the_certificate_is_asked_for_by_a_form_and_fetched_by_its_link(visit: Visit, with_token: bool) -> None:
    person = await _inside(visit())
    token = await person.token()
    fields = ASKED | ({"_ct": token} if with_token else {})
    answer = await person.post(f"{CERTIFICATE}&{token}", data=fields)
    address = first(answer, ".r_lien_pdf").attributes["href"] or ""
    assert (await person.get(BASE + address)).content == b"%PDF-1.4 attestation FAMILLE 2026-11-23"


async def test_the_certificate_can_be_that_of_one_person(visit: Visit) -> None:
    person = await _inside(visit())
    home = await person.get(ASSURE + "as_accueil_page")
    assert has(home, "#attDroitsAccueilattDroitsForm #attDroitsAccueilidBenefs")
    who = tree(home).css("#attDroitsAccueilidBenefs option")[2].attributes["value"] or ""
    answer = await person.send_form(home, attDroitsAccueilidBeneficiaire=who)
    address = first(answer, ".r_lien_pdf").attributes["href"] or ""
    assert (await person.get(BASE + address)).content == b"%PDF-1.4 attestation TOM 2026-11-23"


async def test_a_stale_token_gets_no_certificate(visit: Visit) -> None:
    person = await _inside(visit())
    answer = await person.post(CERTIFICATE, data=ASKED | {"_ct": "AAAA-BBBB"})
    assert answer.status_code == 403


@pytest.mark.parametrize("label", ["as_info_perso_page", "as_info_perso_book"])
@pytest.mark.parametrize("markup", ["both", "2025", "2023"])
async def test_personal_details_can_be_read_in_every_markup(visit: Visit, label: str, markup: str) -> None:
    page = await (await _inside(visit(profile=markup))).get(ASSURE + label)
    assert text(first(page, ".blocNumSecu")).replace(" ", "")[:13] == household().nir
    assert len(text(first(page, ".blocNumSecu")).replace(" ", "")) == 15
    assert text(first(page, "#pageAssure .NomEtPrenomLabel")) == "CLAIRE MARTIN"
    assert [text(name) for name in tree(page).css(".NomEtPrenomLabel")] == ["CLAIRE MARTIN", "TOM MARTIN"]
    assert text(first(page, "#idAssure .blocNomPrenom .nom")) == "CLAIRE"
    assert text(first(page, "#idAssure .blocNomPrenom .dateNaissance")) == "12/05/1985"
    if markup != "2025":
        assert text(first(page, "button#idAssure td.dateNaissance > span")) == "12/05/1985"
    address = text(first(page, "[onclick*=as_adresse_postale] > .infoDroite > span:nth-child(1)"))
    assert address == "12 RUE DES LILAS 78000 VERSAILLES"
    block = text(first(page, 'div[title="Modifier mon adresse postale"] .infoDroite'))
    assert ("Cet élément est modifiable" in block) is (markup == "2025")
    pairs = {text(label): text(label.next) for label in tree(page).css("div.infoGauche") if label.next}
    assert pairs["Téléphone portable"] == ("06 12 34 56 78" if markup == "2023" else "06 ** ** ** 78")
    assert has(page, "div.infoGauche + div.infoDroite > span")


async def test_the_address_page_exists_and_unknown_labels_show_the_home_page(visit: Visit) -> None:
    person = await _inside(visit())
    assert "adresse postale" in text(first(await person.get(ASSURE + "as_adresse_postale"), "h1"))
    assert "Bonjour" in text(first(await person.get(ASSURE + "as_inconnue_page"), "h1"))
