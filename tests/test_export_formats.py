"""One list of forms in which the account can be written: makers, command and page follow it."""

from importlib import import_module
from pathlib import Path
from typing import Literal

import pytest

from agent.files.exports.registry import MAKERS
from agent.protocol.export_formats import DOCUMENTS, EXPORT_FORMATS
from ameli_tui.cli.parser import build_parser
from ameli_tui.i18n import set_lang

README = Path(__file__).parents[1] / "README.md"


def test_each_form_has_a_name_of_its_own_and_a_maker() -> None:
    names = [known.name for known in EXPORT_FORMATS]
    assert len({*names}) == len(names) and len({known.typed for known in EXPORT_FORMATS}) == len(names)
    assert {*MAKERS} == {*names} - {DOCUMENTS}
    for maker in MAKERS.values():
        module, _dot, function = maker.partition(".")
        assert callable(getattr(import_module(f"agent.files.exports.{module}"), function))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_command_takes_and_explains_each(
    language: Literal["fr", "en"], capsys: pytest.CaptureFixture[str]
) -> None:
    set_lang(language)
    try:
        parser = build_parser("export")
        with pytest.raises(SystemExit):
            parser.parse_args(["export", "--help"])
    finally:
        set_lang(None)
    for known in EXPORT_FORMATS:
        taken = parser.parse_args(["export", "--out", "-", "--format", *known.typed.split()])
        assert f"{taken.format}-excel" == known.name if taken.excel else taken.format == known.name
    said = capsys.readouterr().out
    for known in EXPORT_FORMATS:
        assert f"  {known.typed} " in said
        assert (known.fr if language == "fr" else known.en) in said


def test_the_readme_has_each_in_its_table() -> None:
    table = README.read_text(encoding="utf-8").partition("## Exports")[2].partition("\n## ")[0]
    assert all(f"`{part}`" in table for known in EXPORT_FORMATS for part in known.typed.split())
