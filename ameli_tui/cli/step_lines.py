"""The steps of an estimate or an explanation, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ameli_tui.cli.output import one_line
from ameli_tui.i18n import spoken
from ameli_tui.i18n.citations import source_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.protocol.prices import PriceStep


def step_lines(steps: Iterable[PriceStep]) -> list[str]:
    """Each step with its number, and where its rule was read in brackets."""
    return [_line(number, step) for number, step in enumerate(steps, 1)]


def _line(number: int, step: PriceStep) -> str:
    said, source = one_line(spoken(step["text_fr"], step["text_en"])), one_line(source_text(step))
    return f"  {number}. {said}" + (f"  [{source}]" if source else "")
