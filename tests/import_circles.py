"""Circles of imports, those counted too that only types or ``import_module`` make: no tool but this one sees them."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]


def modules(packages: tuple[str, ...] = ("agent", "ameli_tui", "config")) -> dict[str, Path]:
    """Every module by its dotted name."""
    found = {}
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path) -> set[str]:
    """Dotted names that a module imports: at its top, inside functions, for types, or by ``import_module``."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called == "import_module":
                names.add(str(node.args[0].value))
    return names


def arrows() -> dict[str, set[str]]:
    """For each module the others of ours that it imports. A package's own face is part of the package."""
    known = modules()
    found: dict[str, set[str]] = {}
    for name, path in known.items():
        found[name] = set()
        for target in imports(path):
            while target and target not in known:
                target = target.rpartition(".")[0]
            if target and target != name and "." in target and not name.startswith(target + "."):
                found[name].add(target)
    return found


def circles() -> list[list[str]]:
    """Groups of modules from each of which every other can be reached, sorted; nothing when all arrows go one way."""
    ahead = arrows()
    behind: dict[str, set[str]] = {name: set() for name in ahead}
    for name, targets in ahead.items():
        for target in targets:
            behind[target].add(name)
    left, found = set(ahead), []
    while left:
        start = min(left)
        group = _reached(start, ahead, left) & _reached(start, behind, left)
        if len(group) > 1:
            found.append(sorted(group))
        left -= group
    return found


def _reached(start: str, arrows_of: dict[str, set[str]], among: set[str]) -> set[str]:
    seen, ahead = {start}, [start]
    while ahead:
        fresh = (arrows_of[ahead.pop()] & among) - seen
        seen |= fresh
        ahead += fresh
    return seen
