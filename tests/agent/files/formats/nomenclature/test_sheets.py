"""The fund's table as a sheet: read whole, in each of its forms, or refused with why and what to do."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.files.formats.nomenclature.checks import packed
from agent.files.formats.nomenclature.errors import Refusal
from agent.files.formats.nomenclature.official_sheet import read_sheet
from agent.files.formats.nomenclature.parsed import Parsed
from agent.files.formats.nomenclature.sheet import rows_of
from config.ccam.taken_in import unpack
from tests.agent.files.formats.nomenclature import official

_ROWS = official.rows()


def _read(data: bytes, name: str = "CCAM.xls", day: date | None = None) -> Parsed:
    return read_sheet(rows_of(data), name, day)


@pytest.mark.parametrize("form", [
    official.as_xlsx, official.as_csv, lambda rows: official.as_csv(rows, ","),
    lambda rows: official.as_csv(rows, "\t"), lambda rows: official.as_csv(rows, ";", "cp1252"),
], ids=["workbook", "semicolons", "commas", "tabs", "old letters"])  # fmt: skip
def test_the_whole_table_is_read_in_every_form(form: Callable[[list[official.Row]], bytes]) -> None:
    parsed = _read(form(_ROWS))
    assert (parsed.version, parsed.day, parsed.unread) == ("82", date(2026, 7, 1), [])
    acts = official.newest()
    assert len(parsed.lines) == sum(len(tariffs) for tariffs in acts.values())
    table = unpack(packed(parsed))
    table.check()
    for code in ("JKHD001", "HHFA011", "HALD002", "AALF002", "HBLD038", "BDLA003"):
        assert [(one.name, one.group, one.exemption, one.conditions) for one in table.find(code)] == [
            (one.name, one.group, one.exemption, one.conditions) for one in acts[code]]
        for now, before in zip(table.find(code), acts[code], strict=True):
            assert now.prices[0].same(before.prices[-1]) and now.prices[0].day == date(2026, 7, 1)
    assert table.words("JKHD001") == "Acte JKHD001"


def test_an_old_excel_file_is_read() -> None:
    data = Path(__file__).with_name("CCAM_V82_beginning.xls").read_bytes()
    parsed = _read(data)
    assert [(tariff.name, cells[0] and cells[0].ordinary) for tariff, cells in parsed.lines] == [
        ("JKHD001", Decimal("13.20")), ("HHFA011", Decimal("176.79")), ("HHFA011/4", Decimal("87.87")),
        ("HALD002", Decimal(0))]  # fmt: skip
    assert parsed.words["JKHD001"] == "Prélèvement cervicovaginal"


def test_version_and_day_come_from_title_name_or_person() -> None:
    untitled = [["Table"], *_ROWS[1:8]]
    parsed = _read(official.as_csv(untitled), "CCAM_V083.csv", date(2026, 9, 1))
    assert (parsed.version, parsed.day) == ("83", date(2026, 9, 1))
    with pytest.raises(Refusal, match="from which day"):
        _read(official.as_csv(untitled), "CCAM_V083.csv")
    with pytest.raises(Refusal, match="its version"):
        _read(official.as_csv(untitled), "table.csv", date(2026, 9, 1))


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([["a", "b"], ["1", "2"]], "missing"),
        ([*_ROWS[:1], [*official.HEADINGS[:5], "Prix", *official.HEADINGS[6:]], *_ROWS[2:9]], "tarif/secteur 1"),
        ([], "missing"),
    ],
)
def test_a_sheet_of_another_layout_says_which_columns_are_missing(rows: list[official.Row], why: str) -> None:
    with pytest.raises(Refusal, match=why) as refused:
        _read(official.as_csv(rows), "CCAM_V82.csv", date(2026, 7, 1))
    assert refused.value.why_fr and refused.value.do_fr and refused.value.do_en


def test_rows_that_cannot_be_read_are_named() -> None:
    act: official.Row = ["JKHD001", "", "Un acte", 1, 0, 13.2, 10.1, "", "", "2", "ATM"]
    broken: list[official.Row] = [
        [*act[:5], "bientôt", *act[6:]], [*act[:3], "un", *act[4:]], [*act[:10], "[red]"], [*act[:5], -3.0, *act[6:]],
        [*act[:5], 1e9, *act[6:]], act, act,
    ]  # fmt: skip
    parsed = _read(official.as_csv([*_ROWS[:2], *broken]))
    assert [one.row for one in parsed.unread] == [3, 4, 5, 6, 7, 9]
    assert len(parsed.lines) == 1


def test_a_part_of_the_table_is_refused_as_what_it_lacks_would_count_as_ended() -> None:
    with pytest.raises(Refusal, match="known acts only"):
        packed(_read(official.as_csv(_ROWS[:2000])))


def test_prices_far_from_those_known_are_refused() -> None:
    tenfold = official.rows(change=lambda _, price: (price.ordinary * 10, price.outside * 10))
    with pytest.raises(Refusal, match="too far"):
        packed(_read(official.as_csv(tenfold)))


def _workbook(part: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr(part, content)
    return out.getvalue()


@pytest.mark.parametrize("data", [
    b"", b"\0" * 100, b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600, b"%PDF-1.7\n\0",
    _workbook("xl/worksheets/sheet1.xml", b'<c r="XFD1048576"/>'),
    _workbook("xl/worksheets/sheet1.xml", b'<c r="A999999999"/>'),
    official.as_xlsx(_ROWS[:30])[:-700], b"a;b\n" * 10 + b'"' + b"x;" * 200_000,
    b"x;y\n" * 200_001,
], ids=[
    "empty", "zeros", "no zip", "no compound file", "pdf", "far column", "far row", "cut", "open quote", "long",
])  # fmt: skip
def test_what_is_no_table_is_refused_and_never_fills_the_memory(data: bytes) -> None:
    with pytest.raises(Refusal):
        _read(data, "CCAM_V82.xls", date(2026, 7, 1))


def test_a_workbook_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(Refusal, match="over 256 MB"):
        rows_of(_workbook("xl/sharedStrings.xml", b"\0" * ((256 << 20) + 1)))


@given(st.binary(max_size=300), st.integers(0, 5_000), st.sampled_from([official.as_xlsx, official.as_csv]))
@settings(deadline=None, max_examples=60)
def test_a_damaged_sheet_is_read_or_refused(
    junk: bytes, place: int, form: Callable[[list[official.Row]], bytes]
) -> None:
    whole = form(_ROWS[:40])
    try:
        _read(whole[:place] + junk + whole[place + len(junk):], "CCAM_V82.xls", date(2026, 7, 1))
    except Refusal as refused:
        assert refused.why_fr and refused.why_en
