"""The sub-applications: guard, sessions, monthly statements and their REST, attestation."""

import base64
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.options import SandboxOptions
from tests.agent.sandbox.conftest import Visit
from tests.agent.sandbox.household import NIR, PASSWORD, TODAY, household
from tests.agent.sandbox.visitor import (
    ASSURE,
    BASE,
    REST,
    REST_HEADERS,
    SHOW,
    STATEMENTS,
    Clock,
    PlainPapers,
    Visitor,
    first,
    has,
    text,
    tree,
)

ATTESTATION = f"{BASE}/compte/asdo/attestation-droits"


async def _inside(person: Visitor) -> Visitor:
    await person.sign_in(STATEMENTS)
    return person


@pytest.mark.parametrize("page", [STATEMENTS, ATTESTATION])
async def test_a_stranger_is_sent_to_authorize_with_a_challenge(visit: Visit, page: str) -> None:
    answer = await visit(follow=False).get(page)
    where = urlsplit(answer.headers["location"])
    query = {name: values[0] for name, values in parse_qs(where.query).items()}
    assert answer.status_code == 302
    assert (where.netloc, where.path) == ("localhost:8081", "/oauth2/authorize")
    assert query["client_id"] == "compte_AS"
    assert query["redirect_uri"] == f"{BASE}/compte/redirect_uri"
    assert query["code_challenge_method"] == "S256"
    assert [len(query[name]) for name in ("state", "nonce", "code_challenge")] == [43, 43, 43]


async def test_the_login_comes_back_to_the_page_first_asked_for(visit: Visit) -> None:
    person = visit(otp=True)
    for page in (ATTESTATION, STATEMENTS):
        assert str((await person.sign_in(page)).url) == page
        person.sandbox.service.end_sessions()


@pytest.mark.parametrize("path", ["nimporte", "aspm/autre", "aspmm/rest/autre", "asdo/rest/attestation"])
async def test_an_invented_sub_application_meets_the_firewall(visit: Visit, path: str) -> None:
    answer = await visit().get(f"{BASE}/compte/{path}")
    assert answer.status_code == 403
    assert "Your support ID is" in answer.text


@pytest.mark.parametrize(("base", "setting", "secure"), [
    ("http://assure.test", "auto", False), ("https://assure.test", "auto", True), ("http://assure.test", "on", True),
    ("https://assure.test", "off", False),
])
async def test_the_session_cookie_is_http_only_lax_without_expiry_and_secure_over_https(
    visit: Visit, base: str, setting: str, secure: bool
) -> None:
    sandbox = Sandbox(household(), SandboxOptions(otp=False, secure_cookies=setting), TODAY,  # type: ignore[arg-type]
                      base_url=base, identity_url=base.replace("assure", "ameliconnect"), papers=PlainPapers())
    person = visit(sandbox, follow=False)
    form = await person.get((await person.get(f"{base}/compte/aspm/releves-mensuels")).headers["location"])
    answer = await person.get((await person.send_form(form, user=NIR, password=PASSWORD)).headers["location"])
    assert answer.headers["location"] == "/compte/aspm/releves-mensuels"
    cookies = answer.headers.get_list("set-cookie")
    cookie = next(line for line in cookies if line.startswith("mod_auth_openidc_session="))
    attributes = [part.strip().lower() for part in cookie.split(";")[1:]]
    assert {"httponly", "samesite=lax", "path=/"} <= set(attributes)
    assert ("secure" in attributes) is secure
    assert not any(part.startswith(("expires", "max-age", "domain")) for part in attributes)


async def test_sessions_end_after_their_time_and_pages_ask_to_log_in_again(visit: Visit, clock: Clock) -> None:
    person = await _inside(visit(session_seconds=600))
    await person.get(SHOW)  # still signed on: the portal opens without a form
    clock.seconds += 599
    assert (await person.home("202610", "202610")).status_code == 200
    assert has(await person.get(ASSURE + "as_paiements_page"), "#as_paiement_book")
    clock.seconds += 2
    for page in (STATEMENTS, ASSURE + "as_paiements_page", f"{REST}/home?debutPeriode=202610&finPeriode=202610"):
        answer = await person.get(page, headers=REST_HEADERS)
        assert answer.url.host == "localhost"
        assert has(answer, "input[type=password]")


@pytest.mark.parametrize(("setting", "status"), [("redirect", 302), ("401", 401)])
async def test_the_rest_tells_an_ended_session_by_a_redirect_or_401(visit: Visit, setting: str, status: int) -> None:
    answer = await visit(expired_rest=setting, follow=False).home("202610", "202610")
    assert answer.status_code == status
    if status == 401:
        assert answer.content == b""
    else:
        assert "/oauth2/authorize" in answer.headers["location"]


@pytest.mark.parametrize("missing", ["canal", "x-app-name", "x-app-version", "x-request-engine", "x-correlation-id"])
async def test_each_header_of_the_rest_is_required(visit: Visit, missing: str) -> None:
    person = await _inside(visit())
    headers = {name: value for name, value in REST_HEADERS.items() if name != missing}
    for address in (f"{REST}/home?debutPeriode=202610&finPeriode=202610", f"{REST}/pdf/x"):
        answer = await person.get(address, headers=headers)
        assert (answer.status_code, answer.json()) == (400, {})


