"""The payments page, ``paiements.do``, the anti-forgery token and the PDFs of payments."""

import re
from decimal import Decimal

import pytest

from agent.sandbox.model import SandboxPayment
from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.options import SandboxOptions
from tests.agent.sandbox.conftest import Visit
from tests.agent.sandbox.household import TODAY, household
from tests.agent.sandbox.visitor import ASSURE, BASE, PlainPapers, Visitor, first, has, row_arguments, text, tree

DO = f"{BASE}/PortailAS/paiements.do"
PAGE = ASSURE + "as_paiements_page"
DATED = {"actionEvt": "afficherPaiementsComplementaires", "idNoCache": "1", "DateDebut": "01/05/2026",
         "DateFin": "23/11/2026", "Beneficiaire": "tout_selectionner"}


async def _inside(person: Visitor) -> Visitor:
    await person.sign_in()
    return person


async def _table(person: Visitor, **params: str) -> str:
    return str((await person.listing(**params)).json()["tableauPaiement"])


async def _detail(person: Visitor, rank: int) -> str:
    row = tree(await _table(person)).css("li.rowitem")[rank]
    name, nature, group, index = row_arguments(row)
    answer = await person.get(DO, params={
        "actionEvt": "chargerDetailPaiements", "idPaiement": name, "naturePaiement": nature, "indexGroupe": group,
        "indexPaiement": index, "idNoCache": "2"}, headers={"_ct": await person.token()})
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


async def test_the_page_says_which_days_it_shows(visit: Visit) -> None:
    page = await (await _inside(visit())).get(PAGE)
    start, end = first(page, "input#paiements_1dateDebut"), first(page, "input#paiements_1dateFin")
    assert (start.attributes["data-mindate"], start.attributes["value"]) == ("01/05/2026", "01/10/2026")
    assert (end.attributes["data-maxdate"], end.attributes["value"]) == ("23/11/2026", "23/11/2026")
    for selector in (".boutonLigne", "span.onoffswitch-inner", "#as_paiement_book"):
        assert has(page, selector)
    links = {text(link): link.attributes["href"] for link in tree(page).css("a")}
    assert links["Accéder à mon historique depuis plus de 6 mois"] == "/compte/aspm/releves-mensuels"


@pytest.mark.parametrize(("months", "oldest", "rows"), [
    (6, "01/05/2026", 4), (24, "01/11/2024", 5), (0, "14/02/2023", 6),
])
async def test_the_window_can_be_widened_to_everything(visit: Visit, months: int, oldest: str, rows: int) -> None:
    person = await _inside(visit(window_months=months))
    assert first(await person.get(PAGE), "#paiements_1dateDebut").attributes["data-mindate"] == oldest
    assert len(tree(await _table(person)).css("li.rowitem")) == rows, "the range asked for is clipped to the window"


@pytest.mark.parametrize("event", ["afficherPaiementsComplementaires", "Rechercher"])
async def test_both_events_give_the_list_in_the_single_key(visit: Visit, event: str) -> None:
    answer = await (await _inside(visit())).listing(actionEvt=event)
    assert set(answer.json()) == {"tableauPaiement"}
    assert len(tree(answer.json()["tableauPaiement"]).css("li.rowitem")) == 4


async def test_the_list_was_bare_html_in_2018(visit: Visit) -> None:
    answer = await (await _inside(visit(html="2018"))).listing()
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith('<ul id="unordered_list">')


