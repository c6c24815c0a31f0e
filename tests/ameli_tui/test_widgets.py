"""The small parts: columns, strength, search, clipboard, outside, themes."""

import base64
from pathlib import Path

import pytest

from agent.errors import AmeliError
from agent.protocol.payments import PaymentRow
from ameli_tui.app.themes import choose_theme
from ameli_tui.files.external import document_text, forget_viewed, keep_for_viewer, page_text, viewer, write_private
from ameli_tui.forms.passphrase_strength import advice, bits
from ameli_tui.i18n.search_text import matches
from ameli_tui.screens.agent.agent import progress_bar
from ameli_tui.screens.home.rows import payment_cells
from ameli_tui.terminal.clipboard import osc52
from ameli_tui.widgets.chart import columns
from config.paths import Paths


def test_columns_are_exact_to_an_eighth_and_show_the_least_amount() -> None:
    assert columns([0, 1, 4, 8], 1) == [" ▁▄█"]
    assert columns([16, 8, 0.001], 2) == ["█  ", "██▁"]
    assert columns([], 2) == ["", ""]


def test_a_progress_bar_is_as_wide_as_asked() -> None:
    assert progress_bar(0, 27, 8) == "░" * 8
    assert progress_bar(27, 27, 8) == "█" * 8
    assert all(len(progress_bar(done, 27, 8)) == 8 for done in range(28))
    assert progress_bar(3, 0, 4) == "░░░░"


def test_length_makes_a_passphrase_strong_and_runs_do_not() -> None:
    assert bits("cheval juste pile agrafe") > 55 > bits("Azerty12")
    assert bits("aaaaaaaaaaaaaaaa") < 10
    assert bits("") == 0
    assert "8" in advice("court", 8)[0]


def test_searching_ignores_accents_case_and_order() -> None:
    assert matches("RELEVE oct", "Relevé mensuel octobre 2026")
    assert matches("", "anything")
    assert not matches("releve nov", "Relevé mensuel octobre 2026")


def test_the_clipboard_sequence_passes_multiplexers() -> None:
    plain = osc52("é", {})
    assert base64.b64decode(plain[7:-1]).decode() == "é"
    assert osc52("é", {"TMUX": "/tmp/x"}).startswith("\x1bPtmux;\x1b\x1b]52;c;")
    assert osc52("x" * 300, {"TERM": "screen-256color"}).count("\x1bP") > 1
    assert len(osc52("x" * 1_000_000, {})) < 101_000


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [({"SSH_CONNECTION": "x", "DISPLAY": ":0"}, "linux", None), ({}, "linux", None),
     ({"SSH_CONNECTION": "x"}, "darwin", None), ({}, "darwin", ["/usr/bin/open"])])
def test_a_viewer_is_only_started_where_the_person_sits(
    environ: dict[str, str], platform: str, expected: list[str] | None
) -> None:
    assert viewer(environ, platform) == expected


def test_a_private_file_is_never_written_over_or_through_a_link(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    write_private(target, b"one")
    assert target.stat().st_mode & 0o777 == 0o600
    link = tmp_path / "link.pdf"
    link.symlink_to(tmp_path / "elsewhere")
    for path in (target, link, tmp_path / "missing" / "a.pdf"):
        with pytest.raises(AmeliError):
            write_private(path, b"two")
    assert target.read_bytes() == b"one"
    assert not (tmp_path / "elsewhere").exists()


def test_a_name_from_outside_never_becomes_a_path(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path / "run")
    for name in ("../../etc/passwd", "/etc/passwd", "..", "a\x00b\n.pdf", "x" * 500):
        kept = keep_for_viewer(paths, name, b"data")
        assert kept.parent == tmp_path / "run" / "viewed"
        assert kept.read_bytes() == b"data"
    forget_viewed(paths)
    assert not (tmp_path / "run" / "viewed").exists()


def test_a_text_goes_to_the_pager_through_a_pipe(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    pager = tmp_path / "pager"
    pager.write_text(f"#!/bin/sh\ncat > {seen}\n")
    pager.chmod(0o700)
    assert page_text("é\n", {"PAGER": str(pager), "PATH": "/bin"})
    assert seen.read_text() == "é\n"
    assert not page_text("x", {"PAGER": "no-such-pager", "PATH": "/bin"})


def test_what_is_no_pdf_is_shown_as_text_and_a_broken_one_as_nothing() -> None:
    assert document_text("é".encode()) == "é"
    assert document_text(b"%PDF-1.4 broken") == ""


@pytest.mark.parametrize(
    ("wanted", "system", "environ", "expected"),
    [("auto", "truecolor", {}, "ameli-dark"), ("auto", "256", {"COLORFGBG": "0;15"}, "ameli-light"),
     ("auto", "standard", {}, "ansi-dark"), ("light", "standard", {}, "ansi-light"), ("auto", None, {}, "ameli-dark"),
     ("nord", "standard", {}, "nord"), ("dark", "truecolor", {"COLORFGBG": "0;15"}, "ameli-dark")])
def test_colours_follow_the_setting_then_the_terminal(
    wanted: str, system: str | None, environ: dict[str, str], expected: str
) -> None:
    assert choose_theme(wanted, system, environ) == expected


def test_a_payment_is_told_by_its_care_where_that_is_known() -> None:
    row = PaymentRow(
        "p1", "2026-11-20", "REMBOURSEMENT_SOINS", "19.00", "assure", "Remboursement de soins", "ANNE", None, "")
    assert any("Remboursement de soins" in text for text, _ in payment_cells(row, 80))
    told = payment_cells(row._replace(acts="C GENERALISTE"), 80)
    assert any("C GENERALISTE" in text for text, _ in told)


async def test_a_text_is_never_broken_where_its_space_holds_words_together() -> None:
    from ameli_tui.terminal.safe_text import content
    from ameli_tui.widgets.scroll_panel import Pane
    from tests.ameli_tui.fake_agent import FakeAgent
    from tests.ameli_tui.opened import opened

    async with opened(FakeAgent()) as driven:
        pane = driven.page.query_one("#needs", Pane)
        pane.show(content(("Total\xa0: ", "bold"), "cent mille euros, soit 1\xa0234,56\xa0€ demain\xa0; voilà\xa0!"))
        await driven.settle()
        lines = [pane.render_line(row).text.rstrip() for row in range(pane.virtual_size.height)]
        assert len(lines) > 1
        assert not any(line.startswith((";", ":", "€", "!", "234")) for line in lines)
        assert "\ue000" not in "".join(lines)
        assert "1\xa0234,56\xa0€" in "".join(lines)
