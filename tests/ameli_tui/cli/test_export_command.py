"""Everything as a file, by command: whole, private, never over another, with the sums of ``ameli payments``."""

import csv
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastjsonschema
import pypdfium2
import pytest
from fhir.resources.R4B.bundle import Bundle
from icalendar import Calendar
from openpyxl import load_workbook

from agent.files import exports
from agent.protocol.export_formats import DOCUMENTS, EXPORT_FORMATS
from tests.commands import Home

_FILES = [known.name for known in EXPORT_FORMATS if known.name == known.typed != DOCUMENTS]


def mode(path: Path) -> int:
    """Who may read it."""
    return stat.S_IMODE(path.stat().st_mode)


def exported(home: Home, folder: Path, name: str, *args: str) -> bytes:
    """The bytes of one export."""
    target = folder / f"x.{name}"
    told = home.json("export", "--format", name, "--out", str(target), *args)
    assert told == {"format": name, "path": str(target), "bytes": target.stat().st_size}
    return target.read_bytes()


@pytest.fixture(scope="module")
def paid(running_demo: Home) -> list[dict[str, Any]]:
    """The demo's payments."""
    found: list[dict[str, Any]] = running_demo.json("payments")
    return found


def total(payments: list[dict[str, Any]]) -> Decimal:
    """Their sum."""
    return sum((Decimal(one["amount"]) for one in payments), Decimal(0))


def test_csv_adds_up_to_the_payments(demo_home: Home, paid: list[dict[str, Any]], tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(demo_home, tmp_path, "csv").decode())))
    assert sum(Decimal(row["amount"]) for row in rows) == total(paid)
    assert len({row["payment"] for row in rows}) == len(paid)
    french = tmp_path / "excel.csv"
    demo_home.json("export", "--format", "csv", "--excel", "--out", str(french))
    told = french.read_bytes()
    assert told.startswith(b"\xef\xbb\xbf") and b'";"' in told


def test_json_holds_everything_under_its_schema(
    demo_home: Home, paid: list[dict[str, Any]], tmp_path: Path
) -> None:
    data = exported(demo_home, tmp_path, "json")
    found = json.loads(data)
    schema = Path(exports.__file__).with_name("schema.json")
    fastjsonschema.compile(json.loads(schema.read_text(encoding="utf-8")))(found)
    assert found["payments"] == paid
    assert found["messages"] and found["documents"] and found["ledger"] and found["profile"]["name"]
    assert demo_home.details["password"] not in data.decode()


def test_the_workbook_adds_up_to_the_payments(
    demo_home: Home, paid: list[dict[str, Any]], tmp_path: Path
) -> None:
    book = load_workbook(io.BytesIO(exported(demo_home, tmp_path, "xlsx")))
    sums = [sum(Decimal(str(row[at].value)) for row in list(book[name].rows)[1:])
            for name, at in (("Payments", 3), ("Lines", 9))]
    assert sums == [total(paid), total(paid)]


