"""The fund's dBase archives: every price with its first day, grids proved by what is known, hostile files refused."""

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.files.formats.nomenclature.archives import gather, is_archive
from agent.files.formats.nomenclature.dbase import HELPFUL, WANTED, read_dbase
from agent.files.formats.nomenclature.errors import Refusal
from agent.files.formats.nomenclature.parsed import Parsed
from agent.files.formats.nomenclature.reading import read
from config.ccam.taken_in import unpack
from tests.agent.files.formats.nomenclature import official

_SOME = {code: tariffs for code, tariffs in official.newest().items() if code.startswith(("JK", "DE", "HB", "HH"))}
_EARLIER = [("JKHD00110", grid, euros, date(2008, 1, 1)) for grid, euros in (
    ("1", Decimal("12.00")), ("2", Decimal("9.00")))]  # fmt: skip


def _read(tables: dict[str, bytes], folder: Path) -> Parsed:
    paths = {}
    for name, data in tables.items():
        paths[name] = folder / f"{name}.dbf"
        paths[name].write_bytes(data)
    return read_dbase(paths, "82")


def test_every_price_has_the_day_on_which_it_began(tmp_path: Path) -> None:
    parsed = _read(official.dbase(_SOME, _EARLIER), tmp_path)
    assert (parsed.version, parsed.day, parsed.source) == ("82", date(2026, 1, 1), "CCAM-V82")
    smear = next((tariff, cells) for tariff, cells in parsed.lines if tariff.code == "JKHD001")
    assert (smear[0].group, smear[0].exemption) == ("ATM", "2")
    today, *begun = [price for price in smear[1] if price is not None]
    assert (today.ordinary, today.outside, today.began) == (Decimal("13.00"), Decimal("9.96"), False)
    assert [(price.day, price.ordinary, price.outside) for price in begun] == [
        (date(2008, 1, 1), Decimal("12.00"), Decimal("9.00")),
        (date(2019, 6, 28), Decimal("12.46"), Decimal("9.64")),
        (date(2025, 2, 1), Decimal("12.73"), Decimal("9.80")),
        (date(2026, 1, 1), Decimal("13.00"), Decimal("9.96")),
    ]  # fmt: skip
    assert all(price.began for price in begun)


def test_slices_of_a_name_are_glued_and_the_newest_counts(tmp_path: Path) -> None:
    parsed = _read(official.dbase(_SOME), tmp_path)
    assert parsed.words["JKHD001"] == "Acte " + "é" * 247 + " xyz"


def test_what_is_not_refunded_or_wants_an_agreement_is_told(tmp_path: Path) -> None:
    parsed = _read(official.dbase(_SOME), tmp_path)
    conditions = {tariff.name: tariff.conditions for tariff, _ in parsed.lines}
    assert {conditions[tariff.name] for same in _SOME.values() for tariff in same
            if "P" in tariff.conditions and tariff.name in conditions} <= {"P"}


def test_a_grid_is_taken_for_its_prices_not_for_its_number(tmp_path: Path) -> None:
    tables = official.dbase(_SOME)
    tables["R_PU_BASE"] = official.as_dbf(official.PRICES, (
        [f"{tariff.code}{tariff.activity}{tariff.phase}", grid, price.ordinary + more, price.day]
        for same in _SOME.values() for tariff in same for price in tariff.prices if price.refunded
        for grid, more in (("1", 5), ("2", 9))))  # fmt: skip
    with pytest.raises(Refusal, match="not recognised"):
        _read(tables, tmp_path)


def test_archives_without_all_their_tables_say_which_are_missing(tmp_path: Path) -> None:
    tables = official.dbase(_SOME)
    del tables["R_PU_BASE"]
    with pytest.raises(Refusal, match="R_PU_BASE") as refused:
        read(official.as_archives(tables, tmp_path), None)
    assert "three archives" in refused.value.do_en


def test_names_that_tell_no_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "tables.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("R_ACTE.dbf", b"")
    with pytest.raises(Refusal, match="no single version"):
        read([path], None)


def test_only_wanted_tables_are_unpacked_and_under_our_own_names(tmp_path: Path) -> None:
    path, into = tmp_path / "CCAM08200_DBF_PART1.zip", tmp_path / "into"
    into.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../R_ACTE.dbf", b"x")
        archive.writestr("/etc/R_PU_BASE.DBF", b"y")
        archive.writestr("R_NOTE_ACTE.dbf", b"z")
        archive.writestr("run.sh", b"z")
    assert is_archive(path)
    tables = gather([path], WANTED | HELPFUL, into)
    assert sorted(file.name for file in into.iterdir()) == ["R_ACTE.dbf", "R_PU_BASE.dbf"]
    assert sorted(tables) == ["R_ACTE", "R_PU_BASE"] and not (tmp_path.parent / "R_ACTE.dbf").exists()


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.files.formats.nomenclature.archives._MOST", 3 << 20)
    path, into = tmp_path / "CCAM08200_DBF_PART1.zip", tmp_path / "into"
    into.mkdir()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("R_ACTE.dbf", bytes(4 << 20))
    with pytest.raises(Refusal, match="over 3 MB"):
        gather([path], WANTED, into)


@given(st.sampled_from(sorted(WANTED)), st.integers(0, 2_000), st.binary(max_size=200))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_table_is_read_or_refused(tmp_path: Path, name: str, place: int, junk: bytes) -> None:
    tables = official.dbase({code: _SOME[code] for code in list(_SOME)[:12]})
    data = tables[name]
    tables[name] = data[:place] + junk + data[place + len(junk):]
    try:
        _read(tables, tmp_path)
    except Refusal as refused:
        assert refused.why_fr and refused.why_en


@pytest.mark.slow
def test_the_whole_of_three_archives_or_of_a_folder_is_read_and_packed(tmp_path: Path) -> None:
    tables = official.dbase(official.newest(), _EARLIER)
    parsed, table = read(official.as_archives(tables, tmp_path), None)
    assert parsed.unread == []
    kept = unpack(table)
    kept.check()
    assert date(2008, 1, 1) in kept.days() and kept.versions[0].name == "CCAM-V82"
    folder = tmp_path / "CCAM_V82"
    folder.mkdir()
    for name, data in tables.items():
        (folder / f"{name.lower()}.DBF").write_bytes(data)
    assert read([folder], None)[1] == table
