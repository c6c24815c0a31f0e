"""How sure an estimate is, in words."""

from __future__ import annotations

from ameli_tui.i18n import _, money, spoken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agent.protocol.prices import Estimate, PriceStep


def certainty_text(certainty: str) -> str:
    """What ``dated`` and ``doubtful`` mean to the person; nothing where an estimate is sure."""
    if certainty == "dated":
        return _("A value that is no more than the latest known was used:")
    return _("Not sure:") if certainty == "doubtful" else ""


def doubts_told(estimate: Estimate) -> list[str]:
    """What an estimate is not sure of, one sentence a line, the range first; nothing where it is sure."""
    if not estimate["doubts"]:
        return []
    told = [certainty_text(estimate["certainty"])]
    if (span := estimate.get("range")) is not None:
        told.append(_("The fund pays {amo}, {left} is left to pay.").format(
            amo=_between(span["amo"]), left=_between(span["left_to_pay"])))
    return [*told, *(f"! {spoken(one['text_fr'], one['text_en'])}" for one in estimate["doubts"])]


def _between(amounts: list[str]) -> str:
    low, high = (money(amount) for amount in amounts)
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def without_doubts(estimate: Estimate) -> list[PriceStep]:
    """The steps of an estimate that are not told among its doubts."""
    doubted = {doubt["text_en"] for doubt in estimate["doubts"]}
    return [step for step in estimate["steps"] if step["text_en"] not in doubted]