async def test_rows_stand_in_month_blocks_newest_first_with_everything_programs_read(visit: Visit) -> None:
    table = tree(await _table(await _inside(visit())))
    blocks = table.css("ul#unordered_list > div.blocParMois")
    assert [block.css_first('li[class="rowdate"] span.mois').text() for block in blocks] == [
        "novembre 2026", "octobre 2026", "septembre 2026"]
    assert "moisEnCours" in (blocks[0].css_first(".rowdate .mois").attributes.get("id") or "")
    assert not any("moisEnCours" in block.html for block in blocks[1:])
    assert [row.attributes["id"] for row in table.css("li.rowitem.remboursement")] == [
        "lignePaiement00", "lignePaiement10", "lignePaiement11", "lignePaiement20"]
    row = blocks[1].css("li.rowitem")[1]
    assert row.css_first(".col-date .jour").text() == "13"
    assert row.css_first(".col-date .mois").text() == "oct."
    assert text(row.css_first("div.col-label")) == "Remboursement de soins"
    assert row.css_first(".col-montant span").text() == "40,00 €"
    name, nature, group, index = row_arguments(row)
    assert len(name) == 192
    assert (nature, group, index) == ("REMBOURSEMENT_SOINS", "1", "1")
    link = row.css_first("a.downdetail")
    assert link.attributes["id"] == "liendowndecompte11"
    assert row.css_first('div[class="col-download"] > a').attributes["href"] == link.attributes["href"]
    assert link.attributes["href"] == f"/PortailAS/PDFServletDetailPaiementRS.dopdf?idPaiement={name}"


async def test_text_of_the_account_is_escaped(visit: Visit) -> None:
    row = tree(await _table(await _inside(visit()))).css("li.rowitem")[0]
    assert row.css_first(".col-label b") is None
    assert text(row.css_first(".col-label")) == "Remboursement <b>&'\""


async def test_rows_may_come_oldest_first(visit: Visit) -> None:
    table = tree(await _table(await _inside(visit(order="oldest"))))
    assert [node.text() for node in table.css(".rowdate .mois")] == ["septembre 2026", "octobre 2026", "novembre 2026"]


@pytest.mark.parametrize(("form", "month"), [("short", "oct."), ("long", "octobre"), ("plain", "oct")])
async def test_the_month_of_a_row_has_the_form_asked_for(visit: Visit, form: str, month: str) -> None:
    table = tree(await _table(await _inside(visit(month_form=form))))
    assert table.css("li.rowitem .mois")[1].text() == month


@pytest.mark.parametrize(("options", "amount", "deduction"), [
    ({}, "1234,56 €", "-2,00 €"),
    ({"amount_space": "nbsp"}, "1234,56\u00a0€", "-2,00\u00a0€"),
    ({"amount_space": "narrow", "thousands": True}, "1\u202f234,56\u202f€", "-2,00\u202f€"),
    ({"thousands": True, "minus": "minus"}, "1 234,56 €", "−2,00 €"),
])
async def test_amounts_have_the_form_asked_for(
    visit: Visit, options: dict[str, object], amount: str, deduction: str
) -> None:
    person = await _inside(visit(**options))
    assert tree(await _table(person)).css(".col-montant span")[3].text() == amount
    assert tree(await _detail(person, 2)).css_first("#montantVersePFF0").text() == deduction


async def test_a_range_of_days_is_respected(visit: Visit) -> None:
    person = await _inside(visit())
    assert len(tree(await _table(person, DateDebut="13/10/2026", DateFin="13/10/2026")).css("li.rowitem")) == 2
    empty = tree(await _table(person, DateDebut="14/10/2026", DateFin="14/10/2026"))
    assert empty.css("li.rowitem, .blocParMois") == []


async def test_one_person_s_payments_can_be_asked_for(visit: Visit) -> None:
    person = await _inside(visit())
    rows = tree(await _table(person, Beneficiaire="20150304!-!MARTIN!-!1")).css("li.rowitem .col-montant")
    assert [text(row) for row in rows] == ["40,00 €"]


async def test_without_dates_the_first_call_shows_two_months_and_the_next_everything(visit: Visit) -> None:
    person = await _inside(visit())
    await person.get(PAGE)
    header = {"_ct": await person.token()}
    counts = [
        len(tree((await person.get(DO, params={"actionEvt": "Rechercher"}, headers=header)).json()["tableauPaiement"])
            .css("li.rowitem")) for _ in range(2)
    ]
    assert counts == [3, 4]


