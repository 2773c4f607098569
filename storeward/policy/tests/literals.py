"""Finds figures of rules that stand as literals in code.

A literal counts where it would decide something: an argument of `timedelta`, a `Decimal`, and in the packages that judge also a
side of a comparison and the value of a constant (a name in capitals, with the members of its tuples, lists and dictionaries). It
is found out where its value is that of a figure in the rule data. 0, 1 and 2 stand for too much else (indexes, signs, pairs): of
them only 2 counts, and only in a `timedelta` or `Decimal`. Widths of columns, slices, lines on a page are none of these.
"""

import ast
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

TOO_COMMON = frozenset({Decimal(0), Decimal(1), Decimal(2)})
JUDGING = ("policy/", "findings/")
"""Where a bare number in a comparison or constant may be a limit; elsewhere these are sizes, places and layout."""
DURATIONS = frozenset({"timedelta"})


class Literal(NamedTuple):
    """A literal of code: where (`findings/rates.py:MONTH`, by the constant or function that holds it), and its value."""

    place: str
    value: Decimal


def literals(paths: Iterable[Path], root: Path) -> Iterator[tuple[Literal, int]]:
    """Every literal that counts, with its line."""
    for path in paths:
        file = path.relative_to(root).as_posix()
        for name, node, value, strict in _deciding(ast.parse(path.read_text("utf-8")), "module"):
            if (strict or file.startswith(JUDGING)) and (value not in TOO_COMMON or (strict and abs(value) > 1)):
                yield Literal(f"{file}:{name}", value), node.lineno


_Found = tuple[str, ast.expr, Decimal, bool]


def _deciding(tree: ast.AST, name: str) -> Iterator[_Found]:
    """Literals in deciding places below a node; `strict` ones where even a small number is a figure."""
    for node in ast.iter_child_nodes(tree):
        inside = _name_of(node) or name
        yield from _here(node, inside)
        yield from _deciding(node, inside)


def _name_of(node: ast.AST) -> str:
    """Of a function, class or constant."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    return next(iter(_constants(node)), "")


def _constants(node: ast.AST) -> list[str]:
    """The names in capitals that a statement gives a value."""
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return []
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
    return [name for name in names if name.strip("_").isupper()]


def _here(node: ast.AST, name: str) -> Iterator[_Found]:
    if isinstance(node, ast.Compare):
        for side in (node.left, *node.comparators):
            yield from _numbers(side, name, strict=False)
    elif isinstance(node, ast.Call) and _called(node) in DURATIONS:
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            yield from _numbers(argument, name, strict=True)
    elif isinstance(node, ast.Call) and _called(node) == "Decimal":
        for argument in node.args:
            yield from _numbers(argument, name, strict=True)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _constants(node):
        yield from _members(node.value, name)


def _members(value: ast.expr, name: str) -> Iterator[_Found]:
    """The numbers of a constant, however it is nested; calls inside are judged by themselves."""
    parts = {ast.Dict: "values", ast.Tuple: "elts", ast.List: "elts", ast.Set: "elts"}
    if (field := parts.get(type(value))) is not None:
        for member in getattr(value, field):
            yield from _members(member, name)
    else:
        yield from _numbers(value, name, strict=False)


def _numbers(node: ast.expr, name: str, *, strict: bool) -> Iterator[_Found]:
    """The number that an expression is: alone, signed, or multiplied by something."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        for _, inner, value, _ in _numbers(node.operand, name, strict=strict):
            yield name, inner, -value, strict
    elif isinstance(node, ast.BinOp):
        yield from _numbers(node.left, name, strict=strict)
        yield from _numbers(node.right, name, strict=strict)
    elif isinstance(node, ast.Constant) and (number := _number(node.value, strict=strict)) is not None:
        yield name, node, number, strict


def _number(value: object, *, strict: bool) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not strict:
        return None  # text is no figure, but inside Decimal("...")
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
