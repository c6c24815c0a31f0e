"""Cases worked out by hand from the published rules come out to the cent, or are refused for the reason given."""

from pathlib import Path
from typing import Any

import pytest

from agent.errors import AmeliError
from agent.rules import estimate, read_care
from config.yaml_file import read_yaml

CASES = read_yaml(Path(__file__).with_name("derived.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", [case for case in CASES if "expect" in case], ids=lambda case: case["rule"])
def test_a_rule_gives_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    result = estimate(read_care(case["care"])).shape()
    assert {name: result[name] for name in case["expect"]} == case["expect"]


@pytest.mark.parametrize("case", [case for case in CASES if "refused" in case], ids=lambda case: case["rule"])
def test_what_no_source_tells_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(AmeliError) as refused:
        estimate(read_care(case["care"]))
    assert refused.value.code == case["refused"]
    assert refused.value.message("fr") and refused.value.message("en")


def test_the_cases_are_many_and_each_has_its_own_rule() -> None:
    assert len(CASES) > 200
    assert len({case["rule"] for case in CASES}) == len(CASES)
