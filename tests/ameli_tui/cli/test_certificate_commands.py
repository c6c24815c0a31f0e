"""``ameli attestation --kind``: the certificates on demand, from the demo's service to a file."""

from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest

from tests.commands import TODAY, Home

NOW = date.fromisoformat(TODAY)


def _printed(file: Path) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file.read_bytes()))


def test_a_provisional_european_certificate_is_had_for_anybody_of_the_account(demo_home: Home, tmp_path: Path) -> None:
    someone = demo_home.json("profile")["beneficiaries"][-1]["name"]
    target = tmp_path / "ceam.pdf"
    told = demo_home.json("attestation", "--kind", "ceam", "--beneficiary", someone, "--out", str(target))
    assert (told["kind"], told["beneficiary"], told["path"]) == ("ceam", someone, str(target))
    assert someone.split()[0] in _printed(target)


def test_the_entitlement_certificate_stays_what_it_was(demo_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "droits.pdf"
    told = demo_home.json("attestation", "--out", str(target))
    assert (told["kind"], told["beneficiary"]) == ("droits", None)
    assert "ATTESTATION DE DROITS" in _printed(target)


def test_sick_pay_is_certified_for_the_days_asked_for(demo_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "ij.pdf"
    since = (NOW - timedelta(days=3 * 365)).isoformat()
    done = demo_home.run("attestation", "--kind", "ij", "--since", since, "--out", str(target), "--json")
    paid = any(payment["kind"] == "INDEMNITE_JOURNALIERE_ASSURE" for payment in demo_home.json("payments"))
    if paid:
        assert done.code == 0
        assert "INDEMNITÉS JOURNALIÈRES" in _printed(target)
    else:
        assert (done.code, done.error["code"]) == (1, "nothing_to_certify")
        assert not target.exists()


def test_what_is_not_certified_is_told_and_nothing_written(demo_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "tax.pdf"
    done = demo_home.run("attestation", "--kind", "fiscal", "--year", str(NOW.year), "--out", str(target), "--json")
    assert (done.code, done.error["code"]) == (1, "certificate_refused")
    done = demo_home.run("attestation", "--kind", "fiscal", "--year", "1999", "--out", str(target), "--json")
    assert (done.code, done.error["code"]) == (1, "nothing_to_certify")
    assert not target.exists()


@pytest.mark.parametrize("args", [
    ("--kind", "ij", "--beneficiary", "TOM"), ("--kind", "ceam", "--year", "2025"), ("--since", "2026-01-01"),
    ("--kind", "fiscal", "--until", "2026-01-01"), ("--kind", "vie"), ("--kind", "ij", "--since", "yesterday"),
])
def test_an_option_of_another_certificate_is_wrong_usage(
    args: tuple[str, ...], demo_home: Home, tmp_path: Path,
) -> None:
    done = demo_home.run("attestation", *args, "--out", str(tmp_path / "x.pdf"), "--json")
    assert (done.code, done.error["code"]) == (2, "usage")


def test_days_the_wrong_way_round_are_refused(demo_home: Home, tmp_path: Path) -> None:
    done = demo_home.run("attestation", "--kind", "ij", "--since", "2026-02-01", "--until", "2026-01-01",
                         "--out", str(tmp_path / "x.pdf"), "--json")
    assert done.code != 0
    assert set(done.error) == {"code", "message", "hint"}
