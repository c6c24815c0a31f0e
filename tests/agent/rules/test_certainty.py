"""A value that is contested, or read for other days, is said with the estimate, and between what it lies."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from agent.rules import estimate, read_care
from agent.rules.pricing.result import Estimate
from config.tariffs import Entry, Tariffs, load

_BEGAN, _CHANGED = date(2024, 12, 22), date(2026, 6, 1)


def _entry(value: str, since: date, source: str = "LOI", **more: Any) -> Entry:
    return Entry(since, Decimal(value), source, "law", f"{source}, {since}", **more)


def _tables(**entries: list[Entry]) -> Tariffs:
    """The built-in tables with other histories; ``__`` stands for the point of a name."""
    own = {}
    for given, history in entries.items():
        name = given.replace("__", ".")
        own[name] = replace(
            load().parameter(name), history=tuple(history), known_until=None, changed=None, fr="Montant")
    return Tariffs({**load().parameters, **own}, {})


def _visit(tables: Tariffs, **body: Any) -> Estimate:
    care = {"act": "G", "on": "2026-03-02", "price": "30", "beneficiary": {"birth_date": "1980-05-01"}, **body}
    return estimate(read_care(care), tables)


def test_sources_that_disagree_are_both_told_with_the_range_between_them() -> None:
    contested = _tables(
        participation_forfaitaire__amount=[_entry("2", _BEGAN, other=_entry("3", _BEGAN, "PRESSE"))])
    result = _visit(contested).shape()
    assert (result["amo"], result["certainty"]) == ("19.00", "doubtful")
    assert result["range"]["amo"] == ["18.00", "19.00"] and result["range"]["left_to_pay"] == ["11.00", "12.00"]
    [doubt] = result["doubts"]
    assert "2,00 €" in doubt["text_fr"] and "3,00 €" in doubt["text_fr"] and "PRESSE" in doubt["text_fr"]
    assert "€2.00" in doubt["text_en"] and "€3.00" in doubt["text_en"]
    assert result["range"]["why"]["text_en"] == doubt["text_en"]


def test_a_contested_value_that_changes_no_amount_is_not_told() -> None:
    contested = _tables(
        participation_forfaitaire__per_year_count=[_entry("25", _BEGAN, other=_entry("35", _BEGAN, "PRESSE"))])
    result = _visit(contested, used_this_year={"participation": "10"}).shape()
    assert (result["certainty"], result["doubts"]) == ("sure", []) and "range" not in result


def test_a_change_whose_day_is_not_known_is_told_with_both_values() -> None:
    history = [_entry("25", date(2020, 1, 1), until=date(2025, 12, 31)), _entry("30", _CHANGED, began=False)]
    result = _visit(_tables(consultation__gp=history)).shape()
    assert (result["base"], result["certainty"], result["range"]["amo"]) == ("25.00", "doubtful", ["15.50", "19.00"])
    assert "2025-12-31" in result["doubts"][0]["text_en"] and "2026-06-01" in result["doubts"][0]["text_en"]
    for on, base in (("2025-12-31", "25.00"), ("2026-06-01", "30.00")):
        sure = _visit(_tables(consultation__gp=history), on=on).shape()
        assert (sure["base"], sure["certainty"]) == (base, "sure")


def test_a_value_read_for_later_days_is_dated_where_a_source_says_it_was_the_same() -> None:
    history = [_entry("30", _CHANGED, began=False, unchanged_since=date(2026, 1, 1))]
    result = _visit(_tables(consultation__gp=history)).shape()
    assert (result["base"], result["certainty"]) == ("30.00", "dated") and "range" not in result
    assert "2026-06-01" in result["doubts"][0]["text_en"] and "01/06/2026" in result["doubts"][0]["text_fr"]


def test_several_contested_values_are_tried_together() -> None:
    contested = _tables(
        participation_forfaitaire__amount=[_entry("2", _BEGAN, other=_entry("3", _BEGAN, "PRESSE"))],
        consultation__gp=[_entry("30", _BEGAN, other=_entry("28", _BEGAN, "PRESSE"))])
    result = _visit(contested).shape()
    assert result["range"]["amo"] == ["16.60", "19.00"] and len(result["doubts"]) == 2

