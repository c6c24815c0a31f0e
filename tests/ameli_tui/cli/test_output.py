"""What is printed: JSON that no terminal obeys, plain tables, and one sentence for a failure."""

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from ameli_tui.cli.errors import Locked
from ameli_tui.cli.output import Output, facts, one_line, table, to_json

LEAF = st.none() | st.booleans() | st.integers() | st.text()
TREE = st.recursive(LEAF, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(TREE)
def test_json_says_the_same_and_steers_nothing(document: object) -> None:
    text = to_json(document)
    assert json.loads(text) == document
    assert all(char == "\n" or char.isprintable() or not 0x7F <= ord(char) <= 0x9F for char in text)
    assert not set(text) & set("\x1b\x9b\u202e\u2066")


def test_a_long_list_has_an_item_a_line() -> None:
    assert to_json([{"a": 1}, {"b": "é"}]) == '[\n{"a": 1},\n{"b": "é"}\n]'
    assert json.loads(to_json([])) == []


@given(st.text())
def test_outside_text_is_one_harmless_line(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    assert not set(line) & set("\x1b\x9b\u202e\t\r")


def test_a_table_is_aligned_and_numbers_flush_right() -> None:
    drawn = table(("Date", "Amount"), [("1", "10,00"), ("22", "5\x1b[2J,00")], right=(1,))
    assert drawn.splitlines()[1] == "----  --------"
    assert "\x1b" not in drawn
    assert drawn.splitlines()[2] == "1        10,00"


def test_facts_leave_out_what_is_not_known() -> None:
    assert facts([("a", "1"), ("long", None), ("bc", "")]) == "a  1"


def test_a_failure_is_one_sentence_then_its_hint() -> None:
    out, err = io.StringIO(), io.StringIO()
    Output(as_json=True, stdout=out, stderr=err).failure(Locked(), "en")
    assert json.loads(out.getvalue())["error"]["code"] == "locked"
    assert err.getvalue().splitlines()[0] == "The vault is locked."
    assert len(err.getvalue().splitlines()) == 2
