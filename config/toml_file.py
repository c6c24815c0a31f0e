"""Reading a small TOML file of the person's own: what is wrong with it is told with its line, in both languages."""

from __future__ import annotations

import re
import stat
import tomllib
from pathlib import Path
from typing import Any

_MOST_BYTES = 1 << 20
_PLACE = re.compile(r"\(at line (\d+), column \d+\)")
_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?")
_KEY = re.compile(r"\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")


class NoToml(ValueError):
    """A file that is no TOML; the texts follow upon its name."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.fr, self.en = fr, en


def read_toml(path: Path) -> dict[str, Any]:
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


def line_of(path: Path, key: str) -> int | None:
    """The line on which a setting such as ``sync.every_h`` is set, or the table it stands in; None when unknown."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    table, in_text = "", ""
    nearest: tuple[int, int] | None = None
    for number, line in enumerate(lines, 1):
        if in_text:
            in_text = "" if in_text in line else in_text
            continue
        if found := _HEADER.fullmatch(line):
            table = _plain(found[1])
            here = table
        elif found := _KEY.match(line):
            here = ".".join(filter(None, (table, _plain(found[1]))))
            rest = line[found.end():]
            in_text = next((mark for mark in ('"""', "'''") if rest.count(mark) == 1), "")
        else:
            continue
        if here == key:
            return number
        if key.startswith(f"{here}.") and (nearest is None or len(here) > nearest[0]):
            nearest = len(here), number
    return nearest[1] if nearest else None


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
