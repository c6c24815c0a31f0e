"""An account of which every text is an attack on whoever shows or saves it: from the wire to screen, file and pipe."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle
from icalendar import Calendar
from openpyxl import load_workbook

from agent.client.client import Client
from agent.sandbox.model import Attachment, CareLine, FlatDeduction, Household, Person, SandboxMessage, SandboxPayment
from ameli_tui import i18n
from ameli_tui.app.app import AmeliApp
from ameli_tui.app.start import send_opening
from config.paths import find_paths
from tests.ameli_tui.opened import Driven, Traffic
from tests.ameli_tui.terminal import terminal
from tests.commands import TODAY, Done, Home
from tests.played import played
from tests.thoroughness import some_and_all

pytestmark = pytest.mark.xdist_group("hostile-account")

PASSPHRASE = "four random words"
TEXTS = (
    "A[red]mark[/red]", "B[/ mark", "C[@click=app.quit]mark[/]", "D\x1b]52;c;aGFjaw==\x07mark", "E\x1b[2J\x1b[31mmark",
    "F\x9b2J\x9d52;c;aGFjaw==\x9cmark", "G\u202emark\u202c\u2066x\u2069\u200f", "H\x00mark\x08\x7f\x0b",
    "../../etc/I-mark", "/abs/J-mark", "C:\\x\\K-mark", '=HYPERLINK("http://x";"L-mark")',
    "M-mark " + "0123456789" * 499,
    "N👩\u200d⚕️🇫🇷診察e\u0301\u0323\u0302mark", "O\r\nset-cookie: mark", "P<b>&quot;'%s{0}$(id)`mark`",
)
_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INJECTED = (b"\x1b]52", b"\x1b[2J\x1b[31mmark", "\x9b".encode(), "\x9d".encode(), "\u202e".encode(), "\u2066".encode(),
             b"aGFjaw==\x07", b"\x00mark")


class _Papers:
    """PDFs that say the same."""

    def _pdf(self) -> bytes:
        from fpdf import FPDF

        paper = FPDF()
        paper.add_page()
        paper.set_font("helvetica", size=8)
        paper.set_title(TEXTS[3])
        for text in TEXTS:
            paper.multi_cell(0, 6, text.encode("latin-1", "replace").decode("latin-1"), new_x="LMARGIN", new_y="NEXT")
        return bytes(paper.output())

    def payment(self, household: Household, payment: SandboxPayment) -> bytes:
        return self._pdf()

    def statement(self, household: Household, month: date) -> bytes:
        return self._pdf()

    def attestation(self, household: Household, person: Person | None, today: date) -> bytes:
        return self._pdf()


def _household() -> Household:
    people = [Person(text, text, date(1980, 1, 1 + n), insured=not n) for n, text in enumerate(TEXTS)]
    payments = [
        SandboxPayment(
            date(2026, 10, 1 + n), "REMBOURSEMENT_SOINS", text, Decimal("19.00"),
            lines=[CareLine(people[n], text, "G", date(2026, 9, 1 + n), Decimal(30), Decimal(30), 70, Decimal(21))],
            deductions=[FlatDeduction(text, "PFH", date(2026, 9, 1 + n), Decimal(-2), people[n])])
        for n, text in enumerate(TEXTS)]
    messages = [
        SandboxMessage(f"M-{n}", date(2026, 11, 1 + n), text, text, text, [
            Attachment(text, b"%PDF-1.4 joint"), Attachment(text + ".txt", "".join(TEXTS[:8]).encode())])
        for n, text in enumerate(TEXTS)]
    everything = " ".join(text for text in TEXTS if len(text) < 100)
    return Household(
        nir="2850578006048", password="Sesame+1", persons=people, address=(everything, everything), email=everything,
        mobile=everything, phone=everything, cpam=everything, cpam_address=everything, top_up=everything,
        payments=payments, messages=messages)


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A home that has synced that account; its vault is open."""
    folder = Path(tempfile.mkdtemp(prefix="ameli-test-"))
    one = Home(folder / "home")
    secret, password = folder / "passphrase", folder / "password"
    secret.write_text(PASSPHRASE + "\n")
    password.write_text("Sesame+1\n")
    with played(_household(), _Papers()) as service:
        service.sandbox.options.otp = False
        service.point(one.folder)
        try:
            one.json("setup", "--passphrase-file", str(secret))
            one.json("login", "--nir", "2850578006048", "--password-file", str(password))
            result = one.json("sync")
            assert result["problems"] == []
            assert result["new"]["payments"] == result["new"]["messages"] == len(TEXTS)
            yield one
        finally:
            one.run("agent", "stop")
            shutil.rmtree(folder)


