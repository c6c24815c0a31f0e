"""Today's date, and the moment, for everything that is not handed them: ``AMELI_TODAY`` moves both."""

import os
from datetime import UTC, date, datetime, timedelta


def today() -> date:
    """The local day, or the day that ``AMELI_TODAY`` (YYYY-MM-DD) names. Raises ValueError for another form."""
    fixed = os.environ.get("AMELI_TODAY")
    return date.fromisoformat(fixed) if fixed else date.today()


def now() -> datetime:
    """This moment in UTC; with ``AMELI_TODAY`` the same time of day on that date."""
    moment = datetime.now(UTC)
    fixed = os.environ.get("AMELI_TODAY")
    return moment + timedelta(days=(date.fromisoformat(fixed) - moment.date()).days) if fixed else moment
