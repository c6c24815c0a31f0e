"""The tables of the law keep their form, and answer by date."""

from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from config.tariffs import UnknownTariff, load, read_tables, value

TABLES = [f for f in files("config.tariffs").iterdir() if f.name.endswith(".yaml") and f.name != "sources.yaml"]


@pytest.mark.parametrize("file", TABLES, ids=lambda file: file.name)
def test_each_value_has_a_day_a_source_and_a_confidence(file) -> None:  # type: ignore[no-untyped-def]
    sources = yaml.safe_load((files("config.tariffs") / "sources.yaml").read_text("utf-8"))
    table = yaml.safe_load(file.read_text("utf-8"))
    assert isinstance(table.pop("review"), date)
    for name, body in table.items():
        assert set(body) - {"known_until", "changed", "fr"} == {"label", "unit", "history"}, name
        assert body["label"].strip(), name
        assert body["unit"] in {
            "EUR", "percent", "count", "times", "days", "months", "years", "hours", "minutes", "age", "flag", "bytes",
            "millimetres",
        }
        for entry in body["history"]:
            days = set(entry) & {"from", "known_from"}
            assert set(entry) - days - {"until", "unchanged_since", "disputed"} == {"value", "source", "confidence"}
            assert len(days) == 1 and isinstance(entry[days.pop()], date)
            assert isinstance(entry["value"], str), "amounts are quoted: YAML would make a float of them"
            Decimal(entry["value"])
            assert entry["source"] in sources
            assert entry["confidence"] in {"law", "official", "press", "one", "computed"}
            assert entry.get("disputed", entry)["source"] in sources


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("participation_forfaitaire.amount", date(2024, 5, 14), "1"),
        ("participation_forfaitaire.amount", date(2024, 5, 15), "2"),
        ("franchise.drug_box", date(2024, 3, 30), "0.50"),
        ("franchise.drug_box", date(2024, 3, 31), "1"),
        ("consultation.gp", date(2024, 12, 21), "26.50"),
        ("consultation.gp", date(2024, 12, 22), "30"),
        ("rate.dental", date(2023, 10, 15), "60"),
        ("rate.transport", date(2023, 7, 31), "65"),
        ("sick_pay.wage_cap", date(2025, 4, 1), "1.4"),
    ],
)
def test_a_value_holds_from_its_day_on(name: str, day: date, expected: str) -> None:
    assert value(name, day) == Decimal(expected)


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownTariff, match=r"nearest: 'franchise\.drug_box'"):
        value("franchise.drug_boxes", date(2026, 1, 1))


def test_a_day_before_the_tables_is_refused_with_the_first_known_day() -> None:
    with pytest.raises(UnknownTariff, match="2005-01-01"):
        load().parameter("participation_forfaitaire.amount").on(date(2004, 12, 31))


def test_a_table_past_its_review_day_is_named() -> None:
    reviews = load().reviews
    assert set(reviews) == {file.name.removesuffix(".yaml") for file in TABLES}
    concept = min(reviews, key=lambda name: reviews[name])
    assert concept not in load().stale(reviews[concept])
    assert concept in load().stale(reviews[concept] + timedelta(days=1))
    assert load().stale(date(2026, 11, 23)) == []


_RIGHT = """review: 2027-01-31
gp:
  label: Consultation
  unit: EUR
  history:
    - {from: 2024-12-22, value: "30", source: CSS, confidence: law}
"""


def _tables(folder: Path, text: str) -> Path:
    (folder / "visits.yaml").write_text(text, "utf-8")
    return folder


