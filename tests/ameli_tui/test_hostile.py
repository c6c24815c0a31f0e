"""Texts that would act on the terminal, in every field that comes from outside, on every screen."""

import pytest

from ameli_tui.terminal.safe_text import clean, defused, fit, one_line
from ameli_tui.terminal.textual_fixes import NoControls
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import Driven, opened
from tests.thoroughness import one_in

HOSTILE = {
    "markup": "a [red]b[/red] [@click=app.quit]c[/]", "unbalanced": "Réf [/dossier] [",
    "controls": "x\x1b]52;c;aGFjaw==\x07y \u202eoiram\u202c \u2066x\u2069 a\x00b\x08c\x1b[2Jd\x9b31me\x7f\nf\rg\th",
    "long": "0123456789 " * 500, "wide": "診察料 👩‍⚕️ مرحبا", "empty": "",
}
_BAD = {*map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x202C, 0x2066, 0x2069, 0x200E, 0x200F))}


def _hostile(text: str) -> FakeAgent:
    fake = FakeAgent(20)
    for row in fake.rows:
        row[2], row[5], row[6], row[8] = text, text, text, text
    for one in fake.messages:
        one["sender"] = one["subject"] = one["body"] = text
    for one in fake.documents:
        one["title"] = one["filename"] = text
    fake.needs = [{"code": "x", "message": {"fr": text, "en": text}, "hint": {"fr": text, "en": text}}]
    fake.problems = list(fake.needs)
    return fake


def _check(driven: Driven, text: str) -> None:
    lines = driven.app.screen._compositor.render_strips()
    drawn = [segment.text for strip in lines for segment in strip]
    filtered = "".join(
        segment.text for strip in lines
        for segment in NoControls().apply(list(strip), driven.app.screen.background_colors[1]))
    assert not _BAD & set(filtered)
    assert not _BAD & set("".join(drawn)), "the last filter is not to be needed"
    if "[red]" in text:
        assert "[red]" in driven.text, "text was taken for markup"


@pytest.mark.parametrize("text", one_in(3, HOSTILE.values()), ids=HOSTILE)
async def test_no_text_acts_on_the_terminal_or_vanishes(text: str) -> None:
    fake = _hostile(text)
    async with opened(fake, size=(120, 30)) as driven:
        for keys in ((), ("2",), ("2", "enter"), ("2", "b", "t"), ("3",), ("4",), ("4", "a"), ("5",)):
            await driven.keys("1", *keys)
            _check(driven, text if keys[:1] in ((), ("4",)) and keys not in (("4", "a"),) else "")


def test_the_filter_is_the_last_line_for_whatever_drew_it() -> None:
    assert defused("a\x1b]52;c;x\x07b\u202ec") == "a\ufffd]52;c;x\ufffdb\ufffdc"
    assert clean("a\r\nb\tc") == "a\nb   c"
    assert one_line("  a \n b\xa0€ ") == "a b\xa0€"
    assert len(clean("x" * 50_000)) == 20_000


@pytest.mark.parametrize("text", ["", "abc", "診察料", "a" * 50, "é" * 12])
@pytest.mark.parametrize("width", [0, 1, 5, 12])
def test_fitting_gives_exactly_the_width(text: str, width: int) -> None:
    from rich.cells import cell_len

    assert cell_len(fit(text, width)) == width
