"""How sure an estimate or a yearly ceiling is, in words."""

from __future__ import annotations

from ameli_tui.i18n import _, money, spoken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agent.protocol.money import Gauge, LedgerYear
    from agent.protocol.payments import ExplainedLine
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
    sentences = [certainty_text(estimate["certainty"])]
    if (span := estimate.get("range")) is not None:
        sentences.append(_("The fund pays {amo}, {left} is left to pay.").format(
            amo=_between(span["amo"]), left=_between(span["left_to_pay"])))
    return [*sentences, *(f"! {spoken(one['text_fr'], one['text_en'])}" for one in estimate["doubts"])]


def ceiling_told(gauge: Gauge) -> str:
    """A yearly ceiling, with what another source says of it."""
    other = gauge.get("other_ceiling")
    if other is None:
        return money(gauge["ceiling"])
    return _("{amount} or {other}").format(amount=money(gauge["ceiling"]), other=money(other))


def ceilings_doubted(ledger: LedgerYear) -> list[str]:
    """Why the ceilings of a year are not sure, each reason once."""
    doubts = (doubt for ceiling in ledger["ceilings"] for doubt in ceiling["doubts"])
    return list(dict.fromkeys(spoken(doubt["text_fr"], doubt["text_en"]) for doubt in doubts))


def ceilings_in_short(ledger: LedgerYear) -> list[str]:
    """The same in few words, for the newest ceilings of the year."""
    newest = {one["kind"]: (one["amount"], one["other"]) for one in ledger["ceilings"]}
    return [
        _("Ceiling of the year: {amount} or {other}, the sources disagree.").format(
            amount=money(amount), other=money(other))
        for amount, other in dict.fromkeys(newest.values()) if other is not None
    ]


def line_doubts(line: ExplainedLine) -> list[str]:
    """What is not sure of what a line was held against, beyond what its verdict says."""
    doubts = [spoken(doubt["text_fr"], doubt["text_en"]) for doubt in line["doubts"]]
    return [doubt for doubt in doubts if doubt != spoken(line["text_fr"], line["text_en"])]


def _between(amounts: list[str]) -> str:
    low, high = (money(amount) for amount in amounts)
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def without_doubts(estimate: Estimate) -> list[PriceStep]:
    """The steps of an estimate that are not told among its doubts."""
    doubted = {doubt["text_en"] for doubt in estimate["doubts"]}
    return [step for step in estimate["steps"] if step["text_en"] not in doubted]
