"""Files of kinds that are not read: each told what it is, and how to get one that is."""

import pytest

from agent.files.imports.other_formats import other_format


@pytest.mark.parametrize(("data", "said"), [
    (b"\x89PNG\r\n\x1a\n", "picture"), (b"\xff\xd8\xff\xe0", "picture"), (b"\x00\x00\x00\x18ftypheic", "picture"),
    (b"\n<!DOCTYPE html><html>", "web page"), (b"\xef\xbb\xbf<html lang='fr'>", "web page"), (b"{\\rtf1", "RTF")])
def test_what_a_file_is_and_how_to_get_a_better_one_is_told(data: bytes, said: str) -> None:
    problem = other_format(data)
    assert problem is not None and problem.code == "unknown_file"
    assert said in problem.message("en") and "ownload" in problem.hint("en")


@pytest.mark.parametrize("data", [b"", b"words", b"Date;Montant\n", b"BMW;1", b"<html"[:4], b"\xff\xd8"])
def test_what_is_none_of_these_is_not_taken_for_one(data: bytes) -> None:
    assert other_format(data) is None
