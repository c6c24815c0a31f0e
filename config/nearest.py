"""Which known name somebody may have meant; none rather than a silly one."""

from collections.abc import Iterable

from config.fold import fold

_LONGEST = 60
"""Letters compared: names are short, and what is typed need not be."""


def nearest(typed: str, names: Iterable[str]) -> str | None:
    """The name most like ``typed``: a third of its letters may be wrong, or it may be cut short; None when none is.

    ``lock_afer_min`` is ``lock_after_min``, ``langue`` and ``language`` are ``lang``; ``nope`` is nothing.
    """
    wanted = fold(typed.strip())[:_LONGEST]
    ranked = sorted((away, name) for name in names if (away := _away(wanted, fold(name))) is not None)
    return ranked[0][1] if ranked else None


def _away(typed: str, name: str) -> float | None:
    """How far one word is from another, as a share of its letters; None when it is another word."""
    short, long = sorted((typed, name), key=len)
    if len(short) >= 3 and long.startswith(short):
        return (len(long) - len(short)) / (4 * len(long))
    most = max(1, len(long) // 3) if len(long) > 2 else 0
    steps = distance(typed, name)
    return steps / len(long) if steps <= most else None


def distance(word: str, other: str) -> int:
    """Letters to add, drop, replace or swap with their neighbour until one word is the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(word, 1):
        earlier, before, row = before, row, [at]
        for place, theirs in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != theirs))
            if at > 1 and place > 1 and letter == other[place - 2] and word[at - 2] == theirs:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
    return row[-1]
