"""Every published example comes out to the cent, or is refused with a reason."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.rules import estimate, read_care
from config.yaml_file import read_yaml

EXAMPLES = [
    example for file in sorted(Path(__file__).parent.glob("published*.yaml"))
    for example in read_yaml(file.read_text("utf-8"))
]
PRICED = [example for example in EXAMPLES if "care" in example]


@pytest.mark.parametrize("example", PRICED, ids=lambda example: example["id"])
def test_a_published_example_comes_out_to_the_cent(example: dict[str, Any]) -> None:
    result = estimate(read_care(example["care"])).shape()
    within = Decimal(example.get("within", "0"))
    for name, amount in example["expect"].items():
        assert abs(Decimal(result[name]) - Decimal(amount)) <= within, (name, result)


def test_an_example_that_is_not_priced_says_why() -> None:
    refused = [example for example in EXAMPLES if "care" not in example]
    assert {example["id"] for example in refused} == {"ex-087", "ex-091"}
    assert all(len(example["refused"]) > 40 for example in refused)
