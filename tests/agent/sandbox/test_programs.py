"""What programs written for the real service look for and do, each on its own: their calls, their selectors."""

import base64
import json
import re
from urllib.parse import quote, urlencode

import httpx
import pytest

from tests.agent.sandbox.conftest import Visit
from tests.agent.sandbox.household import NIR, PASSWORD
from tests.agent.sandbox.visitor import (
    ASSURE,
    BASE,
    REST,
    SHOW,
    STATEMENTS,
    Visitor,
    first,
    form_fields,
    has,
    row_arguments,
    text,
    tree,
)

FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def _script_string(onclick: str) -> str:
    found = re.search(r"""['"]([^'"]*)['"]""", onclick)
    assert found
    return found[1]


@pytest.mark.parametrize("form_id", ["connexioncompte_2connexionCompteForm", "lformLogin"])
async def test_woob_signs_in_with_a_code_through_the_form_of_either_id(visit: Visit, form_id: str) -> None:
    person = visit(otp=True, waf="on")
    person.http.headers.update(FIREFOX)
    show = f"{BASE}/PortailAS/appmanager/PortailAS/assure?_nfpb=true&connexioncompte_2actionEvt=afficher"

    def fields(page: httpx.Response) -> dict[str, str]:
        # Its parser knows no template: it sees both forms and takes one by its id.
        markup = page.text.replace("<template>", "<div>").replace("</template>", "</div>")
        form = first(markup, f"form#{form_id}")
        return {
            field.attributes["name"] or "": field.attributes["value"] or "" for field in form.css("input[name][value]")
            if field.attributes["type"] not in ("submit", "checkbox")
        }

    page = await person.get(show)
    for values in (
        {"user": NIR, "password": PASSWORD, "timezone": "2"},
        {"authStep": "ENVOI_OTP", "envoiOTP": "Recevoir un code de sécurité"},
    ):
        assert has(page, "div#loginPage")
        page = await person.post(str(page.url), data={**fields(page), **values})
        assert not has(page, "div#loginPage div.zone-alerte:not(.hidden) > span")
    assert fields(page)["authStep"] == "SAISIE_OTP"
    digits = {f"numOTP{rank}": digit for rank, digit in enumerate(person.last_code(), 1)}
    page = await person.post(str(page.url), data={**fields(page), **digits, "enrolerDevice": "on"})
    assert person.http.cookies.get("trustConnect0")
    assert str(page.url) == f"{ASSURE}as_login_page&connexioncompte_2actionEvt=connecter"
    meta = first(page, 'div[class="wlp-bighorn-window-content"] meta')
    assert "as_accueil_page" in (meta.attributes["content"] or "")


async def test_woob_lists_payments_statements_and_the_person_without_a_token(visit: Visit) -> None:
    person = visit()
    await person.sign_in()
    details = await person.get(ASSURE + "as_info_perso_page")
    assert not has(details, "div.tetiere-connexion")
    assert text(first(details, 'div#pageAssure span[class="NomEtPrenomLabel"]')) == "CLAIRE MARTIN"
    assert text(first(details, 'button#idAssure td[class="dateNaissance"]')) == "12/05/1985"
    newest = details.text.replace("template>", "section>")
    assert text(first(newest, 'ul#pageAssure span[class="NomEtPrenomLabel"]')) == "CLAIRE MARTIN"
    assert text(first(newest, 'button#idAssure div[class="dateNaissance"]')) == "12/05/1985"
    assert text(first(newest, "span#phone-portable")) == "06 ** ** ** 78"
    assert text(first(newest, "span.infoGauche + span > span")) == "12 RUE DES LILAS 78000 VERSAILLES"

    answer = await person.get(f"{BASE}/PortailAS/paiements.do", params={
        "Beneficiaire": "tout_selectionner", "DateDebut": "23/11/2025", "DateFin": "23/11/2026",
        "actionEvt": "Rechercher", "afficherIJ": "false", "afficherInva": "false", "afficherPT": "false",
        "afficherRS": "false", "afficherReleves": "false", "afficherRentes": "false", "idNoCache": "1795000000000"})
    rows = tree(json.loads(answer.content)["tableauPaiement"]).css("ul#unordered_list li.rowitem")
    assert len(rows) == 4
    for row in rows:
        link = row.css_first('div[class="col-download"] > a').attributes["href"] or ""
        assert re.search(r"idPaiement=(.*)", link)
        assert (await person.get(BASE + link)).content.startswith(b"%PDF-")
        assert " ".join(text(span) for span in row.css(".col-date > span")) in {"20 nov.", "13 oct.", "18 sept."}

    page = await person.get(ASSURE + "as_releve_mensuel_paiement_page")
    for block in tree(page).css('ul#unordered_list div[class="blocParMois"]'):
        address = _script_string(block.css_first("div.boutonTelechargement").attributes["onclick"] or "")
        assert (await person.get(BASE + address)).content.startswith(b"%PDF-")
    more = [(await person.get(
        f"{BASE}/PortailAS/portlets/relevemensuelpaiement/relevemensuelpaiement.do?actionEvt=afficherPlusReleves"
    )).json() for _ in range(3)]
    lines = [line for part in more for group in part["listePaiements"] for line in group["listeLignesPaiements"]]
    assert [(line["libelleNaturePrestation"], line["urlPDF"] == line["urlPdf"]) for line in lines] == [
        ("Releve Mensuel", True)]


