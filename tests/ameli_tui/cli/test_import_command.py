"""``ameli import``: files of the person's own, each told what became of it."""

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
