"""How sure an estimate is, in words."""

from __future__ import annotations

from ameli_tui.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agent.protocol.prices import Estimate, PriceStep


def certainty_text(certainty: str) -> str:
    """What ``dated`` and ``doubtful`` mean to the person; nothing where an estimate is sure."""
    if certainty == "dated":
        return _("A value that is no more than the latest known was used:")
    return _("Not sure:") if certainty == "doubtful" else ""


def without_doubts(estimate: Estimate) -> list[PriceStep]:
    """The steps of an estimate that are not told among its doubts."""
    doubted = {doubt["text_en"] for doubt in estimate["doubts"]}
    return [step for step in estimate["steps"] if step["text_en"] not in doubted]
