"""``ameli tariffs``: what the rules know from when, and the fund's table taken in, used and told."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from config.ccam.table import Price, Tariff
from tests.agent.files.formats.nomenclature import official
from tests.commands import Home


def _dearer(tariff: Tariff, price: Price) -> tuple[Decimal, Decimal]:
    return (Decimal("13.50"), Decimal("10.50")) if tariff.code == "JKHD001" else (price.ordinary, price.outside)


def _estimate(home: Home, act: str, on: str) -> Any:
    return home.json("estimate", stdin=json.dumps({"act": act, "on": on}))


def test_what_is_known_is_told_without_a_vault(empty_home: Home) -> None:
    known = empty_home.json("tariffs", "status", AMELI_TODAY="2026-11-30")
    assert known["on"] == "2026-11-30" and known["stale"] == []
    assert known["entries"] == known["with_first_day"] + known["read_only"] > 300
    assert known["with_first_day"] > known["read_only"]
    names = [table["name"] for table in known["tables"]]
    assert {"rate", "acts", "dental_prosthesis"} <= set(names)
    versions = [one["version"] for one in known["technical_acts"]["versions"]]
    assert versions == ["RUFUS-2019", "CCAM-V67", "CCAM-V78", "CCAM-V81"]
    assert not any("values" in table for table in known["tables"])

    shown = empty_home.run("tariffs", "status")
    assert shown.code == 0 and "CCAM-V81" in shown.out and "rate" in shown.out
    late = empty_home.run("tariffs", "status", "--json", AMELI_TODAY="2040-01-01")
    assert late.code == 0


def test_one_table_is_told_value_by_value(empty_home: Home) -> None:
    known = empty_home.json("tariffs", "status", "rate")
    (table,) = known["tables"]
    dental = next(value for value in table["values"] if value["name"] == "rate.dental")
    assert (dental["value"], dental["since"], dental["began"], dental["unit"]) == ("60", "2023-10-15", True, "percent")
    shown = empty_home.run("tariffs", "status", "rate")
    assert "dental" in shown.out and "2023" in shown.out
    unknown = empty_home.run("tariffs", "status", "rates", "--json")
    assert (unknown.code, unknown.error["code"]) == (2, "no_such_table") and "rate" in unknown.error["message"]


def test_a_table_taken_in_is_used_told_and_kept_for_the_next_agent(empty_home: Home, tmp_path: Path) -> None:
    assert _estimate(empty_home, "JKHD002", "2026-08-01")["certainty"] == "sure"
    file = tmp_path / "CCAM_V82.csv"
    file.write_bytes(official.as_csv(official.rows(82, "01/07/2026", _dearer)))
    taken = empty_home.json("tariffs", "import", str(file))
    assert (taken["version"], taken["applies_from"], taken["kind"]) == ("CCAM-V82", "2026-07-01", "sheet")
    assert taken["acts"] > 8_000 and taken["words"] == taken["acts"]
    assert (taken["changed"], taken["known"], taken["unread_rows"]) == (1, False, [])

    # JKHD001 is of the common table; the same act by its activity is read from the fund's
    assert _estimate(empty_home, "JKHD001/1", "2026-06-30")["base"] == "13.00"
    newer = _estimate(empty_home, "JKHD001/1", "2026-07-01")
    assert (newer["base"], newer["certainty"]) == ("13.50", "sure")
    assert "Acte AAFA002" in _estimate(empty_home, "AAFA002", "2026-08-01")["steps"][0]["text_fr"]

    assert empty_home.json("tariffs", "import", str(file))["known"] is True
    empty_home.run("agent", "stop")
    assert _estimate(empty_home, "JKHD001/1", "2026-07-01")["base"] == "13.50"
    versions = empty_home.json("tariffs", "status")["technical_acts"]["versions"]
    assert versions[-1] == {"version": "CCAM-V82", "applies_from": "2026-07-01", "taken_in": True,
                            "words": taken["words"]}  # fmt: skip

    kept = next(empty_home.folder.rglob("ccam-v82.csv.gz"))
    kept.write_bytes(b"damaged")
    empty_home.run("agent", "stop")
    known = empty_home.json("tariffs", "status")
    assert known["technical_acts"]["damaged"] == ["ccam-v82.csv.gz"]
    assert "ccam-v82.csv.gz" in empty_home.run("tariffs", "status").out
    assert _estimate(empty_home, "JKHD001/1", "2026-07-01")["base"] == "13.00"


def test_files_that_are_no_table_are_refused_with_why_and_what_to_do(empty_home: Home, tmp_path: Path) -> None:
    for name, data in (("CCAM_V82.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600), ("CCAM_V82.csv", b"a;b\n"),
                       ("CCAM_V82.xlsx", b"PK\x03\x04" + b"x" * 50), ("photo.pdf", b"%PDF-1.7\0\0")):
        file = tmp_path / name
        file.write_bytes(data)
        refused = empty_home.run("tariffs", "import", str(file), "--json")
        assert (refused.code, refused.error["code"]) == (1, "bad_nomenclature"), name
        assert name in refused.error["message"] and refused.error["hint"]
    missing = empty_home.run("tariffs", "import", str(tmp_path / "none.xls"), "--json")
    assert (missing.code, missing.error["code"]) == (1, "bad_nomenclature")
    assert empty_home.run("tariffs", "import", "--json").code == 2
    assert empty_home.run("tariffs", "import", "x.csv", "--from", "soon", "--json").code == 2
