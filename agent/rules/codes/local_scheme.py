"""What the local scheme of Alsace-Moselle adds to the fund's ordinary rate, and how it shows on a statement: as a line
of its own at the points it adds, or as one line at both shares together."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from config.tariffs import load


@lru_cache(maxsize=2048)
def both_shares(rate: str, on: date) -> Decimal | None:
    """What fund and local scheme pay together on care of that rate (``rate.doctor``), in per cent of the base; None
    where the scheme adds nothing or the tables do not say."""
    tariffs = load()
    name = f"local_scheme.{rate.removeprefix('rate.')}"
    if name not in tariffs.parameters or not tariffs.known(name, on) or not tariffs.known(rate, on):
        return None
    together = tariffs.value(name, on)
    return together if together > tariffs.value(rate, on) else None


def added_points(rate: str, on: date) -> Decimal | None:
    """What the scheme adds to the ordinary rate, in points; None as of ``both_shares``."""
    together = both_shares(rate, on)
    return None if together is None else together - load().value(rate, on)