async def test_cozy_s_http_generation_signs_in_with_its_own_bodies(visit: Visit) -> None:
    person = visit(otp=True)
    assert has(await person.get(ASSURE + "as_accueil_page&_somtc=true"), "#id_r_cnx_btn_code"), "session test: not open"
    page = await person.get(SHOW)
    address = str(page.url)
    hidden = {
        f"lmhidden_{name}": first(page, f"#lmhidden_{name}").attributes["value"] or ""
        for name in ("state", "response_type", "scope", "nonce", "redirect_uri", "client_id")
    }
    page = await person.post(address, data=hidden | {
        "url": "", "timezone": "", "lmAuth": "LOGIN", "skin": "cnamts", "user": NIR, "password": PASSWORD,
        "authStep": "", "submit": "me+connecter"})
    assert not tree(page).css('.zone-alerte:not([class*=" "])')
    assert has(page, "#BoutonGenerationOTP")
    spaced = "+".join(re.fullmatch(r"(.)(..)(..)(..)(...)(...)", NIR).groups())  # type: ignore[union-attr]
    shared = (
        "&".join(f"{name}={quote(value, safe='')}" for name, value in hidden.items())
        + f"&url=&timezone=&lmAuth=LOGIN&skin=cnamts&user={spaced}&password={quote(PASSWORD, safe='')}&"
    )
    page = await person.post(address, headers=FORM, content=shared
                             + "authStep=ENVOI_OTP&envoiOTP=Recevoir+un+code+de+s%C3%A9curit%C3%A9")
    assert has(page, "#numOTP1")
    digits = "&".join(f"numOTP{rank}={digit}" for rank, digit in enumerate(person.last_code(), 1))
    page = await person.post(address, headers=FORM, content=shared
                             + f"authStep=SAISIE_OTP&{digits}&enrolerDevice=on&submit=me%2Bconnecter")
    assert len(tree(page).css('[title="Déconnexion du compte ameli"]')) == 1
    assert not has(page, "#nouvelles_cgu_1erreurBoxAccepte")
    assert "affiche_re_accepte_contitions_util=true" not in page.text
    assert has(await person.get(ASSURE + "as_accueil_page&_somtc=true"), "#lienDeconnexionId"), "session test: open"


async def test_cozy_s_http_generation_recognises_a_wrong_pair_and_a_locked_account(visit: Visit) -> None:
    person = visit(otp=True)
    assert len(tree(await person.give_pair(password="faux")).css('.zone-alerte:not([class*=" "])')) == 1
    await person.give_pair(password="faux")
    page = await person.give_pair(password="faux")
    assert "".join(node.text() for node in tree(page).css(".centrepage h1, .centrepage h2")) == "Compte bloqué"