async def test_statements_are_linked_in_the_months_when_asked_for(visit: Visit) -> None:
    person = await _inside(visit())
    links = tree(await _table(person, afficherReleves="true")).css("a[id^=lienPDFReleve]")
    assert [link.attributes["href"] for link in links] == [
        "/PortailAS/PDFServletReleveMensuel.dopdf?PDF.moisRecherche=102026",
        "/PortailAS/PDFServletReleveMensuel.dopdf?PDF.moisRecherche=092026"]
    assert (await person.get(BASE + (links[0].attributes["href"] or ""))).content == b"%PDF-1.4 statement 202610"


async def test_the_detail_gives_each_person_a_table_and_the_deductions_apart(visit: Visit) -> None:
    detail = tree(await _detail(await _inside(visit()), 2))
    assert text(detail.css_first("div.entete.container > h2")) == (
        "Paiement effectué le 13/10/2026 pour un montant de 40,00 €")
    containers = detail.css(".container:not(.entete)")
    names = [text(box.css_first("[id^=nomBeneficiaire]")) for box in containers[0:4:2]]
    assert names == ["CLAIRE MARTIN", "TOM MARTIN"]
    assert len(containers) == 5
    table = containers[1].css_first("table#tableauPrestation")
    header, row = table.css("tr")
    assert header.css("th") != []
    nature = row.css_first("[id^=Nature]")
    assert nature.css_first("span.naturePrestation").text() == "C GENERALISTE"
    assert (nature.inner_html or "").split("<br>").pop().strip() == "08/10/2026"
    columns = ("montantPaye", "baseRemboursement", "taux", "montantVerse")
    assert [text(row.css_first(f"[id^={name}]")) for name in columns] == ["30,00 €", "30,00 €", "70%", "21,00 €"]
    deduction = containers[4].css("tr")[1]
    assert [text(deduction.css_first(f"[id^={name}]")) for name in ("naturePFF", "dateActePFF", "montantVerse")] == [
        "participation forfaitaire", "08/10/2026", "-2,00 €"]


async def test_sick_pay_has_its_own_element_and_four_columns(visit: Visit) -> None:
    detail = tree(await _detail(await _inside(visit()), 3))
    heading = text(detail.css_first("detailpaiement > div > h2"))
    assert re.search(r"Paiement effectué le (.*) pour un montant de (.*) €", heading)
    assert [text(cell) for cell in detail.css("tbody td")] == [
        "IJ normalesdu 01/09/2026 au 14/09/2026", "14", "88,18 €", "1234,56 €"]


async def test_care_dates_may_be_missing(visit: Visit) -> None:
    nature = tree(await _detail(await _inside(visit(detail_dates=False)), 2)).css_first("[id^=Nature]")
    assert (nature.inner_html or "").split("<br>").pop().strip() == ""


@pytest.mark.parametrize(("place", "in_row"), [("row", True), ("detail", None), ("nohref", False)])
async def test_the_pdf_s_link_may_be_missing_from_the_row_but_never_from_the_detail(
    visit: Visit, place: str, in_row: bool | None
) -> None:
    person = await _inside(visit(pdf_link=place))
    link = tree(await _table(person)).css("li.rowitem")[2].css_first("[id^=liendowndecompte]")
    assert (link is None) is (in_row is None)
    if link is not None:
        assert ("href" in link.attributes) is in_row
    address = tree(await _detail(person, 2)).css_first(".entete [id^=liendowndecompte]").attributes["href"]
    assert (await person.get(BASE + (address or ""))).content.startswith(b"%PDF-")


@pytest.mark.parametrize(("rank", "servlet"), [(0, "RS"), (1, "PT"), (3, "IJ")])
async def test_each_kind_of_payment_has_its_pdf(visit: Visit, rank: int, servlet: str) -> None:
    person = await _inside(visit())
    address = tree(await _table(person)).css("a.downdetail")[rank].attributes["href"] or ""
    assert f"PDFServletDetailPaiement{servlet}.dopdf" in address
    answer = await person.get(BASE + address)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.4 payment")


