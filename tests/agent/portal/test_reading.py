"""Inbox, personal details and certificate."""

from collections.abc import Callable
from datetime import date

import httpx
import pytest

from agent.portal import errors
from agent.portal.pages.html import parse
from agent.portal.pages.inbox import read_body, read_inbox, with_token
from agent.portal.pages.profile import read_profile
from tests.agent.portal.world import World

Make = Callable[..., World]


# -- inbox ------------------------------------------------------------------------------------------------------------


async def test_the_inbox_lists_its_messages(world: Make) -> None:
    rows = await (await world().signed_in()).inbox()
    assert [(row.received_on, row.sender, row.subject) for row in rows] == [
        (date(2026, 10, 20), "Assurance Maladie", "Votre justificatif"),
        (date(2026, 9, 3), "CPAM DES YVELINES", "Votre demande"),
    ]


async def test_an_empty_inbox_is_empty_and_not_a_change(world: Make) -> None:
    at = world()
    at.sandbox.service.household.messages.clear()
    assert await (await at.signed_in()).inbox() == []


async def test_a_message_comes_with_text_pdf_and_attachments(world: Make) -> None:
    portal = await world(ct="strict").signed_in()
    first, second = await portal.inbox()
    message, files = await portal.message(first)
    assert message.subject == "Votre justificatif"
    assert message.body == "Voir la pièce."
    assert [(file.kind, file.media_type) for file in files] == [
        ("message", "application/pdf"), ("attachment", "application/pdf")]
    assert files[1].data == b"%PDF-1.4 joint"
    assert files[1].name == "justificatif.pdf"
    message, files = await portal.message(second)
    assert message.body == "Bonjour,\nDossier reçu."
    assert [file.kind for file in files] == ["message"]


def test_equal_messages_listed_twice_are_one_and_others_stay() -> None:
    line = ('<tr><td><input value="{}"></td><td></td><td>CPAM</td><td>Objet</td>'
            '<td>03/09/26 <a href="/detail?x=1">voir</a></td></tr>')
    page = f'<table id="tableauMessagesRecus"><tbody>{line.format(1)}{line.format(1)}{line.format(2)}</tbody></table>'
    assert [(row.id, row.received_on) for row in read_inbox(parse(page))] == [
        ("1", date(2026, 9, 3)), ("2", date(2026, 9, 3))]


@pytest.mark.parametrize("page", [
    "<html><body>Autre chose</body></html>",
    '<table id="tableauMessagesRecus"><tbody><tr><td>1</td></tr></tbody></table>',
    '<table id="tableauMessagesRecus"><tbody><tr><td><input value=""></td><td></td><td></td><td></td><td>03/09/26</td>'
    "</tr></tbody></table>",
    '<table id="tableauMessagesRecus"><tbody><tr><td><input value="1"></td><td></td><td></td><td></td><td>hier</td>'
    "</tr></tbody></table>",
])
def test_an_inbox_that_is_not_understood_says_so(page: str) -> None:
    with pytest.raises(errors.PortalChanged):
        read_inbox(parse(page))


def test_the_text_of_a_message_is_found_without_its_known_block() -> None:
    page = parse('<body><nav>Menu</nav><div class="wlp-bighorn-window-content"><h1>Objet</h1><p>Bonjour,</p>'
                 '<p>Merci.</p><script>x()</script><form id="pdfSimple"><input name="idMessage">'
                 "<button>Imprimer</button></form></div>")
    assert read_body(page) == "Objet\nBonjour,\nMerci."


def test_the_token_is_added_to_an_address_once() -> None:
    assert with_token("https://a.example/x?b=1&_ct=OLD", "NEW") == "https://a.example/x?b=1&_ct=NEW"


