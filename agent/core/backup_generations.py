"""The backups that are kept in one folder: their names, and which of them stay."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

DAYS, WEEKS, MONTHS = 7, 4, 12
"""Of the last so many days, weeks (from Monday) and months, the newest backup of each stays."""
_NAME = re.compile(r"ameli-([0-9a-f]{8})-(\d{8}T\d{6}Z)\.backup")
_MOMENT = "%Y%m%dT%H%M%SZ"
_SIGNS = 8


class Generation(NamedTuple):
    """One backup in the folder."""

    made: datetime
    """UTC."""
    size: int
    """In bytes."""
    path: Path


def name_of(vault: str, made: datetime) -> str:
    """Name of the backup of this vault (its identity, hexadecimal) made at that moment."""
    return f"ameli-{vault[:_SIGNS]}-{made.astimezone(UTC).strftime(_MOMENT)}.backup"


def is_unfinished(vault: str, name: str) -> bool:
    """Whether a name is that of a backup of this vault whose writing was cut."""
    return name.startswith(f".ameli-{vault[:_SIGNS]}-") and name.endswith(".new")


def generations(folder: Path, vault: str) -> list[Generation]:
    """The backups of this vault in a folder, oldest first; other files are nobody's business. Raises ``OSError``."""
    kept = []
    for path in folder.iterdir():
        named = _NAME.fullmatch(path.name)
        if named is None or named[1] != vault[:_SIGNS] or not path.is_file():
            continue
        try:
            made = datetime.strptime(named[2], _MOMENT).replace(tzinfo=UTC)
        except ValueError:
            continue  # no such day: not one of ours
        kept.append(Generation(made, path.stat().st_size, path))
    return sorted(kept)


def keep(dates: Iterable[date], today: date) -> set[date]:
    """Which days' backups stay: the newest of each of the last 7 days, 4 weeks (from Monday) and 12 months.

    Days after ``today`` stay: the clock was wrong then or is now, and nothing is thrown away on its word.
    """
    days = sorted(set(dates))
    kept = {day for day in days if day > today - timedelta(DAYS)}
    monday, month = today - timedelta(today.weekday()), today.year * 12 + today.month
    weeks: dict[int, date] = {}
    months: dict[int, date] = {}
    for day in days:  # the newest of each comes last
        if day <= today:
            weeks[(monday - (day - timedelta(day.weekday()))).days // 7] = day
            months[month - (day.year * 12 + day.month)] = day
    kept.update(day for ago, day in weeks.items() if ago < WEEKS)
    kept.update(day for ago, day in months.items() if ago < MONTHS)
    return kept


def superfluous(generations_kept: list[Generation], today: date, most_bytes: int) -> list[Generation]:
    """What may go of these backups, oldest first: what ``keep`` does not keep, all but the newest of a day, and the
    oldest ones of the rest as long as they take more than ``most_bytes`` together. The newest one always stays."""
    newest_of = {one.made.date(): one for one in sorted(generations_kept)}
    days = keep(newest_of, today)
    kept = sorted(one for day, one in newest_of.items() if day in days)
    size = sum(one.size for one in kept)
    while len(kept) > 1 and size > most_bytes:
        size -= kept.pop(0).size
    return [one for one in sorted(generations_kept) if one not in kept]
