"""``python -m tests.error_map``: writes ``.github/ERRORS.md``, every error a person can meet, package by package.

Made from the classes themselves; a test holds the page against them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from agent.errors import AmeliError, NeedsPerson, NotUnlocked, ServiceTrouble, TryLater

ROOT = Path(__file__).parents[1]
PAGE = ROOT / ".github" / "ERRORS.md"
_KINDS = (NotUnlocked, ServiceTrouble, NeedsPerson, TryLater)
_HEAD = """# Every error a person can meet

Made by `.venv/bin/python -m tests.error_map` from the classes; do not edit it. `code` and `exit` are what
`--json` prints and what the command leaves with (the README tells what the numbers mean), `status` is the answer's on
the agent's socket. Callers catch the kinds of `agent/errors`: `NotUnlocked` (exit 3), `ServiceTrouble` (4),
`NeedsPerson` (5) and, beside any exit code, `TryLater`.
"""


def error_classes() -> list[type[AmeliError]]:
    """Every error with texts of its own, in the order of packages, files and lines."""
    for package in ("agent", "ameli_tui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if "Error)" in source or "AmeliError" in source or path.name in ("errors.py", "refusals.py"):
                module = path.relative_to(ROOT).with_suffix("")
                import_module(".".join(module.parts).removesuffix(".__init__"))
    ours = {kind for kind in _below(AmeliError) if kind.__module__.startswith(("agent.", "ameli_tui."))}
    return sorted(ours - set(_KINDS), key=lambda kind: (kind.__module__, _line(kind)))


def page() -> str:
    """The page as it should be."""
    lines = [_HEAD]
    module = ""
    for kind in error_classes():
        if kind.__module__ != module:
            module = kind.__module__
            path = f"{module.replace('.', '/')}.py"
            lines += [f"\n## `{path}`\n", "| code | exit | status | class | kind | says |", "|---|---|---|---|---|---|"]
        kinds = " ".join(base.__name__ for base in _KINDS if issubclass(kind, base))
        says = kind.en.replace("|", "\\|")
        lines.append(f"| `{kind.code}` | {kind.exit_code} | {kind.http_status} | {kind.__name__} | {kinds} | {says} |")
    return "\n".join(lines).rstrip() + "\n"


def _below(kind: type[AmeliError]) -> Iterator[type[AmeliError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _line(kind: type[AmeliError]) -> int:
    source = Path(str(sys.modules[kind.__module__].__file__)).read_text(encoding="utf-8")
    return next(number for number, line in enumerate(source.splitlines()) if line.startswith(f"class {kind.__name__}("))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
