"""Answers as they are kept and sent: JSON, days and amounts as text."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from agent.procedures.answers import Answers, Value
from agent.protocol.procedures import AnswerValue, KeptAnswers


def plain(values: Mapping[str, Value]) -> KeptAnswers:
    """Checked values as JSON: their fields read the same values back from it."""
    return {name: plain_value(value) for name, value in values.items()}


def plain_value(value: Value) -> AnswerValue:
    """One checked value as JSON."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, list):
        return [plain(item) if isinstance(item, Answers) else item for item in value]
    return value
