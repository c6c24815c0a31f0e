"""The ways in which a module's source is spoilt: one change to its syntax tree a mutant."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, NamedTuple

_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}  # fmt: skip
_NOT_CODE = {"annotation", "returns", "decorator_list", "type_comment", "bases"}
_LOGS = {"log", "_log", "logging", "TypeVar", "cast"}


class Mutant(NamedTuple):
    """One spoilt version of a module."""

    file: str
    line: int
    change: str
    """Before and after, as code."""
    source: str


def mutants(file: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines. Texts, types, docstrings and logging are left alone."""
    tree = ast.parse(source)
    for owner, field, at, node in list(_nodes(tree)):
        before = _shown(node)
        for spoilt in _spoilt(node):
            after = ast.copy_location(spoilt, node)
            _put(owner, field, at, after)
            text = ast.unparse(ast.fix_missing_locations(tree))
            _put(owner, field, at, node)
            yield Mutant(file, getattr(node, "lineno", 0), f"{before} -> {_shown(after)}", text)


def _nodes(owner: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Each node that runs, with the place it stands in."""
    for field, value in ast.iter_fields(owner):
        if field in _NOT_CODE:
            continue
        for at, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _left_alone(node):
                continue
            yield owner, field, at, node
            yield from _nodes(node)


def _left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Call) and _root(node.func) in _LOGS


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _spoilt(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for at, op in enumerate(node.ops):
                yield _changed(node, ops=[*node.ops[:at], _SWAPPED[type(op)](), *node.ops[at + 1 :]])
        case ast.BoolOp():
            yield _changed(node, op=_SWAPPED[type(node.op)]())
            for at in range(len(node.values)):
                rest = [*node.values[:at], *node.values[at + 1 :]]
                yield _changed(node, values=rest) if len(rest) > 1 else deepcopy(rest[0])
        case ast.UnaryOp(op=ast.Not()):
            yield deepcopy(node.operand)
        case ast.BinOp() if type(node.op) in _SWAPPED and not _text(node):
            yield _changed(node, op=_SWAPPED[type(node.op)]())
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as number):
            yield ast.Constant(number + 1)
        case ast.Call(func=ast.Name(id="min" | "max" as name)):
            yield _changed(node, func=ast.Name("max" if name == "min" else "min"))
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.Raise():
            call = node.value if isinstance(node, ast.Expr) else None
            call = call.value if isinstance(call, ast.Await) else call
            if not (isinstance(call, ast.Call) and _root(call.func) in _LOGS):
                yield ast.Pass()
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
        case ast.If() | ast.IfExp():
            yield _changed(node, test=ast.Constant(True))
            yield _changed(node, test=ast.Constant(False))


def _text(node: ast.BinOp) -> bool:
    return any(isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
               for side in (node.left, node.right))


def _changed(node: ast.AST, **fields: Any) -> ast.AST:
    copy = deepcopy(node)
    for name, value in fields.items():
        setattr(copy, name, value)
    return copy


def _put(owner: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(owner, field, node)
    else:
        getattr(owner, field)[at] = node


def _shown(node: ast.AST) -> str:
    lines = ast.unparse(node).splitlines()
    return lines[0][:90] if lines else ""