async def test_cozy_s_http_generation_walks_its_whole_round_with_one_token(visit: Visit) -> None:
    person = visit()
    await person.sign_in()
    bills = (f"{BASE}/PortailAS/paiements.do?actionEvt=afficherPaiementsComplementaires&Beneficiaire=tout_selectionner"
             "&afficherReleves=true&afficherIJ=true&afficherPT=false&afficherInva=false&afficherRentes=false"
             "&afficherRS=false&indexPaiement=&")
    await person.get(bills)
    table = (await person.get(bills)).json()["tableauPaiement"]
    token = await person.token()
    page = await person.post(
        f"{BASE}/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_windowLabel=attDroitsAccueil"
        f"&attDroitsAccueil_actionOverride=/portlets/accueil/attdroits&_pageLabel=as_accueil_page&{token}",
        headers=FORM, content=urlencode({
            "attDroitsAccueilidBeneficiaire": "FAMILLE", "attDroitsAccueilmentionsComplementaires": "ETM",
            "attDroitsAccueilactionEvt": "confirmer", "attDroitsAccueilblocOuvert": "true", "_ct": token}))
    assert (await person.get(BASE + (first(page, ".r_lien_pdf").attributes["href"] or ""))).content.startswith(b"%PDF-")
    await person.get(ASSURE + "as_messages_recus_page")
    token = await person.token()
    found = 0
    for rank, block in enumerate(tree(table).css(".blocParMois")):
        assert re.fullmatch(r"\S+ \d{4}", block.css_first(".rowdate .mois").text()), "split on one space"
        for row in tree(table).css(f"[id^=lignePaiement{rank}]"):
            name, nature, group, index = row_arguments(row)
            detail = await person.get(
                f"{BASE}/PortailAS/paiements.do?actionEvt=chargerDetailPaiements&idPaiement={name}"
                f"&naturePaiement={nature}&indexGroupe={group}&indexPaiement={index}&idNoCache=1",
                headers={"_ct": token})
            amount = row.css_first(".col-montant span").text()
            heading = text(first(detail, "h2"))
            assert re.search(rf"Paiement effectué le \d\d/\d\d/\d{{4}} pour un montant de {amount}", heading)
            found += 1
    assert found == 4
    identity = await person.get(ASSURE + "as_info_perso_page")
    assert first(identity, ".blocNomPrenom .nom").text().strip() == "CLAIRE"


@pytest.mark.parametrize("ids", ["2026", "2023"])
async def test_browser_programs_of_2024_and_2025_find_their_way_to_the_code(visit: Visit, ids: str) -> None:
    person = visit(otp=True, ids=ids)
    page = await person.get(f"{BASE}/PortailAS/appmanager/PortailAS/assure")
    assert has(page, "#idWArefuser, #refuseCookie")
    link = first(page, "#id_r_cnx_btn_code").attributes["href"] or ""
    page = await person.get(page.url.join(link))
    number, secret = ("#userfield", "#passwordfield") if ids == "2026" else (
        "#connexioncompte_2nir_as", "#connexioncompte_2connexion_code")
    assert has(page, f"form {number}")
    assert has(page, f"form {secret}")
    assert has(page, "#accepteCookie")
    assert not has(page, "div.zone-alerte:not(.hidden)")
    assert not has(page, "#blocEnvoyerOTP")
    page = await person.send_form(page, user=NIR, password=PASSWORD)
    assert has(page, "#blocEnvoyerOTP")
    assert has(page, "#BoutonGenerationOTP")
    page = await person.ask_code(page)
    assert all(has(page, f"#numOTP{rank}") for rank in range(1, 7))
    assert has(page, "label[for='enrolerDevice']")
    assert has(page, "#id_r_cnx_btn_submit")
    assert not has(page, "div.zone-alerte:not(.hidden)")


async def test_a_parser_that_knows_no_template_finds_the_inputs_of_either_period(visit: Visit) -> None:
    markup = (await visit().get(SHOW)).text.replace("template>", "section>")
    for selector in ("#userfield[name=user]", "#passwordfield", "#connexioncompte_2nir_as[name=user]",
                     "#connexioncompte_2connexion_code[type=password]"):
        assert has(markup, selector)


