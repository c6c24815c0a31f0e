"""Certificates on demand: fetched from a service that gives them, told where to find them elsewhere."""

from collections.abc import Callable
from datetime import date

import pytest

from agent.portal import errors
from agent.portal.http.client import Reply
from agent.portal.pages.certificates import Wanted, check_offered
from agent.sandbox.server.faults import Faults
from tests.agent.portal.world import World

Make = Callable[..., World]
SICK_PAY = Wanted("ij", since=date(2026, 9, 1), until=date(2026, 9, 30))


@pytest.mark.parametrize("wanted", [
    SICK_PAY, Wanted("ceam"), Wanted("ceam", person="tom"), Wanted("ceam", person="Claire Martin"),
])
async def test_a_certificate_is_a_pdf(world: Make, wanted: Wanted) -> None:
    data = await (await world().signed_in()).certificate(wanted)
    assert data.startswith(b"%PDF-")


@pytest.mark.parametrize(("wanted", "error", "said"), [
    (Wanted("ij", since=date(2020, 1, 1), until=date(2020, 2, 1)), errors.NothingToCertify, "Aucune indemnité"),
    (Wanted("fiscal", year=2025), errors.NothingToCertify, "Aucune prestation"),
    (Wanted("fiscal", year=2026), errors.CertificateRefused, "une fois l'année finie"),
    (Wanted("ij"), errors.CertificateRefused, "Une date est attendue"),
    (Wanted("ceam", person="Zoé"), errors.UnknownBeneficiary, "bénéficiaires"),
])
async def test_what_the_service_does_not_certify_is_told_in_its_words(
    world: Make, wanted: Wanted, error: type[Exception], said: str,
) -> None:
    portal = await world().signed_in()
    with pytest.raises(error) as caught:
        await portal.certificate(wanted)
    assert isinstance(caught.value, errors.AmeliError)
    assert said in caught.value.message("fr")


async def test_a_service_without_them_sends_the_person_to_the_page(world: Make) -> None:
    portal = await world(procedures="off").signed_in()
    with pytest.raises(errors.CertificateByHand) as caught:
        await portal.certificate(SICK_PAY)
    assert "Attestation de paiement d'indemnités journalières" in caught.value.hint("fr")
    assert caught.value.exit_code == 5


@pytest.mark.parametrize("kind", ["ij", "fiscal", "ceam"])
def test_the_real_service_is_never_asked(kind: str) -> None:
    with pytest.raises(errors.CertificateByHand):
        check_offered("https://assure.ameli.fr", Wanted(kind))  # type: ignore[arg-type]
    check_offered("http://127.0.0.1:8080", Wanted(kind))  # type: ignore[arg-type]


async def test_an_ended_session_is_told_as_such(world: Make) -> None:
    at = world()
    portal = await at.signed_in()
    at.sandbox.service.end_sessions()
    with pytest.raises(errors.SessionEnded):
        await portal.certificate(SICK_PAY)


@pytest.mark.parametrize(("standing", "error"), [
    ("cgu", errors.ConditionsToAccept), ("mail", errors.EmailToConfirm), ("newpassword", errors.PasswordExpired),
])
async def test_what_stands_in_the_way_is_named(world: Make, standing: str, error: type[Exception]) -> None:
    at = world()
    portal = await at.signed_in()
    at.sandbox.options.set("interstitial", standing)
    with pytest.raises(error):
        await portal.certificate(SICK_PAY)


@pytest.mark.parametrize(("spec", "error"), [
    ("500", errors.ServerFault), ("429", errors.TooManyRequests), ("redirect", errors.RedirectElsewhere),
])
async def test_failures_of_the_service_keep_their_names(world: Make, spec: str, error: type[Exception]) -> None:
    at = world()
    portal = await at.signed_in()
    at.sandbox.faults.replace(Faults.parse(f"{spec}@/documents/"))
    with pytest.raises(error):
        await portal.certificate(SICK_PAY)


async def test_an_outage_keeps_its_name(world: Make) -> None:
    at = world()
    portal = await at.signed_in()
    at.sandbox.options.outage = True
    with pytest.raises(errors.Outage):
        await portal.certificate(SICK_PAY)


async def test_what_is_no_pdf_is_not_handed_over(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    at = world()
    portal = await at.signed_in()

    async def answer(*_: object, **__: object) -> Reply:
        return Reply(200, "http://127.0.0.1:8080/x", {"content-type": "application/pdf"}, b"not a paper")

    monkeypatch.setattr("agent.portal.http.client.Http.get", answer)
    with pytest.raises(errors.PortalChanged):
        await portal.certificate(SICK_PAY)


@pytest.mark.parametrize("body", [b"", b"[", b"\xff", b'{"errors": 3}', b'{"errors": []}'])
async def test_a_404_without_reasons_means_that_there_is_no_such_service(
    world: Make, monkeypatch: pytest.MonkeyPatch, body: bytes,
) -> None:
    portal = await world().signed_in()

    async def answer(*_: object, **__: object) -> Reply:
        return Reply(404, "http://127.0.0.1:8080/x", {"content-type": "application/json"}, body)

    monkeypatch.setattr("agent.portal.http.client.Http.get", answer)
    with pytest.raises(errors.CertificateByHand):
        await portal.certificate(SICK_PAY)
