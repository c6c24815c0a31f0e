"""``ameli import``: files of the person's own, each told what became of it."""

import os
from pathlib import Path

from tests.commands import Home


def test_every_file_is_told_of_and_one_bad_file_stops_no_other(demo_home: Home, tmp_path: Path) -> None:
    odd, missing = tmp_path / "odd.bin", tmp_path / "missing.pdf"
    odd.write_bytes(b"\x00\x01")
    done = demo_home.run("import", str(missing), str(odd), "--json")
    assert done.code == 1
    first, second = done.json["files"]
    assert (first["path"], first["problem"]["code"]) == (str(missing), "unreadable_file")
    assert (second["path"], second["kind"], second["problem"]["code"]) == (str(odd), "unknown", "unknown_file")


def test_a_folder_is_walked_for_files_that_may_be_read(demo_home: Home, tmp_path: Path) -> None:
    inner = tmp_path / "2026" / "inner"
    inner.mkdir(parents=True)
    for name in ("photo.jpg", ".hidden.har", "broken.har", "letter.PDF"):
        (inner / name).write_bytes(b'{"log": {"entries": [')
    (inner / "link.har").symlink_to(inner / "broken.har")
    done = demo_home.run("import", str(tmp_path), "--json")
    assert [Path(one["path"]).name for one in done.json["files"]] == ["broken.har", "letter.PDF"]
    assert [one["problem"]["code"] for one in done.json["files"]] == ["not_har", "not_har"]
    shown = demo_home.run("import", str(tmp_path)).out
    assert "broken.har: This file is not a whole recorded session (HAR): it is cut short or damaged." in shown


def test_a_folder_without_any_is_told(demo_home: Home, tmp_path: Path) -> None:
    done = demo_home.run("import", str(tmp_path), "--json")
    assert (done.code, done.error["code"]) == (1, "no_files")


def test_names_of_any_bytes_are_brought_and_shown_harmless(demo_home: Home, tmp_path: Path) -> None:
    for name in (b"odd\xff.har", b"esc\x1b[31m\nred.har"):
        (tmp_path / os.fsdecode(name)).write_bytes(b'{"log": {"entries": []}}')
    done = demo_home.run("import", str(tmp_path))
    assert done.code == 1 and "odd\ufffd.har" in done.out and "\x1b" not in done.out
    codes = {one["problem"]["code"] for one in demo_home.run("import", str(tmp_path), "--json").json["files"]}
    assert codes == {"foreign_recording"}


def test_paths_of_nobody_and_of_no_length_are_told(demo_home: Home) -> None:
    done = demo_home.run("import", "~nobody-at-all/x.pdf", "y" * 9000, "--json")
    assert [one["problem"]["code"] for one in done.json["files"]] == ["unreadable_file"] * 2


def test_kept_statements_are_read_when_asked_for(demo_home: Home) -> None:
    done = demo_home.run("import", "--statements", "--json")
    assert done.code == 0 and all(one["kind"] == "statement" for one in done.json["files"])
    assert demo_home.run("import", "--statements").out == "Nothing new.\n"
    assert demo_home.run("import").code == 2


def test_a_preview_shows_what_columns_are_and_keeps_nothing(demo_home: Home, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    rows = ["Kig;Sagt;Raha;Muu", "20/10/2026;VIR CPAM PARIS;17,50;0,00", "21/10/2026;LOYER;-800,00;0,00"]
    path.write_text("\n".join(rows))
    before = demo_home.run("import", "--list", "--json").json
    asked = demo_home.run("import", "--preview", str(path), "--json")
    [file] = asked.json["files"]
    assert (asked.code, file["problem"]["code"]) == (1, "bank_columns_asked")
    assert [column["head"] for column in file["table"]["columns"]] == ["Kig", "Sagt", "Raha", "Muu"]
    shown = demo_home.run("import", "--preview", str(path), "--columns", "day=1,label=2,amount=3")
    assert shown.code == 0 and "1 item would be new" in shown.out
    assert "1 day       2 label         3 amount  4" in shown.out
    assert demo_home.run("import", "--list", "--json").json == before
    assert demo_home.run("import", "--preview", "--mine", str(path)).code == 2
    assert demo_home.run("import", str(path), "--columns", "day=1").code == 2