async def test_every_payment_s_id_changes_with_the_generation_and_old_ids_are_dead(visit: Visit) -> None:
    person = await _inside(visit())

    async def names() -> list[str]:
        return [row_arguments(row)[0] for row in tree(await _table(person)).css("li.rowitem")]

    before = await names()
    assert before == await names()
    person.sandbox.options.payment_ids += 1
    assert not set(before) & set(await names())
    assert "error" in str((await person.get(
        f"{BASE}/PortailAS/PDFServletDetailPaiementRS.dopdf?idPaiement={before[0]}")).url)


@pytest.mark.parametrize("name", ["", "x", "A" * 192, "é" * 10])
async def test_an_unknown_payment_has_no_detail(visit: Visit, name: str) -> None:
    person = await _inside(visit())
    answer = await person.get(DO, params={
        "actionEvt": "chargerDetailPaiements", "idPaiement": name, "naturePaiement": "REMBOURSEMENT_SOINS",
    }, headers={"_ct": await person.token()})
    assert "Service momentanément indisponible." in answer.text


async def test_the_token_is_eight_groups_of_four(visit: Visit) -> None:
    person = await _inside(visit())
    answer = await person.post(f"{BASE}/PortailAS/JavaScriptServlet", headers={"FETCH-CSRF-TOKEN": "1"})
    assert re.fullmatch(r"_ct:[A-Z0-9]{4}(-[A-Z0-9]{4}){7}", answer.text)
    assert answer.headers["content-type"].startswith("text/plain")
    assert (await person.post(f"{BASE}/PortailAS/JavaScriptServlet")).status_code == 403
    assert "FETCH-CSRF-TOKEN" in (await person.get(f"{BASE}/PortailAS/JavaScriptServlet")).text


async def test_the_token_changes_at_each_page_and_the_previous_one_serves_until_the_next(visit: Visit) -> None:
    person = await _inside(visit())

    async def works(value: str) -> bool:
        return (await person.get(DO, params=DATED, headers={"_ct": value})).status_code == 200

    token = await person.token()
    assert token == await person.token()
    assert await works(token)
    await person.get(PAGE)
    assert await person.token() != token
    assert await works(token)
    await person.get(PAGE)
    assert not await works(token)


@pytest.mark.parametrize("value", [None, "", "AAAA-BBBB"])
async def test_a_list_without_a_good_token_is_403_and_nothing(visit: Visit, value: str | None) -> None:
    person = await _inside(visit())
    answer = await person.get(DO, params=DATED, headers={} if value is None else {"_ct": value})
    assert (answer.status_code, answer.content) == (403, b"")


async def test_or_it_is_a_redirect_to_an_address_with_error_in_it(visit: Visit) -> None:
    answer = await (await _inside(visit(ct_refusal="redirect"))).get(DO, params=DATED)
    assert "error" in str(answer.url)


@pytest.mark.parametrize(("ct", "served"), [("recorded", True), ("strict", False), ("off", True)])
@pytest.mark.parametrize("params", [
    {"actionEvt": "Rechercher", "Beneficiaire": "tout_selectionner", "DateDebut": "23/11/2025"},
    {"actionEvt": "afficherPaiementsComplementaires", "Beneficiaire": "tout_selectionner", "afficherIJ": "true"},
])
async def test_two_recorded_first_calls_bear_no_token_and_are_served_unless_strict(
    visit: Visit, ct: str, served: bool, params: dict[str, str]
) -> None:
    person = await _inside(visit(ct=ct))
    assert ((await person.get(DO, params=params)).status_code == 200) is served
    await person.get(PAGE)
    assert ((await person.get(DO, params=params)).status_code == 200) is (ct == "off"), "not after the payments page"


async def test_without_a_session_nothing_is_listed(visit: Visit) -> None:
    answer = await visit().get(DO, params=DATED)
    assert answer.url.host == "localhost"


def test_a_payment_is_found_by_its_name_without_walking_the_history() -> None:
    one = household().payments[0]
    many = [SandboxPayment(TODAY, one.nature, one.label, Decimal(index)) for index in range(20_000)]
    home = household()
    home.payments = many
    history = Sandbox(home, SandboxOptions(), TODAY, papers=PlainPapers()).service.history
    assert history.find(history.name(19_999, 0), 0) == 19_999
    assert history.find(history.name(19_999, 0), 1) is None