def _harmless(done: Done) -> str:
    assert done.code == 0, done.err or done.out
    for written in (done.out, done.err):
        found = _STEERS.search(written)
        assert not found, f"{found!r} in {written[max(0, found.start() - 60):found.end() + 60]!r}" if found else ""
    return done.out


@pytest.mark.parametrize("words", [
    ("payments",), ("payments", "--search", "mark"), ("documents",), ("messages",), ("profile",), ("coverage",),
    ("agent", "status"), ("agent", "logs"), ("doctor",),
], ids=" ".join)
def test_a_command_writes_nothing_that_a_terminal_obeys(home: Home, words: tuple[str, ...]) -> None:
    plain, document = home.run(*words), home.run(*words, "--json")
    if words == ("doctor",):
        plain, document = Done(0, plain.out, plain.err), Done(0, document.out, document.err)
    shown = _harmless(plain)
    json.loads(_harmless(document))
    if words[0] in ("payments", "messages"):
        assert shown.count("mark") >= len(TEXTS), "text was lost"
        assert "[red]" in shown
        assert "[/" in shown


@pytest.mark.parametrize("step", some_and_all(4))
def test_every_message_is_read_whole_and_harmless(home: Home, step: int) -> None:
    for message in home.json("messages")[::step]:
        text = _harmless(home.run("messages", "read", message["id"]))
        assert text.count("mark") >= 3, "subject, sender and body are there"