async def test_the_invoice_collector_reads_every_statement_of_the_older_page(visit: Visit) -> None:
    person = visit()
    await person.sign_in()
    page = await person.get(ASSURE + "as_releve_mensuel_paiement_page")
    assert has(page, "#as_paiement_book")
    assert has(page, "#afficherPlusReleves")
    seen = []
    for month in tree(page).css("div.blocParMois"):
        link = month.css_first("div.boutonTelechargement[onclick]").attributes["onclick"] or ""
        url = httpx.URL(BASE + link.split("'")[1])
        assert url.params["PDF.idFichier"]
        assert re.fullmatch(r"\S+ \d{4}", month.css_first("p.moisDecompte").text())
        assert (await person.get(url)).headers["content-type"] == "application/pdf"
        seen.append(month)
    assert len(seen) == 2


async def _archive(person: Visitor, debut: int, fin: int) -> dict[str, object]:
    answer = await person.get(f"{REST}/home?debutPeriode={debut}&finPeriode={fin}", headers={
        "Accept": "application/json, text/plain, */*", "canal": '{"canal":"PORTAIL","reduction":"ASDS_X"}',
        "x-app-name": "ASDS_X", "x-app-version": "25.40.0", "x-request-engine": "Axios", "x-correlation-id": "c"})
    assert answer.status_code == 200
    payload = answer.json()
    assert isinstance(payload, dict)
    return payload


async def test_the_archive_program_walks_back_by_six_months_until_what_is_kept(visit: Visit) -> None:
    person = visit(otp=True)
    page = await person.get(STATEMENTS)
    for selector in ("#userfield", "#passwordfield", "#id_r_cnx_btn_submit", "#accepteCookie"):
        assert has(page, selector)
    page = await person.sign_in(STATEMENTS)
    words = text(first(page, "body")).lower()
    assert "relevés mensuels" in words
    months: list[dict[str, object]] = []
    for debut, fin in ((202605, 202610), (202511, 202604), (202505, 202510), (202411, 202504), (202408, 202410)):
        payload = await _archive(person, debut, fin)
        months = [*payload["rubriquesMensuelles"], *months]  # type: ignore[misc]
        assert any("retention" in info["identifiant"] and int(info["contenu"]) == 27
                   for info in payload["infosStatiques"])  # type: ignore[attr-defined]
    assert [month["moisAnnee"] for month in months] == sorted(str(month["moisAnnee"]) for month in months)
    assert len(months) == 27
    papers = [paper["identifiant"] for month in months for paper in month["releves"]]  # type: ignore[attr-defined]
    assert len(papers) == 3
    for name in papers:
        answer = await person.get(f"{REST}/pdf/{quote(name, safe='')}", headers={
            "canal": "{}", "x-app-name": "ASDS_X", "x-app-version": "1", "x-request-engine": "Axios",
            "x-correlation-id": "c"})
        assert base64.b64decode(answer.json()["contenu"]).startswith(b"%PDF-")


async def test_the_oldest_programs_still_log_in_when_the_service_plays_their_time(visit: Visit) -> None:
    person = visit(login="legacy", html="2018", ct="off")
    await person.get(SHOW)
    submit = (f"{BASE}/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_windowLabel=connexioncompte_2"
              "&connexioncompte_2_actionOverride=/portlets/connexioncompte/validationconnexioncompte"
              "&_pageLabel=as_login_page")
    page = await person.post(submit, data={
        "connexioncompte_2numSecuriteSociale": NIR, "connexioncompte_2codeConfidentiel": PASSWORD,
        "connexioncompte_2actionEvt": "connecter", "submit": "me+connecter"})
    assert not has(page, "#connexioncompte_2nir_as")
    assert len(tree(page).css('[title="Déconnexion du compte ameli"]')) == 1
    bills = f"{BASE}/PortailAS/paiements.do?actionEvt=afficherPaiementsComplementaires&Beneficiaire=tout_selectionner"
    counts = [len(tree(await person.get(bills)).css("[id^=lignePaiement]")) for _ in range(2)]
    assert counts == [3, 4], "a second call gives more"


async def test_a_visitor_who_only_reads_names_can_fill_the_first_form(visit: Visit) -> None:
    fields = form_fields(await visit().get(SHOW))
    assert {"user", "password", "authStep", "lmAuth", "skin", "url", "timezone"} <= set(fields)
