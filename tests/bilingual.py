"""``python -m tests.bilingual [FOLDER]``: every text of ``agent`` in both languages, as one table a package.

For whoever reads the language and not the code: each row has the French, the English and where they stand. The
screens' and commands' own words are in the catalogues (``tests/catalogue.py``).
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
_POSITIONAL = frozenset({"Both", "Step", "Why", "Verdict", "need", "paper"})
"""What takes a French text and an English one, in this order, one after the other."""
_ENDING = "…"
"""Stands for words that the number of something decides: each language has its own."""
_PLACE = re.compile(r"\{([^{}]*)\}")


class Pair(NamedTuple):
    """One text in both languages; what is filled in stands in braces."""

    fr: str
    en: str
    file: str
    line: int

    @property
    def holes(self) -> tuple[set[str], set[str]]:
        """What is filled into each, but for endings."""
        return set(_PLACE.findall(self.fr)) - {_ENDING}, set(_PLACE.findall(self.en)) - {_ENDING}


def pairs_of(source: str, file: str) -> list[Pair]:
    """The texts of one module that stand there in both languages, in the order of its lines."""
    pairs: set[Pair] = set()
    for node in ast.walk(ast.parse(source)):
        for french, english in _sides(node):
            fr, en = _text(french), _text(english)
            if fr is not None and en is not None and (fr or en):
                pairs.add(Pair(fr, en, file, french.lineno))
    return sorted(pairs, key=lambda pair: (pair.line, pair.fr))


def all_pairs(folder: str = "agent") -> list[Pair]:
    """The texts of every module below a folder, package by package."""
    return [pair for path in sorted((ROOT / folder).rglob("*.py"))
            for pair in pairs_of(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))]


def _sides(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The expressions that are the French and the English side of one text."""
    named: dict[str, ast.expr] = {}
    if isinstance(node, ast.ClassDef):
        for statement in node.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                named[statement.targets[0].id] = statement.value
            elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
                named[statement.target.id] = statement.value
    elif isinstance(node, ast.Dict):
        named = {key.value: value for key, value in zip(node.keys, node.values, strict=True)
                 if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    elif isinstance(node, ast.Call):
        named = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        if getattr(node.func, "id", getattr(node.func, "attr", "")) in _POSITIONAL:
            texts = [(first, second) for first, second in pairwise(node.args)
                     if _text(first) is not None and _text(second) is not None]
            yield from texts[-1:]
    for name, value in named.items():
        if name == "fr" or name.endswith("_fr"):
            stem = name.removesuffix("fr")
            english = named.get(f"{stem}en") or (named.get("what") if name == "fr" else None)
            if english is not None:
                yield value, english


def _text(node: ast.expr) -> str | None:
    """What an expression says; a hole for what it fills in. None when it is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{" + _name(part) + "}"
                       for part in node.values if isinstance(part, (ast.Constant, ast.FormattedValue)))
    return None


def _name(part: ast.expr) -> str:
    value = part.value if isinstance(part, ast.FormattedValue) else part
    return _ENDING if isinstance(value, ast.IfExp) else ast.unparse(value)


def table(pairs: list[Pair]) -> str:
    """Rows of Markdown, a heading for each package."""
    lines: list[str] = []
    package = ""
    for pair in pairs:
        if (here := str(Path(pair.file).parent)) != package:
            package = here
            lines += ["", f"## {package}", "", "| français | English | where |", "|---|---|---|"]
        fr, en = (text.replace("|", "\\|").replace("\n", " ⏎ ") for text in (pair.fr, pair.en))
        lines.append(f"| {fr} | {en} | {Path(pair.file).name}:{pair.line} |")
    return "\n".join(lines).strip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(table(all_pairs(sys.argv[1] if len(sys.argv) > 1 else "agent")))