async def test_any_version_of_the_application_is_accepted(visit: Visit) -> None:
    person = await _inside(visit())
    assert (await person.home("202610", "202610", **{"x-app-version": "99.1"})).status_code == 200


@pytest.mark.parametrize(("debut", "fin", "status"), [
    ("202605", "202610", 200),
    ("202511", "202610", 200),  # twelve months
    ("202510", "202610", 400),  # thirteen
    ("202610", "202611", 400),  # the current month
    ("202610", "202612", 400),
    ("202610", "202609", 400),  # upside down
    ("202408", "202408", 200),  # 27th month back
    ("202407", "202408", 400),  # older than what is kept
    ("2026-1", "202610", 400), ("202613", "202613", 400), ("202600", "202610", 400), ("", "202610", 400),
    ("000001", "202610", 400), ("20261", "202610", 400), ("٢٠٢٦٠٥", "202610", 400),
])
async def test_a_window_of_months_is_answered_or_refused(visit: Visit, debut: str, fin: str, status: int) -> None:
    person = await _inside(visit())
    assert (await person.home(debut, fin)).status_code == status


async def test_the_list_names_every_month_ascending_and_says_how_long_it_keeps_them(visit: Visit) -> None:
    person = await _inside(visit())
    answer = (await person.home("202605", "202610")).json()
    months = answer["rubriquesMensuelles"]
    assert [month["moisAnnee"] for month in months] == ["202605", "202606", "202607", "202608", "202609", "202610"]
    assert [len(month["releves"]) for month in months] == [0, 0, 0, 0, 1, 1]
    assert {"identifiant": "portailAs.relevesMensuels.rsij.retention", "contenu": "27"} in answer["infosStatiques"]
    paper = months[-1]["releves"][0]
    assert paper["objectType"] == "ReleveSoinsIJ"
    prefix, token = paper["identifiant"][:11], paper["identifiant"][11:]
    assert prefix == "SOINS_IJ#-#"
    assert 32 <= len(token) <= 64
    assert token.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("unstable", [False, True])
async def test_statement_tokens_stay_or_change_as_asked_and_all_of_them_open(visit: Visit, unstable: bool) -> None:
    person = await _inside(visit(unstable_ids=unstable))
    tokens = [
        (await person.home("202610", "202610")).json()["rubriquesMensuelles"][0]["releves"][0]["identifiant"]
        for _ in range(3)
    ]
    assert len(set(tokens)) == (3 if unstable else 1)
    for token in tokens:
        assert (await person.get(f"{REST}/pdf/{quote(token, safe='')}", headers=REST_HEADERS)).status_code == 200


async def test_a_statement_comes_as_json_that_holds_the_pdf(visit: Visit) -> None:
    person = await _inside(visit())
    token = (await person.home("202609", "202609")).json()["rubriquesMensuelles"][0]["releves"][0]["identifiant"]
    paper = (await person.get(f"{REST}/pdf/{quote(token, safe='')}", headers=REST_HEADERS)).json()
    assert paper["nom"] == paper["nomAffichage"] == "ReleveMensuelSeptembre2026.pdf"
    assert paper["typeMime"] == "application/pdf"
    content = base64.b64decode(paper["contenu"])
    assert content.startswith(b"%PDF-")
    assert len(content) == paper["taille"]


@pytest.mark.parametrize("token", ["SOINS_IJ#-#rien", "SOINS_IJ#-#" + "A" * 40, "autre", "é#", "A" * 39])
async def test_an_unknown_statement_is_404_and_nothing(visit: Visit, token: str) -> None:
    person = await _inside(visit())
    answer = await person.get(f"{REST}/pdf/{quote(token, safe='')}", headers=REST_HEADERS)
    assert (answer.status_code, answer.content) == (404, b"")


async def test_the_statements_page_is_empty_until_its_script_has_called_the_rest(visit: Visit) -> None:
    page = await (await _inside(visit())).get(STATEMENTS)
    assert text(first(page, "h1")) == "Relevés mensuels"
    assert tree(page).css(".carteMois") == []
    script = "".join(node.text() for node in tree(page).css("script"))
    for name in ("canal", "x-app-name", "x-app-version", "x-request-engine", "x-correlation-id"):
        assert name in script
    assert text(first(page, "button#afficherPlus")) == "Afficher plus de relevés"


async def test_the_attestation_page_has_a_selector_and_a_button_that_downloads(visit: Visit) -> None:
    person = visit()
    page = await person.sign_in(ATTESTATION)
    assert text(first(page, "button")) != ""
    assert "Télécharger l'attestation de droits" in [text(button) for button in tree(page).css("button")]
    form, options = first(page, "form"), tree(page).css("select option")
    assert [text(option) for option in options] == ["Tous les bénéficiaires", "CLAIRE MARTIN", "TOM MARTIN"]
    for option, who in zip(options, ("FAMILLE", "CLAIRE", "TOM"), strict=True):
        answer = await person.get(page.url.join(form.attributes["action"] or ""),
                                  params={"beneficiaire": option.attributes["value"]})
        assert answer.headers["content-type"] == "application/pdf"
        assert "attachment" in answer.headers["content-disposition"]
        assert f"attestation {who} 2026-11-23".encode() in answer.content