def test_documents_are_written_where_asked_and_nowhere_else(home: Home) -> None:
    folder = home.folder.parent / "chosen"
    folder.mkdir()
    before = {path for path in home.folder.parent.rglob("*") if "data" not in path.parts}
    documents = home.json("documents")
    attached = [one for one in documents if one["kind"] == "attachment"]
    assert len(attached) == 2 * len(TEXTS)
    for one in documents:
        name = one["filename"]
        assert "/" not in name and "\\" not in name and not name.startswith((".", "-", "="))
        assert not _STEERS.search(name) and len(name.encode()) <= 120
    several = [*attached[:: len(attached) // 4], *(one for one in documents if one["kind"] == "decompte")][:6]
    for n, one in enumerate(several):
        _harmless(home.run("documents", "get", one["id"], "--out", str(folder / f"{n}.pdf")))
    written = {path for path in home.folder.parent.rglob("*") if "data" not in path.parts} - before
    assert written == {folder / f"{n}.pdf" for n in range(len(several))}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in written)


def test_every_export_is_data_and_nothing_else_to_the_program_it_is_for(home: Home, tmp_path: Path) -> None:
    for name in ("csv", "json", "xlsx", "beancount", "ledger", "fhir", "ics", "report"):
        _harmless(home.run("export", "--format", name, "--out", str(tmp_path / name)))
    said = (tmp_path / "csv").read_bytes().decode()
    assert not _STEERS.search(said.replace("\r\n", "\n"))
    for row in csv.DictReader(said.splitlines()):
        assert not row["label"].startswith(("=", "+", "-", "@")) and not row["beneficiary"].startswith(("=", "+", "@"))
    with (tmp_path / "xlsx").open("rb") as file:
        cells = [cell for sheet in load_workbook(file) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}  # no "f", a formula
    Bundle.model_validate_json((tmp_path / "fhir").read_bytes())
    Calendar.from_ical((tmp_path / "ics").read_bytes())
    judges = [[Path(sys.executable).with_name("bean-check"), tmp_path / "beancount"],
              ["hledger", "-f", tmp_path / "ledger", "check", "--strict"]]
    for judge in judges:
        if shutil.which(judge[0]):
            done = subprocess.run(judge, capture_output=True, text=True, check=False,
                                  env={**os.environ, "LC_ALL": "C.UTF-8"})  # hledger reads as the locale says
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_documents_are_exported_into_the_folder_alone(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    told = home.json("export", "--format", "documents", "--out", str(folder), "--naming", "{title}/{title}_{id}")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert told["written"] == len(written) >= len(TEXTS)
    assert all(path.is_relative_to(folder) and len(path.relative_to(folder).parts) == 2 for path in written)
    assert not any(_STEERS.search(str(path)) or path.is_symlink() for path in written)


def _check(driven: Driven, where: str) -> None:
    drawn = [segment.text for strip in driven.app.screen._compositor.render_strips() for segment in strip]
    found = _STEERS.search("".join(drawn))
    assert not found, f"{found[0]!r} was drawn on {where}" if found else ""


async def _back(driven: Driven) -> None:
    """Close what lies on top; a wide window shows some things beside the list instead."""
    if len(driven.app.screen_stack) > 1:
        await driven.keys("escape")


@pytest.mark.slow
async def test_every_screen_draws_it_as_text(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"AMELI_TODAY": TODAY, "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none"}.items():
        monkeypatch.setenv(name, value)
    chosen = home.folder.parent / "saved"
    chosen.mkdir()
    monkeypatch.setenv("HOME", str(chosen))
    before, paths = i18n._lang, find_paths({"AMELI_HOME": str(home.folder), "HOME": str(chosen)})
    i18n.set_lang("en")
    client = Client(paths)
    app = AmeliApp(paths, client, send_opening(client), "auto")
    try:
        traffic = Traffic()
        async with app.run_test(size=(120, 44), message_hook=traffic) as pilot:
            driven = Driven(app, pilot, home.folder, traffic)
            await driven.settle()
            _check(driven, "home")
            await driven.keys("2")
            assert "[red]mark[/red]" in driven.text
            assert "B[/ mark" in driven.text
            assert "C[@click=app" in driven.text
            for n in range(len(TEXTS)):
                await driven.keys("j")
                _check(driven, f"payments, row {n}")
                await driven.keys("enter")
                _check(driven, f"payment {n}")
                await _back(driven)
            await driven.keys("4")
            assert "[red]mark[/red]" in driven.text
            for n in range(len(TEXTS)):
                await driven.keys("enter")
                _check(driven, f"message {n}")
                await _back(driven)
                await driven.keys("j")
            await driven.keys("a")
            for n in range(3):
                await driven.keys("v")
                _check(driven, f"attachment {n}")
                await _back(driven)
                await driven.keys("j")
            await driven.keys("1", "3", "v")
            _check(driven, "the text of a document")
            await _back(driven)
            await driven.keys("w")
            _check(driven, "where to save")
            await driven.keys("enter")
            await driven.until("Saved: ")
            await driven.keys("5")
            _check(driven, "agent")
            assert app.is_running, "an action inside of a text was run"
            await driven.keys("2", "g")
            await pilot.click(offset=next(
                (line.index("@click") + 3, y) for y, line in enumerate(driven.text.splitlines()) if "@click" in line))
            await driven.settle()
            assert app.is_running
    finally:
        i18n.set_lang(before)
    saved = list(chosen.iterdir())
    assert len(saved) == 1
    assert re.fullmatch(r"[\w.-]+\.(pdf|bin|txt)", saved[0].name)


def test_every_screen_shows_it_in_a_terminal_and_obeys_none_of_it(home: Home) -> None:
    with terminal(home.folder, cols=120, rows=36, AMELI_TODAY=TODAY, AMELI_LANG="en",
                  COLUMNS=None, LINES=None) as shown:
        shown.until("mark")
        for keys in (b"2", b"\r", b"\x1b[B", b"\x1b[B", b"q", b"b", b"t", b"3", b"v", b"q", b"4", b"\r", b"a",
                     b"q", b"5", b"?", b"q", b"1"):
            shown.send(keys)
            shown.read(0.25)
        shown.send(b"2x")  # without the filters tried above
        shown.read(0.25)
        shown.send(b"/mark\r")
        shown.until("[red]mark[/red]")
        received = bytes(shown.received)
        for sequence in _INJECTED:
            assert sequence not in received, sequence
        assert shown.status is None
        assert os.waitpid(shown.pid, os.WNOHANG) == (0, 0), "something ended the program"
        shown.send(b"Q")
        assert shown.wait() == 0