async def test_a_message_that_cannot_be_shown_is_a_fault_of_the_service(world: Make) -> None:
    import msgspec

    at = world()
    portal = await at.signed_in()
    row = (await portal.inbox())[0]
    at.sandbox.service.household.messages.clear()
    with pytest.raises((errors.ServerFault, errors.PortalChanged)):
        await portal.message(row)
    with pytest.raises(errors.RedirectElsewhere):
        await portal.message(msgspec.structs.replace(row, href="https://evil.example/x"))
    with pytest.raises(errors.PortalChanged):
        await portal.message(msgspec.structs.replace(row, href=None))


# -- personal details -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("markup", ["both", "2025", "2023"])
async def test_person_and_family_are_read_from_either_markup(world: Make, markup: str) -> None:
    profile = await (await world(profile=markup).signed_in()).profile()
    assert (profile.nir, profile.name, profile.birth_date) == ("2850578006048", "CLAIRE MARTIN", date(1985, 5, 12))
    assert [(one.name, one.birth_date, one.insured) for one in profile.beneficiaries] == [
        ("CLAIRE MARTIN", date(1985, 5, 12), True), ("TOM MARTIN", date(2015, 3, 4), False)]
    assert profile.address == ("12 RUE DES LILAS", "78000 VERSAILLES")
    assert set(profile.phones) == {"Téléphone portable", "Téléphone fixe"}
    assert profile.email == "claire.martin@example.org"
    assert profile.cpam == "CPAM DES YVELINES"


def test_the_markup_of_2019_is_read_too() -> None:
    profile = read_profile(parse("""
      <div id="pageAssure"><span class="NomEtPrenomLabel">ANNE DURAND</span><span class="blocNumSecu">
      2 80 01 2A 004 005 12</span></div>
      <button id="idAssure"><table><tr><td class="nom">ANNE</td>
      <td class="dateNaissance">02/01/1980</td></tr></table></button>
      <div title="Modifier mon adresse postale">1 RUE X<br>20000 AJACCIO Cet élément est modifiable</div>"""))
    assert profile.nir == "280012A004005"
    assert profile.birth_date == date(1980, 1, 2)
    assert profile.address == ("1 RUE X", "20000 AJACCIO")
    assert [one.name for one in profile.beneficiaries] == ["ANNE DURAND"]
    assert profile.email is None


@pytest.mark.parametrize("page", [
    "<p>rien</p>", '<span class="blocNumSecu">12</span>', '<span class="blocNumSecu">2 85 05 78 006 048 51</span>',
])
def test_personal_details_without_number_or_name_are_not_understood(page: str) -> None:
    with pytest.raises(errors.PortalChanged):
        read_profile(parse(page))


# -- certificate ------------------------------------------------------------------------------------------------------


async def test_the_certificate_is_made_for_the_family_or_for_one(world: Make) -> None:
    portal = await world(ct="strict").signed_in()
    assert await portal.attestation() == b"%PDF-1.4 attestation FAMILLE 2026-11-23"
    assert await portal.attestation("tom") == b"%PDF-1.4 attestation TOM 2026-11-23"
    assert await portal.attestation("Claire Martin") == b"%PDF-1.4 attestation CLAIRE 2026-11-23"
    with pytest.raises(errors.UnknownBeneficiary):
        await portal.attestation("Zoé")


async def test_unaccepted_terms_close_the_certificate_but_not_the_payments(world: Make) -> None:
    portal = await world(interstitial="cgu").signed_in()
    assert await portal.payments()
    with pytest.raises(errors.ConditionsToAccept):
        await portal.attestation()


async def test_a_token_refused_for_a_file_is_renewed_once(world: Make) -> None:
    at = world(ct="strict")
    portal = await at.signed_in()
    row = (await portal.inbox())[0]
    inner = at.wire.inner
    refused: list[str] = []

    class RefusesOnce(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if "_ct=" in str(request.url) and len(refused) < 1:
                refused.append(request.url.path)
                return httpx.Response(302, headers={"location": "/PortailAS/error.jsp"})
            return await inner.handle_async_request(request)

    at.wire.inner = RefusesOnce()
    _, files = await portal.message(row)
    assert [file.kind for file in files] == ["message", "attachment"]
    assert len(refused) == 1