def test_tables_of_a_folder_are_read_as_the_built_in_ones(tmp_path: Path) -> None:
    tables = read_tables(_tables(tmp_path, _RIGHT))
    assert tables.value("visits.gp", date(2026, 1, 1)) == 30


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("label: Consultation", "labell: Consultation", "labell"),
        ("  label: Consultation\n", "", "label"),
        ("label: Consultation", "label: 3", "3"),
        ("unit: EUR", "unit: francs", "francs"),
        ("value: \"30\"", "value: 30.10", "30.1"),
        ("value: \"30\"", "value: \"thirty\"", ""),
        ("value: \"30\"", "value: \"NaN\"", "NaN"),
        ("value: \"30\", ", "", "value"),
        ("from: 2024-12-22", "from: soon", "soon"),
        ("source: CSS", "sauce: CSS", "sauce"),
        ("confidence: law", "confidence: hearsay", "hearsay"),
        ("  unit: EUR\n", "  unit: EUR\n  known_until: yesterday\n", "yesterday"),
        ("  unit: EUR\n", "  unit: EUR\n  changed: 2020-01-01\n", "changed"),
        ("    - {", "    - {from: 2025-01-01, value: \"1\", source: CSS, confidence: law}\n    - {", "rise"),
        ("from: 2024-12-22, ", "", "known_from"),
        ("from: 2024-12-22", "from: 2024-12-22, known_from: 2024-12-22", "known_from"),
        ("from: 2024-12-22", "from: 2024-12-22, until: 2024-12-21", "until"),
        ("from: 2024-12-22", "from: 2024-12-22, unchanged_since: 2020-01-01", "unchanged_since"),
        ("from: 2024-12-22", "known_from: 2024-12-22, unchanged_since: 2024-12-22", "unchanged_since"),
        ("confidence: law", "confidence: law, disputed: {value: \"31\", source: CSS}", "fr"),
        ("    - {", "    - {from: 2020-01-01, value: \"1\", source: CSS, confidence: law}\n    - {known_", "until"),
        ("gp:\n  label", "gp: 3\nother:\n  label", ""),
        ("gp:\n  label", "gp:\nother:\n  label", ""),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_told_with_its_file_and_its_name(tmp_path: Path, right: str, wrong: str, named: str) -> None:
    assert right in _RIGHT
    with pytest.raises(ValueError, match=r"^visits\.yaml: gp: ") as refused:
        read_tables(_tables(tmp_path, _RIGHT.replace(right, wrong)))
    assert named in str(refused.value)


_DOUBTS = """review: 2027-01-31
gp:
  label: Consultation
  fr: Consultation
  unit: EUR
  known_until: 2026-05-31
  history:
    - {known_from: 2012-01-01, unchanged_since: 2010-01-01, until: 2014-12-31, value: "20", source: A, confidence: one}
    - {known_from: 2017-01-01, value: "25", source: A, confidence: one}
    - {from: 2023-11-01, value: "30", source: A, confidence: law, disputed: {value: "31", source: B}}
    - {from: 2025-01-01, value: "32", source: A, confidence: law}
ended:
  label: A supplement that was
  unit: EUR
  history:
    - {from: 2012-01-01, until: 2014-12-31, value: "3", source: A, confidence: one}
"""


@pytest.mark.parametrize(
    ("name", "day", "said"),
    [
        ("gp", date(2009, 12, 31), None),
        ("gp", date(2010, 1, 1), ("unread", "20", None)),
        ("gp", date(2011, 12, 31), ("unread", "20", None)),
        ("gp", date(2012, 1, 1), ("", "20", None)),
        ("gp", date(2014, 12, 31), ("", "20", None)),
        ("gp", date(2015, 1, 1), ("between", "20", "25")),
        ("gp", date(2016, 12, 31), ("between", "20", "25")),
        ("gp", date(2017, 1, 1), ("", "25", None)),
        ("gp", date(2023, 11, 1), ("disputed", "30", "31")),
        ("gp", date(2025, 1, 1), ("", "32", None)),
        ("gp", date(2026, 6, 1), ("outdated", "32", None)),
        ("ended", date(2014, 12, 31), ("", "3", None)),
        ("ended", date(2015, 1, 1), None),
    ],
)  # fmt: skip
def test_what_is_not_sure_of_a_value_is_said_with_it(
    tmp_path: Path, name: str, day: date, said: tuple[str, str, str | None] | None
) -> None:
    reading = read_tables(_tables(tmp_path, _DOUBTS)).parameter(f"visits.{name}").reading(day)
    told = reading and (reading.doubt, str(reading.entry.value), reading.other and str(reading.other.value))
    assert told == said


def test_the_nearest_known_day_of_an_ended_value_is_its_last(tmp_path: Path) -> None:
    ended = read_tables(_tables(tmp_path, _DOUBTS)).parameter("visits.ended")
    assert ended.nearest(date(2020, 1, 1)) == date(2014, 12, 31)
    assert ended.nearest(date(2010, 1, 1)) == date(2012, 1, 1)


@pytest.mark.parametrize(
    "text", ["", "- a list", "3", "review: soon", "gp: {}", "review: [", "review: 2027-01-31: 3", "\x07"]
)
def test_a_table_that_is_none_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"^visits\.yaml: "):
        read_tables(_tables(tmp_path, text))


def test_the_built_in_tables_name_the_file_of_a_wrong_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in TABLES:
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    spoilt = tmp_path / "acts.yaml"
    spoilt.write_text(spoilt.read_text("utf-8").replace("label:", "labell:", 1), "utf-8")
    monkeypatch.setattr("config.tariffs.files", lambda _package: tmp_path)
    with pytest.raises(ValueError, match=r"acts\.yaml: dental_consultation"):
        load.__wrapped__()
