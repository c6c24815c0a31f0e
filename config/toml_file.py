"""Reading a small TOML file of the person's own: what is wrong with it is told with its line, in both languages."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date, time
    from typing import TypeAlias

    TomlValue: TypeAlias = bool | int | float | str | date | time | "list[TomlValue]" | "dict[str, TomlValue]"
    TomlTable: TypeAlias = dict[str, TomlValue]

_MOST_BYTES = 1 << 20
_PLACE = re.compile(r"\(at line (\d+), column \d+\)")
_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?")
_KEY = re.compile(r"\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")


class NoToml(ValueError):
    """A file that is no TOML; the texts follow upon its name."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.fr, self.en = fr, en


def read_toml(path: Path) -> TomlTable:
    """The file as a table; nothing for a missing file. Raises NoToml."""
    try:
        there = path.stat()
        if not stat.S_ISREG(there.st_mode):  # a device or a pipe would be read without end
            raise NoToml(" : ce n'est pas un fichier", ": that is not a file")
        if there.st_size > _MOST_BYTES:
            raise NoToml(" : le fichier est trop grand", ": the file is too large")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        why = error.strerror or str(error)
        raise NoToml(f" : illisible ({why})", f": cannot be read ({why})") from error
    except UnicodeDecodeError as error:
        line = error.object[:error.start].count(b"\n") + 1
        raise NoToml(f", ligne {line} : ce n'est pas de l'UTF-8", f", line {line}: that is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        fr, en = (f", ligne {place[1]}", f", line {place[1]}") if place else (", à la fin", ", at its end")
        raise NoToml(
            f"{fr} : ce n'est pas du TOML (« nom = valeur » ; un texte se met entre guillemets, un nom ne vient qu'une"
            " fois)",
            f"{en}: that is not TOML (“name = value”; a text stands in quotes, a name comes once only)") from error
    except NoToml:
        raise
    except (ValueError, RecursionError) as error:
        raise NoToml(" : un nombre trop long ou des crochets sans fin", ": a number too long, or brackets without end"
                     ) from error


class NamedLine(NamedTuple):
    """A line of a file that begins a table or a value."""

    at: int
    """From 0."""
    name: str
    """Of the table, or of the value with its table's: ``sync``, ``sync.every_h``."""
    value_at: int | None
    """Where, in the line, the value begins; None for the head of a table."""


def named_lines(lines: list[str]) -> Iterator[NamedLine]:
    """The lines of a file that begin a table or a value. What is in a text of several lines is neither."""
    table, in_text = "", ""
    for index, line in enumerate(lines):
        if in_text:
            in_text = "" if in_text in line else in_text
        elif head := _HEADER.fullmatch(line):
            table = _plain(head[1])
            yield NamedLine(index, table, None)
        elif key := _KEY.match(line):
            value = line[key.end():].lstrip()
            may_open = value.startswith(('"""', "'''", "["))  # the same signs in a comment open nothing
            in_text = next((mark for mark in ('"""', "'''") if may_open and value.count(mark) == 1), "")
            yield NamedLine(index, ".".join(filter(None, (table, _plain(key[1])))), key.end())


def line_of(path: Path, key: str) -> int | None:
    """The line on which a setting such as ``sync.every_h`` is set, or the table it stands in; None when unknown."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError):
        return None
    nearest: NamedLine | None = None
    for line in named_lines(lines):
        if line.name == key:
            return line.at + 1
        if key.startswith(f"{line.name}.") and (nearest is None or len(line.name) > len(nearest.name)):
            nearest = line
    return nearest.at + 1 if nearest else None


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
