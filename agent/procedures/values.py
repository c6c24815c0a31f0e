"""Answers as they are kept and sent: JSON, days and amounts as text."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values as JSON: ``fields.read`` reads the same values back from it."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
