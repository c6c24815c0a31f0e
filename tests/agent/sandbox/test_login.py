"""The login form, its steps, its errors and its end."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.agent.sandbox.conftest import Visit
from tests.agent.sandbox.household import NIR, PASSWORD
from tests.agent.sandbox.visitor import ASSURE, BASE, SHOW, STATEMENTS, first, form_fields, has, text

AUTHORIZE_ORDER = ["scope", "response_type", "nonce", "redirect_uri", "state", "client_id"]


@pytest.mark.parametrize("entry", [
    SHOW,
    f"{BASE}/PortailAS/appmanager/PortailAS/assure?_nfpb=true&connexioncompte_2actionEvt=afficher",
    f"{BASE}/PortailAS/appmanager/PortailAS/assure?_somtc=true",
    f"{ASSURE}as_paiements_page",
])
async def test_every_entry_leads_to_authorize_with_its_parameters_in_order(visit: Visit, entry: str) -> None:
    answer = await visit(follow=False).get(entry)
    where = urlsplit(answer.headers["location"])
    query = parse_qsl(where.query)
    assert answer.status_code == 302
    assert (where.netloc, where.path) == ("localhost:8081", "/oauth2/authorize")
    assert [name for name, _ in query] == AUTHORIZE_ORDER
    values = dict(query)
    assert values["scope"] == "openid ameliconnect"
    assert values["client_id"] == "compte_AS"
    assert values["redirect_uri"] == f"{ASSURE}as_login_page&cb=true"
    for name in ("nonce", "state"):
        assert 12 <= len(values[name]) <= 13
        assert int(values[name], 16) >= 0
        assert values[name] == values[name].lower()


@pytest.mark.parametrize("address", [
    f"{BASE}/", f"{BASE}/PortailAS/appmanager/PortailAS/assure", f"{ASSURE}as_accueil_page",
])
async def test_the_page_before_the_login_offers_to_log_in_then_to_create_an_account(visit: Visit, address: str) -> None:
    person = visit()
    page = await person.get(address)
    link = first(page, "a#id_r_cnx_btn_code.r_btlien.connexion")
    assert text(link) == "Connectez-vous"
    assert first(page, "#id_r_cnx_btn_code").attributes["href"] == link.attributes["href"], "the login comes first"
    assert "creation" in (first(page, "a#id_r_cnx_btn_code.creation").attributes["class"] or "")
    assert has(page, "div.tetiere-connexion")
    assert has(await person.get(page.url.join(link.attributes["href"] or "")), "input[type=password]")


async def test_creating_an_account_is_a_page_and_franceconnect_does_not_exist(visit: Visit) -> None:
    person = visit()
    assert has(await person.get(f"{ASSURE}as_creation_immediate_page"), "#as_creation_immediate_page")
    assert (await person.get(f"{BASE}/PortailAS/FranceConnect")).status_code == 404


async def test_the_form_carries_the_authorize_parameters_and_the_fixed_fields(visit: Visit) -> None:
    page = await visit().get(SHOW)
    query, fields = dict(parse_qsl(page.url.query.decode())), form_fields(page)
    for name in AUTHORIZE_ORDER:
        assert fields[f"lmhidden_{name}"] == query[name]
        assert first(page, f"#lmhidden_{name}").attributes["name"] == f"lmhidden_{name}"
    assert {name: fields[name] for name in ("url", "timezone", "lmAuth", "skin", "authStep", "user", "password")} == {
        "url": "", "timezone": "", "lmAuth": "LOGIN", "skin": "cnamts", "authStep": "", "user": "", "password": ""}
    form = first(page, "form#connexioncompte_2connexionCompteForm")
    assert str(page.url.join(form.attributes["action"] or "")) == str(page.url), "posted to the very same address"
    assert first(page, "input[type=submit]#id_r_cnx_btn_submit").attributes["value"] == "me connecter"


@pytest.mark.parametrize(("ids", "number", "secret"), [
    ("2026", "#userfield", "#passwordfield"),
    ("2023", "#connexioncompte_2nir_as", "#connexioncompte_2connexion_code"),
])
async def test_the_inputs_bear_the_ids_of_their_period(visit: Visit, ids: str, number: str, secret: str) -> None:
    page = await visit(ids=ids).get(SHOW)
    assert first(page, number).attributes["name"] == "user"
    assert first(page, f"{secret}[type=password]").attributes["name"] == "password"


@pytest.mark.parametrize(("banner", "present", "absent"), [
    ("both", ["#idWAaccepter", "#idWArefuser", "#accepteCookie", "#refuseCookie"], []),
    ("wa", ["#idWAaccepter", "#idWArefuser"], ["#accepteCookie"]),
    ("cookie", ["#accepteCookie", "#refuseCookie"], ["#idWAaccepter"]),
    ("off", [], ["#idWAaccepter", "#accepteCookie"]),
])
async def test_the_consent_banner_has_the_buttons_asked_for_and_never_blocks(
    visit: Visit, banner: str, present: list[str], absent: list[str]
) -> None:
    person = visit(banner=banner)
    page = await person.get(SHOW)
    assert all(has(page, selector) for selector in present)
    assert not any(has(page, selector) for selector in absent)
    assert has(await person.sign_in(), ".deconnexionButton")


@pytest.mark.parametrize("number", [NIR, "2 85 05 78 006 048", "285057800604812", "2 85 05 78 006 048 12"])
async def test_the_number_is_accepted_bare_spaced_and_with_its_key(visit: Visit, number: str) -> None:
    assert has(await visit().give_pair(number), ".deconnexionButton")


async def test_a_trusted_or_code_free_login_ends_on_the_landing_page_whose_meta_leads_home(visit: Visit) -> None:
    landing = await visit().sign_in()
    assert str(landing.url) == f"{ASSURE}as_login_page&connexioncompte_2actionEvt=connecter"
    meta = first(landing, "div.wlp-bighorn-window-content meta[http-equiv=refresh]")
    assert meta.attributes["content"] == f"0; url={ASSURE}as_accueil_page"


@pytest.mark.parametrize(("end", "located"), [("location", True), ("link", False)])
async def test_the_login_ends_with_a_303_whose_body_links_on(visit: Visit, end: str, located: bool) -> None:
    person = visit(end=end, follow=False)
    form = await person.get((await person.get(SHOW)).headers["location"])
    answer = await person.send_form(form, user=NIR, password=PASSWORD)
    link = first(answer, "a[href]").attributes["href"] or ""
    assert answer.status_code == 303
    assert answer.headers.get("location") == (link if located else None)
    back = await person.get(link)
    assert back.status_code == 302
    assert "connexioncompte_2actionEvt=connecter" in back.headers["location"]


async def test_an_authorization_code_serves_once(visit: Visit) -> None:
    person = visit(follow=False)
    form = await person.get((await person.get(SHOW)).headers["location"])
    link = first(await person.send_form(form, user=NIR, password=PASSWORD), "a").attributes["href"] or ""
    await person.get(link)
    assert "connexioncompte_2actionEvt=afficher" in (await person.get(link)).headers["location"]


async def test_a_wrong_password_is_said_at_once_in_the_visible_alert_only(visit: Visit) -> None:
    page = await visit(otp=True).give_pair(password="faux")
    assert text(first(page, "div#loginPage div.zone-alerte:not(.hidden):not(.invisible) > span")).startswith(
        "Le numéro de sécurité sociale et le code personnel ne correspondent pas")
    assert has(page, "div.zone-alerte.hidden"), "an empty alert always stands hidden in the page"
    assert form_fields(page)["authStep"] == ""


async def test_a_wrong_password_may_be_said_only_after_the_code(visit: Visit) -> None:
    person = visit(otp=True, wrong_pair="after-code")
    page = await person.give_pair(password="faux")
    assert form_fields(page)["authStep"] == "OTP_NECESSAIRE"
    page = await person.give_code(await person.ask_code(page), person.last_code())
    assert "mot de passe saisi est incorrect" in text(first(page, ".zone-alerte:not(.hidden) > span"))
    assert "trustConnect0" not in person.http.cookies


async def test_the_third_wrong_password_locks_the_account_even_for_the_right_one(visit: Visit) -> None:
    person = visit()
    for _ in range(2):
        assert has(await person.give_pair(password="faux"), ".zone-alerte:not(.hidden)")
    for page in (await person.give_pair(password="faux"), await person.give_pair()):
        assert text(first(page, ".centrepage h1")) == "Compte bloqué"
        assert "accès à votre compte ameli est bloqué" in text(first(page, "div.compte_bloque p.msg_erreur"))


async def test_a_good_login_forgets_earlier_wrong_passwords(visit: Visit) -> None:
    person = visit()
    for _ in range(3):
        await person.give_pair(password="faux")
        await person.sign_in()
        person.sandbox.service.end_sessions()
    assert not person.sandbox.service.account.locked


@pytest.mark.parametrize(("number", "said"), [
    ("12345", "doit contenir des chiffres, A ou B"),
    ("1990101001001", "Service momentanément indisponible"),
])
async def test_a_bad_or_unknown_number_gets_the_service_s_own_words(visit: Visit, number: str, said: str) -> None:
    person = visit()
    assert said in text(first(await person.give_pair(number), ".zone-alerte:not(.hidden) > span"))
    assert person.sandbox.service.account.wrong_tries == 0


async def test_an_unknown_number_may_be_told_as_a_wrong_pair(visit: Visit) -> None:
    page = await visit(unknown_number="wrong-pair").give_pair("1990101001001")
    assert "ne correspondent pas" in text(first(page, ".zone-alerte:not(.hidden) > span"))


async def test_the_direct_form_can_be_closed_for_maintenance(visit: Visit) -> None:
    page = await visit(direct_login=False).get(SHOW)
    assert "cliquez sur FranceConnect" in text(first(page, "#idBlocCnx div p"))
    assert not has(page, "input[type=password]")


async def test_the_outage_page_replaces_every_page_of_the_portal(visit: Visit) -> None:
    page = await visit(outage=True).get(f"{BASE}/")
    assert page.url.path == "/vu/INDISPO_COMPTE_ASSURES.html"
    for selector in ("div.mobile p", "#backgroundId p", "span.texte-indispo"):
        assert text(first(page, selector)).startswith("Oups... votre compte ameli est momentanément indisponible")


async def test_the_form_of_before_2023_still_logs_in_when_asked_for(visit: Visit) -> None:
    person = visit(login="legacy")
    page = await person.get(SHOW)
    landing = await person.send_form(
        page, connexioncompte_2numSecuriteSociale=NIR, connexioncompte_2codeConfidentiel=PASSWORD, submit="Valider")
    assert "validationconnexioncompte" in str(landing.url)
    assert has(landing, "meta[http-equiv=refresh]")
    assert has(await person.get(f"{ASSURE}as_accueil_page"), ".deconnexionButton")


async def test_the_form_of_before_2023_tells_errors_and_locks_too(visit: Visit) -> None:
    person = visit(login="legacy")

    async def attempt(number: str, password: str) -> str:
        return (await person.send_form(
            await person.get(SHOW), connexioncompte_2numSecuriteSociale=number,
            connexioncompte_2codeConfidentiel=password)).text

    assert "doit contenir des chiffres" in await attempt("12", PASSWORD)
    for _ in range(2):
        assert "ne correspondent pas" in await attempt(NIR, "faux")
    assert "Compte bloqué" in await attempt(NIR, "faux")
    assert "Compte bloqué" in await attempt(NIR, PASSWORD)


async def test_links_bear_an_explicit_port_when_asked_for(visit: Visit) -> None:
    from agent.sandbox.server.app import Sandbox
    from agent.sandbox.server.options import SandboxOptions
    from tests.agent.sandbox.household import TODAY, household

    sandbox = Sandbox(household(), SandboxOptions(explicit_port=True), TODAY, base_url="https://assure.test",
                      identity_url="https://ameliconnect.test")
    answer = await visit(sandbox, follow=False).get(
        "https://assure.test/PortailAS/appmanager/PortailAS/assure?_nfpb=true&connexioncompte_2actionEvt=afficher")
    where = urlsplit(answer.headers["location"])
    assert where.netloc == "ameliconnect.test:443"
    assert dict(parse_qsl(where.query))["redirect_uri"].startswith("https://assure.test:443/PortailAS/")
    form = await visit(sandbox).get(answer.headers["location"])
    assert has(form, "input[type=password]"), "the identity host is reached with and without its port"


async def test_a_foreign_return_address_is_refused(visit: Visit) -> None:
    page = await visit().get("http://localhost:8081/oauth2/authorize?redirect_uri=http://ailleurs.invalid/&state=1")
    assert not has(page, "form")


async def test_logging_out_ends_the_portal_the_sub_applications_and_the_sign_on(visit: Visit) -> None:
    person = visit()
    await person.sign_in()
    await person.get(STATEMENTS)
    assert has(await person.get(f"{ASSURE}as_deconnexion_page"), "#as_deconnexion_page")
    for address in (f"{ASSURE}as_paiements_page", STATEMENTS):
        assert has(await person.get(address), "input[type=password]")


async def test_each_page_of_a_logged_in_person_bears_every_mark_of_a_session(visit: Visit) -> None:
    person = visit()
    await person.sign_in()
    for label in ("as_accueil_page", "as_paiements_page", "as_messages_recus_page", "as_info_perso_page",
                  "as_releve_mensuel_paiement_page"):
        page = await person.get(ASSURE + label)
        for mark in (".deconnexionButton", "#lienDeconnexionId", "a#id_lien_deco", "a.logout", "a#logout"):
            assert has(page, mark), (label, mark)
        assert page.text.count('title="Déconnexion du compte ameli"') == 1
        assert not has(page, "div.tetiere-connexion, #id_r_cnx_btn_code, #userfield")
