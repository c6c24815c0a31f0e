"""Documents asked for while the service does not answer: what is kept is written, and the rest is told."""

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from agent.sandbox.model import Attachment, CareLine, FlatDeduction, Household, Person, SandboxMessage, SandboxPayment
from tests.commands import Home
from tests.played import played

_NIR, _PASSWORD = "2850578006048", "Sesame+1"


def household() -> Household:
    """Two payments whose statements are fetched on demand, and a message with a file."""
    ines = Person("INES", "FAURE", date(1985, 5, 12), insured=True)
    payments = [
        SandboxPayment(
            date(2026, 10, day), "REMBOURSEMENT_SOINS", "Remboursement de soins", Decimal("19.00"),
            lines=[CareLine(ines, "C GENERALISTE", "G", date(2026, 9, day), Decimal(30), Decimal(30), 70, Decimal(21))],
            deductions=[FlatDeduction("PARTICIPATION", "PFH", date(2026, 9, day), Decimal(-2), ines)])
        for day in (2, 9)]
    messages = [SandboxMessage("M-1", date(2026, 11, 3), "CPAM", "Objet", "Texte",
                               [Attachment("piece.pdf", b"%PDF-1.4 joint")])]
    return Household(
        nir=_NIR, password=_PASSWORD, persons=[ines], address=("1 RUE HAUTE", "75001 PARIS"), email="i@example.org",
        mobile="06 00 00 00 00", phone="01 00 00 00 00", cpam="CPAM DE PARIS", cpam_address="PARIS", top_up="",
        payments=payments, messages=messages)


def test_what_is_kept_is_written_and_the_rest_is_told(empty_home: Home, tmp_path: Path) -> None:
    secret, password = tmp_path / "passphrase", tmp_path / "password"
    secret.write_text("four random words\n")
    password.write_text(_PASSWORD + "\n")
    with played(household()) as service:
        service.sandbox.options.otp = False
        service.point(empty_home.folder)
        empty_home.json("setup", "--passphrase-file", str(secret))
        empty_home.json("login", "--nir", _NIR, "--password-file", str(password))
        empty_home.json("sync")
    missing = [one for one in empty_home.json("documents") if not one["fetched"]]
    kept = len(empty_home.json("documents")) - len(missing)
    assert missing and kept
    for target in (tmp_path / "papers", tmp_path / "papers.zip"):
        done = empty_home.run("export", "--format", "documents", "--fetch", "--out", str(target), "--json")
        assert (done.code, done.error["code"]) == (4, "unreachable")
        assert f"{kept} document" in done.err and f"{len(missing)} are not fetched" in done.err
    assert len(list((tmp_path / "papers").iterdir())) == kept
    with zipfile.ZipFile(tmp_path / "papers.zip") as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == kept
