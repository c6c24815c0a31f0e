"""Versions of the fund's table in a home: checked before they are kept, written whole, merged with what is known."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.core.tariff_tables import BadTable, NoSuchTable, status, take_in
from agent.protocol.tariffs import TakenTariffs, TariffsStatus
from agent.rules.pricing.engine import estimate
from agent.rules.pricing.request import read_care
from agent.rules.renewal import forget_tables
from config import ccam
from config.ccam.table import Price, Version, write_table
from config.ccam.taken_in import pack
from config.paths import Paths
from config.tariff_folder import keep_in
from tests.agent.api.shapes import check_shape
from tests.agent.processes import served

_V82, _V84 = Version("CCAM-V82", date(2026, 7, 1)), Version("CCAM-V84", date(2026, 11, 1))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Paths]:
    paths = Paths(tmp_path / "config", tmp_path / "data", tmp_path / "state", tmp_path / "run")
    keep_in(paths.tariffs)
    forget_tables()
    yield paths
    keep_in(None)
    forget_tables()


def _packed(version: Version, prices: dict[str, str], words: dict[str, str] | None = None) -> bytes:
    lines = [(ccam.shipped().find(code)[0], [Price(version.day, Decimal(euros), Decimal(euros), version.name)])
             for code, euros in prices.items()]
    return pack(write_table(["made up"], [version], lines, words or {}))


def _base(act: str, on: str) -> tuple[str, str]:
    priced = estimate(read_care({"act": act, "on": on})).shape()
    return priced["base"], priced["certainty"]


def test_the_next_version_dates_a_change_and_one_further_on_leaves_a_gap(home: Paths) -> None:
    take_in(home, _packed(_V82, {"KCQM001": "36.00", "ZCQM008": "54.02"}))
    assert _base("KCQM001", "2026-06-30") == ("34.97", "sure")
    assert _base("KCQM001", "2026-07-01") == ("36.00", "sure")
    take_in(home, _packed(_V84, {"KCQM001": "37.00", "ZCQM008": "54.02"}))
    assert _base("KCQM001", "2026-07-02") == ("36.00", "doubtful")
    assert _base("KCQM001", "2026-11-01") == ("37.00", "sure")
    assert _base("ZCQM008", "2026-09-01") == ("54.02", "sure")


def test_an_act_that_a_newer_version_lacks_has_ended(home: Paths) -> None:
    take_in(home, _packed(_V82, {"KCQM001": "34.97"}))
    assert _base("ZCQM008", "2026-06-30") == ("54.02", "sure")
    assert ccam.find("ZCQM008")[0].ended == date(2026, 6, 30)


def test_first_days_of_the_dbase_files_stand_above_what_was_only_read(home: Paths) -> None:
    smear = ccam.shipped().find("JKHD001")[0]
    begun: list[Price | None] = [
        Price(_V82.day, Decimal("13.00"), Decimal("9.96"), _V82.name),
        Price(date(2011, 6, 1), Decimal("12.46"), Decimal("9.64"), _V82.name, began=True),
        Price(date(2025, 1, 1), Decimal("12.73"), Decimal("9.80"), _V82.name, began=True),
        Price(date(2026, 1, 1), Decimal("13.00"), Decimal("9.96"), _V82.name, began=True)]  # fmt: skip
    take_in(home, pack(write_table(["made up"], [_V82], [(smear, begun)], {})))
    assert _base("JKHD001/1", "2011-06-01") == ("12.46", "sure")
    assert _base("JKHD001/1", "2024-12-31") == ("12.46", "sure")
    history = ccam.parameter("ccam.JKHD001").history
    assert [(entry.since, entry.began) for entry in history] == [
        (date(2011, 6, 1), True), (date(2025, 1, 1), True), (date(2026, 1, 1), True)]


def test_what_is_no_packed_table_is_refused_and_nothing_is_kept(home: Paths) -> None:
    good = _packed(_V82, {"KCQM001": "36.00"})
    head = "# code;activity;phase;group;exemption;conditions"
    for data in (b"", b"x", good[:-9], pack("hello\n"), pack(f"{head}\n"), pack(f"{head};2026-07-01 ../../x\n"),
                 pack(f"{head};2026-07-01 CCAM-V82\nKCQM001;1;0;ADE;2;;soon\n")):
        with pytest.raises(BadTable):
            take_in(home, data)
    assert not home.tariffs.exists()


def test_taking_the_same_in_again_changes_nothing(home: Paths) -> None:
    data = _packed(_V82, {"KCQM001": "36.00", "JKHD002": "1.00"}, {"KCQM001": "Échographie"})
    first = take_in(home, data)
    check_shape(first, TakenTariffs)
    assert (first["changed"], first["known"], first["words"]) == (2, False, 1)
    assert take_in(home, data)["known"] is True
    assert [file.name for file in home.tariffs.iterdir()] == ["ccam-v82.csv.gz"]


def test_the_state_of_the_tables_is_told_by_day() -> None:
    soon, late = status(date(2026, 11, 30)), status(date(2039, 1, 1))
    for known in (soon, late, status(date(2026, 11, 30), "rate")):
        check_shape(known, TariffsStatus)
    assert soon["stale"] == [] and "rate" in late["stale"] and "ccam" in late["stale"]
    with pytest.raises(NoSuchTable):
        status(date(2026, 11, 30), "../rate")


async def test_both_calls_are_answered_before_there_is_a_vault(tmp_path: Path) -> None:
    async with served(tmp_path) as agent:
        answer: Any = await agent.get("/v1/tariffs")
        check_shape(answer, TariffsStatus)
    keep_in(None)
    forget_tables()
