"""The mutator spoils what runs, in every way it knows, and nothing else."""

import ast
from pathlib import Path

from tests.mutation.__main__ import A_LINE, ROOT, drawn
from tests.mutation.groups import GROUPS
from tests.mutation.mutants import mutants

SOURCE = '''"""A text of 1 line."""
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from x import y
log = None

def first(a: "int | None", rows: list) -> int:
    """Not 2."""
    log.info("3 %d", 4)
    for row in rows:
        if not row and a < 5:
            continue
        rows.append(min(row, 6) + 1)
    if a is None:
        raise ValueError("7")
    return a
'''


def test_each_kind_of_change_is_made_and_texts_types_and_logging_are_left_alone() -> None:
    changes = {(mutant.line, mutant.change) for mutant in mutants("x.py", SOURCE)}
    assert changes == {
        (11, "if not row and a < 5: -> if True:"), (11, "if not row and a < 5: -> if False:"),
        (11, "not row and a < 5 -> not row or a < 5"), (11, "not row and a < 5 -> a < 5"),
        (11, "not row and a < 5 -> not row"), (11, "not row -> row"), (11, "a < 5 -> a <= 5"), (11, "5 -> 6"),
        (12, "continue -> break"), (13, "rows.append(min(row, 6) + 1) -> pass"),
        (13, "min(row, 6) + 1 -> min(row, 6) - 1"), (13, "min(row, 6) -> max(row, 6)"), (13, "6 -> 7"), (13, "1 -> 2"),
        (14, "if a is None: -> if True:"), (14, "if a is None: -> if False:"), (14, "a is None -> a is not None"),
        (15, "raise ValueError('7') -> pass"), (16, "return a -> return None"),
    }  # fmt: skip


def test_every_mutant_is_a_program_of_its_own() -> None:
    sources = [mutant.source for mutant in mutants("x.py", SOURCE)]
    assert len({*sources, ast.unparse(ast.parse(SOURCE))}) == len(sources) + 1
    for source in sources:
        compile(source, "x.py", "exec")


def test_the_draw_is_the_same_each_time_and_at_most_two_on_a_line() -> None:
    group = GROUPS["scheduler/plan"]
    chosen = drawn(ROOT, group, 40, 12)
    assert chosen == drawn(ROOT, group, 40, 12) and len(chosen) == 40
    places = [(mutant.file, mutant.line) for mutant in chosen]
    assert max(map(places.count, places)) <= A_LINE


def test_the_files_and_tests_of_each_group_are_there() -> None:
    for group in GROUPS.values():
        assert all((ROOT / name).exists() for name in (*group.files, *group.tests) if not name.startswith("--"))
        assert all(Path(name).suffix == ".py" for name in group.files)
