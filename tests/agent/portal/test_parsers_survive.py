"""No page, however broken, does worse to a parser than make it say that the portal changed."""
# ruff: noqa: E501 - pages stand as the service writes them

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.portal.errors import EmailToConfirm, Outage, PasswordExpired, PortalChanged, UnknownBeneficiary
from agent.portal.http.client import Reply
from agent.portal.http.csrf import read_token
from agent.portal.http.interstitials import screen
from agent.portal.http.origins import Origins
from agent.portal.pages.attestation import find_person
from agent.portal.pages.html import parse
from agent.portal.pages.inbox import read_body, read_inbox
from agent.portal.pages.payment_detail import Detail, read_detail
from agent.portal.pages.payments import BATCH, read_list
from agent.portal.pages.profile import read_profile
from agent.portal.pages.statements import read_months, read_pdf
from agent.portal.sign_in import Form
from tests.thoroughness import examples

LIST = """<ul id="unordered_list"><div class="blocParMois"><li class="rowdate"><span class="mois">octobre 2026</span></li>
<li class="rowitem remboursement" id="lignePaiement00" onclick="ajaxCallRemoteChargerDetailPaiement('abc','REMBOURSEMENT_SOINS','0','0')">
<div class="col-date"><span class="jour">13</span><span class="mois">oct.</span></div><div class="col-label">Soins</div>
<div class="col-montant"><span>17,50 €</span></div><a class="downdetail" href="/x.dopdf?idPaiement=1">PDF</a></li></div></ul>"""
DETAIL = """<div class="entete container"><h2>Paiement effectué le 19/10/2018 pour un montant de 16,50 €</h2></div>
<div class="container"><span id="nomBeneficiaire0">CLAIRE</span></div><div class="container"><table id="tableauPrestation">
<tr><th>x</th></tr><tr><td id="Nature0"><span class="naturePrestation">C GENERALISTE</span><br>13/10/2018</td>
<td id="montantPaye0">25,00 €</td><td id="baseRemboursement0">25,00 €</td><td id="taux0">70%</td>
<td id="montantVerse0">17,50 €</td></tr></table></div><div class="container"><table><tr><td id="naturePFF0">participation
forfaitaire</td><td id="dateActePFF0">13/10/2018</td><td id="montantVerse1">-1,00 €</td></tr></table></div>"""
INBOX = """<table id="tableauMessagesRecus"><tbody><tr><td><input value="1"></td><td></td><td>CPAM</td><td>Objet</td>
<td>03/09/26 <a href="/detail">voir</a></td></tr></tbody></table>"""
PROFILE = """<div id="pageAssure"><span class="NomEtPrenomLabel">ANNE DURAND</span><span class="blocNumSecu">2 80 01 2A 004
005 12</span></div><div id="idAssure"><div class="blocNomPrenom"><span class="nom">ANNE</span><span
class="dateNaissance">02/01/1980</span></div></div><div><div class="infoGauche">Adresse postale</div><div
class="infoDroite"><span>1 RUE X 75001 PARIS</span></div></div>"""
LOGIN = """<div id="loginPage"><div class="zone-alerte"><span>Le code saisi est incorrect</span></div></div><form
id="connexioncompte_2connexionCompteForm"><input name="user" id="userfield"><input type="password" name="password"><input
type="hidden" name="authStep" value="SAISIE_OTP"><input id="numOTP1" name="numOTP1"><input name="numOTP2" id="numOTP2"></form>"""


@contextmanager
def only(*allowed: type[Exception]) -> Iterator[None]:
    try:
        yield
    except (PortalChanged, *allowed):
        pass


def _reply(content: str, kind: str = "text/html") -> Reply:
    return Reply(200, "https://assure.example/x", {"content-type": kind}, content.encode("utf-8", "replace"))


def _form(content: str) -> None:
    form = Form(_reply(content))
    if form.node is not None:
        form.fields()
        form.submit("x")
        with only():
            form.pair_names()
        form.code_names()


PARSERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "list": (LIST, lambda text: read_list(_reply(text))),
    "json list": (LIST, lambda text: read_list(_reply(json.dumps({"tableauPaiement": text}), "application/json"))),
    "detail": (DETAIL, lambda text: read_detail(text, "p")),
    "inbox": (INBOX, lambda text: read_inbox(parse(text))),
    "message": (INBOX, lambda text: read_body(parse(text))),
    "profile": (PROFILE, lambda text: read_profile(parse(text))),
    "certificate": ("<select id='attDroitsAccueilidBenefs'><option value='1'>TOM</option></select>",
                    lambda text: find_person(parse(text), "tom")),
    "sign-in": (LOGIN, _form),
    "screen": (LOGIN, lambda text: screen(_reply(text), parse(text))),
    "token": ("_ct:ABC", lambda text: read_token(_reply(text, "text/plain"))),
}
PERSON = (UnknownBeneficiary, EmailToConfirm, PasswordExpired, Outage)
spoiled = settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", PARSERS)
def test_the_whole_page_is_read(name: str) -> None:
    page, read = PARSERS[name]
    read(page)


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
@spoiled
def test_a_spoiled_page_is_read_or_named(name: str, data: st.DataObject) -> None:
    page, read = PARSERS[name]
    start = data.draw(st.integers(0, len(page)))
    end = data.draw(st.integers(start, min(len(page), start + 60)))
    noise = data.draw(st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
        ["<", ">", '"', "<table>", "</div>", "\x00", "\x1b]52;c;x\x07", "&#0;", "99/99/9999", "', '", "<!--"]))
    with only(*PERSON):
        read(page[:start] + noise + page[end:])


@pytest.mark.parametrize("name", PARSERS)
@given(text=st.text(st.characters(codec="utf-8"), max_size=200))
@spoiled
def test_nonsense_is_read_or_named(name: str, text: str) -> None:
    with only(*PERSON):
        PARSERS[name][1](text)


@pytest.mark.parametrize("name", ["list", "json list", "detail"])
def test_a_page_cut_anywhere_is_whole_or_refused(name: str) -> None:
    page, read = PARSERS[name]
    whole = read(page)
    for end in range(1, len(page)):
        try:
            found = read(page[:end])
        except PortalChanged:
            continue
        assert found == whole or (isinstance(found, Detail) and found.total != found.amount), end


values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["202601", "ReleveSoinsIJ"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["rubriquesMensuelles", "moisAnnee", "releves", "objectType", "identifiant", "infosStatiques",
                         "contenu", "typeMime", "taille"]), inner, max_size=4),
    max_leaves=12,
)


@given(values)
@spoiled
def test_any_json_is_read_or_named(answer: Any) -> None:
    with only():
        read_months(answer)
    with only():
        read_pdf(answer)


@given(st.text(max_size=60))
@spoiled
def test_any_link_is_resolved_inside_the_service_or_refused(link: str) -> None:
    origins = Origins("https://assure.example", "https://ameliconnect.example:443")
    with only():
        found = origins.resolve(link, "https://assure.example:443/PortailAS/x", "page")
        assert found.startswith(("https://assure.example/", "https://ameliconnect.example/"))


def test_text_for_the_terminal_is_harmless() -> None:
    hostile = LIST.replace("Soins", "So\x1b]52;c;eA==\x07ins[@click=app.quit]x[/]\u202e")
    (row,) = read_list(_reply(hostile))
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", row.label)


def test_a_list_longer_than_one_batch_is_read_whole() -> None:
    head, row = LIST.split("</li>\n", 1)
    rows = "".join(row.removesuffix("</div></ul>").replace("'abc'", f"'r{number}'") for number in range(BATCH * 2 + 7))
    later = head.removeprefix('<ul id="unordered_list">').replace("octobre", "septembre")
    read = read_list(_reply(f"{head}</li>{rows}</div>{later}</li>{rows.replace('oct.', 'sept.')}</div></ul>"))
    assert len(read) == 2 * (BATCH * 2 + 7)
    assert len({one.paid_on for one in read[: BATCH * 2 + 7]}) == 1
    assert {one.paid_on.month for one in read} == {9, 10}
