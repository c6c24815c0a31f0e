"""Until when a refund can be claimed: two years from the quarter that follows the care (L160-11)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from agent.protocol.money import Anomaly, FoundAnomaly
from config.tariffs import load, value

_MONTHS_OF_QUARTER = 3


def claim_until(care: date) -> date | None:
    """The first day on which a claim for care of that day is dead; None before the tables know the delay."""
    if not load().known("claim.years", care):
        return None
    quarter = (care.month - 1) // _MONTHS_OF_QUARTER + 1
    year, month = (care.year + 1, 1) if quarter == 4 else (care.year, quarter * _MONTHS_OF_QUARTER + 1)
    return date(year + int(value("claim.years", care)), month, 1)


def with_limits(anomalies: Iterable[FoundAnomaly], today: date) -> list[Anomaly]:
    """The anomalies with ``claim_until`` and ``claim``: ``open``, ``soon`` or ``over``; None without a day of care."""
    soon = timedelta(days=int(value("claim.soon", today)))
    limited: list[Anomaly] = []
    for anomaly in anomalies:
        end = claim_until(date.fromisoformat(anomaly["act_date"])) if anomaly["act_date"] else None
        state: Literal["open", "soon", "over"] | None
        state = None if end is None else "over" if today >= end else "soon" if today + soon >= end else "open"
        evidence = list(anomaly["evidence"])
        if end is not None and state == "soon":
            evidence.append({
                "text_fr": f"Le délai de deux ans pour demander finit le {end:%d/%m/%Y}.",
                "text_en": f"The two years in which to ask end on {end.isoformat()}.",
            })
        last_day = end.isoformat() if end else None
        limited.append({**anomaly, "claim_until": last_day, "claim": state, "evidence": evidence})
    return limited
