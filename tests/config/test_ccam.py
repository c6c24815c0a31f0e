"""The table of technical acts: its form, what it prints, and the prices through time that are made of it."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.files.formats.nomenclature.parsed import Parsed
from config import ccam
from config.ccam.history import steps
from config.ccam.table import Price, Table, Version, read_cells, write_cells, write_table
from config.ccam.taken_in import pack
from config.tariffs import Parameter, sources
from tests.ccam_table import with_version

_EUROS = st.decimals(0, 99_999, places=2)
_TABLE = ccam.shipped()


def _known(parameter: Parameter, day: date) -> tuple[Decimal, str] | None:
    reading = parameter.reading(day)
    return None if reading is None else (reading.entry.value, reading.doubt)


@pytest.mark.slow
def test_every_act_of_the_shipped_table_is_read_and_priced() -> None:
    codes = _TABLE.codes()
    assert len(codes) > 8_000 and codes == sorted(codes)
    for code in codes:
        tariffs = _TABLE.find(code)
        assert tariffs and len({tariff.name for tariff in tariffs}) == len(tariffs)
        for tariff in tariffs:
            for name in ccam.names(tariff) if any(tariff.prices) else ():
                history = ccam.parameter(name).history
                days = [entry.since for entry in history]
                assert days == sorted(set(days))
                for entry, later in pairwise(history):
                    assert (entry.until is None) is later.began
                    assert entry.until is None or entry.since <= entry.until < later.since
    ccam.parameter.cache_clear()


def test_the_shipped_table_is_small() -> None:
    assert len(files("config.ccam").joinpath("prices.csv.gz").read_bytes()) < 200_000


def test_no_table_is_read_before_a_technical_act_is_asked_for() -> None:
    seen = subprocess.run(
        [sys.executable, "-c", (
            "from agent.rules import estimate_json\n"
            "from config import ccam\n"
            "estimate_json({'act': 'G', 'on': '2026-02-01', 'price': '30'})\n"
            "estimate_json({'act': 'DEQP003', 'on': '2026-02-01'})\n"
            "before = ccam.shipped.cache_info().currsize\n"
            "estimate_json({'act': 'HHFA011', 'on': '2026-02-01'})\n"
            "print(before, ccam.shipped.cache_info().currsize)")],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert seen.stdout.split() == ["0", "1"]


def test_sources_of_readings_and_steps_are_told() -> None:
    known = sources()
    assert {*(version.name for version in _TABLE.versions), *(step.source for step in steps().steps)} <= set(known)
    assert tuple(version.day for version in _TABLE.versions) == steps().readings


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        # one value multiplies all acts: it rose on 1 January 2025 and 2026
        ("ccam.CAGD001", date(2024, 12, 31), ("19.25", "")),
        ("ccam.CAGD001", date(2025, 1, 1), ("19.63", "")),
        ("ccam.CAGD001", date(2025, 12, 31), ("19.63", "")),
        ("ccam.CAGD001", date(2026, 1, 1), ("20.00", "")),
        ("ccam.CAGD001:outside", date(2026, 1, 1), ("17.65", "")),
        # the same in every table since mid 2019
        ("ccam.AHPA009", date(2019, 6, 28), ("104.50", "")),
        ("ccam.AHPA009", date(2026, 11, 30), ("104.50", "")),
        ("ccam.AHPA009", date(2019, 6, 27), None),
        # dental care rose on 1 January 2025, roots on 1 January 2021 too
        ("ccam.HBFD008", date(2020, 12, 31), ("81.94", "")),
        ("ccam.HBFD008", date(2021, 1, 1), ("100.00", "")),
        ("ccam.HBFD008", date(2025, 1, 1), ("104.00", "")),
        # imaging fell on 5 November 2025 and was to fall once more on 1 July 2026
        ("ccam.EJQM004", date(2025, 11, 4), ("75.60", "")),
        ("ccam.EJQM004", date(2025, 11, 5), ("69.93", "")),
        ("ccam.EJQM004", date(2026, 6, 30), ("69.93", "")),
        ("ccam.EJQM004", date(2026, 7, 1), ("69.93", "outdated")),
        # the day of the change is not known: either price, and the doubt
        ("ccam.AGMP001", date(2021, 4, 26), ("668.00", "")),
        ("ccam.AGMP001", date(2021, 4, 27), ("668.00", "between")),
        ("ccam.AGMP001", date(2025, 1, 31), ("668.00", "between")),
        ("ccam.AGMP001", date(2025, 2, 1), ("634.60", "")),
        # not listed any more
        ("ccam.HBLD425", date(2025, 12, 31), ("279.50", "")),
        ("ccam.HBLD425", date(2026, 1, 1), None),
        ("ccam.HBLD426", date(2026, 1, 1), ("279.50", "")),
    ],
)
def test_a_price_holds_from_its_day_on_and_says_what_is_not_known(
    name: str, day: date, expected: tuple[str, str] | None
) -> None:
    known = None if expected is None else (Decimal(expected[0]), expected[1])
    assert _known(ccam.parameter(name), day) == known


def test_a_name_of_no_act_activity_or_phase_has_no_price() -> None:
    for name in ("ccam.ZZZZ999", "ccam.HHFA011/9", "ccam.HHFA011/1/3"):
        with pytest.raises(KeyError):
            ccam.parameter(name)


def test_codes_that_begin_alike_are_near() -> None:
    assert _TABLE.near("JKHD009")[:2] == ["JKHD001", "JKHD002"]
    assert _TABLE.near("??.*") == []


_PRICES = st.lists(st.none() | st.tuples(_EUROS, _EUROS, st.booleans()), min_size=1, max_size=6)


@given(_PRICES)
def test_cells_written_are_read_the_same(given_prices: list[tuple[Decimal, Decimal, bool] | None]) -> None:
    versions = [Version(f"V{year}", date(2020 + year, 1, 1)) for year in range(len(given_prices))]
    prices = tuple(
        None if one is None else Price(version.day, one[0], one[1], version.name) if one[2]
        else Price(version.day, Decimal(0), Decimal(0), version.name, refunded=False)
        for one, version in zip(given_prices, versions, strict=True)
    )  # fmt: skip
    assert read_cells(write_cells(prices), versions) == prices


def test_a_price_that_began_keeps_its_day() -> None:
    version = Version("CCAM-V82", date(2026, 7, 1))
    began = Price(date(2011, 6, 1), Decimal("24.10"), Decimal("22.30"), version.name, began=True)
    later = Price(date(2014, 1, 1), Decimal("24.10"), Decimal("22.30"), version.name, began=True)
    assert write_cells([None, began, later]) == ["", "2011-06-01:24.10/22.30", "2014-01-01:24.10/22.30"]
    assert read_cells(write_cells([None, began, later]), [version]) == (None, began, later)


@pytest.mark.parametrize("cell", ["1e5", "-3", "NaN", "12,50", "1234567.00", "3.123", "12/", "x:12", "="])
def test_a_cell_that_is_no_price_is_refused(cell: str) -> None:
    with pytest.raises(ValueError):
        read_cells([cell], [Version("V", date(2026, 1, 1))])


@pytest.mark.parametrize("text", [
    "AAFA001;1;0;ADC;1;;647.32\n", "", "# code;activity;phase;group;exemption;conditions\nAAFA001;1;0;ADC;1;\n",
    "# code;activity;phase;group;exemption;conditions;2026-13-01 V\n", "# code;activity\n",
])
def test_a_text_without_its_columns_is_no_table(text: str) -> None:
    with pytest.raises(ValueError):
        Table(text)


def test_a_table_written_is_read_and_checked() -> None:
    versions = [Version("CCAM-V82", date(2026, 7, 1))]
    tariff = _TABLE.find("JKHD001")[0]
    price = Price(date(2026, 7, 1), Decimal("13.20"), Decimal("10.10"), "CCAM-V82")
    table = Table(write_table(["made up"], versions, [(tariff, [price])], {"JKHD001": "Prélèvement"}))
    table.check()
    assert table.find("JKHD001")[0].prices == (price,)
    assert (table.words("JKHD001"), table.words("JKHD002")) == ("Prélèvement", "")
    assert (table.source, table.codes(), table.count_words()) == ("made up", ["JKHD001"], 1)


@pytest.mark.parametrize("line", [
    "JKHD01;1;0;ATM;2;;13.00", "JKHD001;x;0;ATM;2;;13.00", "JKHD001;1;0;ATM;2;;soon", "JKHD001;1;0;ATM;2;", "@JKHD001;",
    "JKHD001;1;0;[red];2;;13.00", "hello",
])
def test_a_line_that_is_none_is_refused(line: str) -> None:
    head = "# code;activity;phase;group;exemption;conditions;2026-07-01 CCAM-V82\n"
    with pytest.raises(ValueError):
        Table(f"{head}{line}\n").check()


def test_every_line_of_the_shipped_table_is_of_its_form() -> None:
    _TABLE.check()


def test_a_further_version_becomes_a_column_and_leaves_the_others_as_they_are() -> None:
    day = date(2026, 7, 1)
    parsed = Parsed("82", day, "sheet")
    for tariff in _TABLE.tariffs():
        if tariff.code != "ZCQM008" and tariff.prices and tariff.prices[-1].day == _TABLE.versions[-1].day:
            last = tariff.prices[-1]
            more = Decimal(1) if tariff.code == "KCQM001" else Decimal(0)
            parsed.lines.append((tariff, [
                Price(day, last.ordinary + more, last.outside + more, "CCAM-V82", refunded=last.refunded)]))
    table = Table(with_version(_TABLE, parsed))
    table.check()
    assert [version.name for version in table.versions][-2:] == ["CCAM-V81", "CCAM-V82"]
    assert [tariff.prices[:4] for tariff in table.find("KCQM001")] == [
        tuple(tariff.prices) for tariff in _TABLE.find("KCQM001")]
    assert table.find("KCQM001")[0].prices[-1].ordinary == Decimal("35.97")
    assert table.find("ZCQM008")[0].prices == _TABLE.find("ZCQM008")[0].prices
    assert "tests/ccam_table.py" in table.source and len(pack(table.text)) < 200_000
