"""Hours of the day in which nobody is to be bothered."""


def is_quiet(hour: int, begin: int, end: int) -> bool:
    """Whether the local ``hour`` (0 to 23) lies from ``begin`` on and before ``end``; the two alike: never."""
    return begin <= hour < end if begin <= end else hour >= begin or hour < end
