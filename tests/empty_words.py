"""Names of values that say a part of speech and no thing, wherever they live longer than a comprehension."""

import ast
from collections.abc import Iterator

WORDS = frozenset({"one", "found", "told", "known", "asked"})
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def lasting(source: str) -> list[tuple[int, str]]:
    """Line and name of each variable and parameter called by such a word. Fields of classes, which may be the wire's,
    keep theirs."""
    tree = ast.parse(source)
    passing = {id(name) for name in _of_comprehensions_and_classes(tree)}
    return sorted((line, name) for node in ast.walk(tree) if id(node) not in passing
                  for line, name in _bound(node) if name in WORDS)


def _bound(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The name that a piece of code binds, if it does."""
    match node:
        case ast.Name(lineno=line, id=name, ctx=ast.Store()) | ast.arg(lineno=line, arg=name):
            yield line, name
        case (ast.ExceptHandler(lineno=line, name=str(name)) | ast.MatchAs(lineno=line, name=str(name))
              | ast.MatchStar(lineno=line, name=str(name))):
            yield line, name


def _of_comprehensions_and_classes(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, _COMPREHENSIONS):
            for generator in node.generators:
                yield from ast.walk(generator.target)
        elif isinstance(node, ast.ClassDef):
            for statement in node.body:
                if isinstance(statement, ast.AnnAssign | ast.Assign):
                    for target in [statement.target] if isinstance(statement, ast.AnnAssign) else statement.targets:
                        yield from ast.walk(target)