def test_beancount_accepts_the_demo(demo_home: Home, tmp_path: Path) -> None:
    exported(demo_home, tmp_path, "beancount")
    checker = Path(sys.executable).with_name("bean-check")
    done = subprocess.run([checker, str(tmp_path / "x.beancount")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_hledger_accepts_the_demo_and_sums_what_arrived(
    demo_home: Home, paid: list[dict[str, Any]], tmp_path: Path
) -> None:
    exported(demo_home, tmp_path, "ledger")
    journal = ["hledger", "-f", str(tmp_path / "x.ledger")]
    utf8 = {**os.environ, "LC_ALL": "C.UTF-8"}  # hledger reads a file in the locale's encoding
    subprocess.run([*journal, "check", "--strict"], check=True, capture_output=True, env=utf8)
    asked = [*journal, "balance", "Received", "-O", "csv", "-N"]
    done = subprocess.run(asked, check=True, capture_output=True, text=True, env=utf8)
    _heading, (_name, said) = csv.reader(io.StringIO(done.stdout))
    assert Decimal(said.split()[0]) == total([one for one in paid if one["to"] == "assure"])


def test_fhir_is_valid_and_adds_up(demo_home: Home, paid: list[dict[str, Any]], tmp_path: Path) -> None:
    data = exported(demo_home, tmp_path, "fhir")
    Bundle.model_validate_json(data)
    found = [entry["resource"] for entry in json.loads(data, parse_float=Decimal, parse_int=Decimal)["entry"]]
    assert sum(one["payment"]["amount"]["value"] for one in found
               if one["resourceType"] == "ExplanationOfBenefit") == total(paid)


def test_the_calendar_is_that_of_the_deadlines(demo_home: Home, tmp_path: Path) -> None:
    events = Calendar.from_ical(exported(demo_home, tmp_path, "ics")).walk("VEVENT")
    assert {str(one["UID"]) for one in events} == {f"{one['id']}@ameli-tui" for one in demo_home.json("deadlines")}


def test_the_report_tells_the_sums_of_the_year(demo_home: Home, tmp_path: Path) -> None:
    year = demo_home.json("year", "--year", "2025")
    document = pypdfium2.PdfDocument(exported(demo_home, tmp_path, "report", "--year", "2025"))
    said = document[0].get_textpage().get_text_range()
    document.close()
    assert "Health care: the year 2025" in said
    assert f"€{Decimal(year['spent']):,.2f}" in said


def test_a_part_of_the_account_is_that_part_in_every_format(demo_home: Home, tmp_path: Path) -> None:
    some = demo_home.json("payments", "--since", "2025-03-01", "--until", "2025-06-30")
    data = exported(demo_home, tmp_path, "csv", "--since", "2025-03-01", "--until", "2025-06-30")
    assert {row["payment"] for row in csv.DictReader(io.StringIO(data.decode()))} == {one["id"] for one in some}
    person = some[0]["beneficiaries"][0]
    found = json.loads(exported(demo_home, tmp_path / ".", "json", "--year", "2025", "--beneficiary", person))
    assert found["payments"] == demo_home.json(
        "payments", "--since", "2025-01-01", "--until", "2025-12-31", "--beneficiary", person)
    assert {one["date"][:4] for one in found["documents"]} == {"2025"}


def test_a_person_is_known_by_part_of_the_name_and_nobody_else_is_made_up(demo_home: Home, tmp_path: Path) -> None:
    name = demo_home.json("profile")["name"]
    found = json.loads(exported(demo_home, tmp_path, "json", "--beneficiary", name.split()[0].lower()))
    assert found["filters"]["beneficiary"] == name
    assert [one["name"] for year in found["ledger"] for one in year["beneficiaries"]] == [name] * len(found["ledger"])
    done = demo_home.run("export", "--format", "csv", "--out", str(tmp_path / "x"), "--beneficiary", "nobody", "--json")
    assert (done.code, done.error["code"]) == (2, "unknown_person")
    assert name in done.error["message"]
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", _FILES)
def test_a_file_is_private_and_never_replaced_unasked(name: str, demo_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "file"
    args = ("export", "--format", name, "--year", "2026", "--out", str(target))
    target.write_text("mine")
    assert demo_home.run(*args).code == 1
    assert target.read_text() == "mine"
    assert demo_home.run(*args, "--force").code == 0
    assert mode(target) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_documents_go_into_a_private_folder_once(demo_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "papers"
    args = ("export", "--format", "documents", "--out", str(target), "--naming", "{year}/{kind}/{date}_{title}")
    told = demo_home.json(*args)
    listed = {one["id"]: one for one in demo_home.json("documents")}
    written = [path for path in target.rglob("*") if path.is_file()]
    assert told["written"] == len(written) == sum(one["fetched"] for one in listed.values())
    assert set(told["missing"]) == {key for key, one in listed.items() if not one["fetched"]}
    assert all(mode(path) == 0o600 and path.read_bytes().startswith(b"%PDF") for path in written)
    assert mode(target) == 0o700
    again = demo_home.json(*args)
    assert (again["written"], again["known"]) == (0, len(written))
    said = demo_home.run(*args)
    assert (said.code, "--fetch" in said.out) == (0, True)


def test_the_naming_of_the_settings_holds_where_none_is_given(demo_home: Home, tmp_path: Path) -> None:
    demo_home.json("config", "set", "export.naming", "{year}/{id}")
    try:
        demo_home.json("export", "--format", "documents", "--year", "2026", "--out", str(tmp_path))
    finally:
        demo_home.json("config", "set", "export.naming", "{date}_{kind}_{title}")
    assert [path.name for path in tmp_path.iterdir()] == ["2026"]


def test_a_file_that_is_not_the_document_is_left_alone(demo_home: Home, tmp_path: Path) -> None:
    args = ("export", "--format", "documents", "--year", "2026", "--out", str(tmp_path))
    demo_home.json(*args)
    first = sorted(tmp_path.iterdir())[0]
    bytes_before = first.read_bytes()
    first.write_text("mine")
    told = demo_home.json(*args)
    assert (told["written"], first.read_text()) == (1, "mine")
    assert first.with_name(f"{first.stem}-2.pdf").read_bytes() == bytes_before
    demo_home.json(*args, "--force")
    assert first.read_bytes() == bytes_before


def test_a_link_does_not_lead_documents_elsewhere(demo_home: Home, tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "2026").symlink_to(outside)
    done = demo_home.run("export", "--format", "documents", "--out", str(inside), "--naming", "{year}/{title}")
    assert done.code == 1
    assert list(outside.iterdir()) == []


def test_documents_go_into_a_zip_too(demo_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "papers.zip"
    told = demo_home.json("export", "--format", "documents", "--out", str(target), "--since", "2026-01-01")
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == told["written"] > 0
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
        assert all("2026-" in name and not name.startswith("/") for name in archive.namelist())
    assert mode(target) == 0o600
    assert demo_home.run("export", "--format", "documents", "--out", str(target)).code == 1


def test_documents_not_kept_yet_are_fetched_when_asked_for(demo_home: Home, tmp_path: Path) -> None:
    missing = [one for one in demo_home.json("documents") if not one["fetched"]]
    day = missing[-1]["date"]
    args = ("--format", "documents", "--since", day, "--until", day, "--fetch")
    told = demo_home.json("export", *args, "--out", str(tmp_path / "some"))
    assert told["missing"] == []
    assert told["written"] >= 1


@pytest.mark.parametrize("args", [
    ("--format", "odt", "--out", "x"), ("--format", "csv"), ("--format", "json", "--excel", "--out", "x"),
    ("--format", "csv", "--naming", "{title}", "--out", "x"), ("--format", "xlsx", "--fetch", "--out", "x"),
    ("--format", "csv", "--year", "2026", "--since", "2026-01-01", "--out", "x"), ("--out", "x"),
    ("--format", "documents", "--out", "-"), ("--format", "csv", "--lang", "de", "--out", "x"),
])
def test_options_that_do_not_go_together_are_wrong_usage(args: tuple[str, ...], demo_home: Home) -> None:
    done = demo_home.run("export", *args)
    assert (done.code, done.out) == (2, "")
    assert not Path("x").exists()


def test_a_naming_template_that_cannot_be_followed_is_wrong_usage(demo_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "papers"
    done = demo_home.run("export", "--format", "documents", "--out", str(target), "--naming", "../{title}", "--json")
    assert (done.code, done.error["code"]) == (2, "bad_naming")
    assert not target.exists()


@pytest.mark.parametrize("name", ["csv", "documents"])
def test_a_place_that_cannot_be_is_told(name: str, demo_home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for target in (tmp_path / "file" / "x", "~nobody-of-that-name/x/y" if name == "csv" else tmp_path / "file"):
        done = demo_home.run("export", "--format", name, "--year", "2026", "--out", str(target), "--json")
        assert (done.code, done.error["code"] in ("cannot_write", "file_exists")) == (1, True)


def test_an_export_to_standard_output_is_the_file_alone(demo_home: Home) -> None:
    done = demo_home.run("export", "--format", "ics", "--out", "-")
    assert done.out.startswith("BEGIN:VCALENDAR")
