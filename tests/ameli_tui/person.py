"""Somebody who fills in a procedure by keys alone: finds the row, opens it, picks or types, leaves, comes back."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from ameli_tui.forms.answers import PICKED, SEVERAL, Row, options
from ameli_tui.screens.base.text_editor import LongTextScreen
from ameli_tui.screens.requests.attach import AttachScreen
from ameli_tui.screens.requests.fill import FillScreen
from ameli_tui.screens.requests.procedure import ProcedureScreen
from ameli_tui.screens.requests.procedures import ProceduresPage
from ameli_tui.screens.requests.request import RequestScreen
from ameli_tui.screens.requests.summary import SummaryScreen
from tests.ameli_tui.opened import Driven


def flat(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by path, those of groups by item: ``children[0].birth_date``."""
    out: dict[str, Any] = {}
    for name, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for at, item in enumerate(value):
                out.update({f"{name}[{at}].{inner}": given for inner, given in item.items()})
        else:
            out[name] = value
    return out


class Person:
    """Presses keys; reads the screen's own rows only to know where things stand."""

    def __init__(self, driven: Driven) -> None:
        self.driven = driven

    @property
    def form(self) -> FillScreen:
        """The form that is shown."""
        page = self.driven.page
        assert isinstance(page, FillScreen), type(page).__name__
        return page

    # -- coming and going --------------------------------------------------------------------------------------------

    async def procedures(self, which: str) -> ProceduresPage:
        """The tab, in its upper list (``requests``) or its lower one."""
        await self.driven.keys("8")
        page = self.driven.page
        assert isinstance(page, ProceduresPage)
        if page.focused is not getattr(page, which):
            await self.driven.keys("tab")
        return page

    async def begin(self, name: str) -> None:
        """Open a procedure from the tab and begin it."""
        page = await self.procedures("procedures")
        at = next(at for at, one in enumerate(page.offered) if one["name"] == name)
        await self.driven.keys("g", *["j"] * at, "enter")
        assert isinstance(self.driven.page, ProcedureScreen)
        await self.driven.keys("enter")
        assert self.form.filling.declared["name"] == name

    async def open_request(self) -> None:
        """Open the newest request from the tab."""
        await self.procedures("requests")
        await self.driven.keys("g", "enter")
        assert isinstance(self.driven.page, RequestScreen)

    async def go_on(self) -> None:
        """Go on with the newest draft."""
        await self.open_request()
        await self.driven.keys("enter")
        assert self.form.draft.key is not None

    # -- filling in --------------------------------------------------------------------------------------------------

    async def move_to(self, path: str, kind: str = "field") -> Row:
        """Turn to the screen that asks this, and put the cursor on it."""
        form = self.form
        steps = form.filling.steps()
        step = next(at for at in range(len(steps))
                    if any((row.kind, row.path) == (kind, path) for row in form.filling.rows(at)))
        turns = step - form.step
        await self.driven.keys(*["n" if turns > 0 else "p"] * abs(turns))
        at = next(at for at, row in enumerate(form.rows_shown) if (row.kind, row.path) == (kind, path))
        by = at - form.rows.cursor
        await self.driven.keys(*["j" if by > 0 else "k"] * abs(by))
        row = form.current
        assert row is not None
        assert (row.kind, row.path) == (kind, path)
        return row

    async def answer(self, path: str, value: Any) -> None:
        """Answer one question as a person does: pick, tick or type."""
        row = await self.move_to(path)
        declared = row.declared or {}
        await self.driven.keys("enter")
        if declared["kind"] in PICKED and options(declared):
            await self._pick(declared, path, value)
        elif isinstance(self.driven.page, LongTextScreen):
            await self.driven.type(value)
            await self.driven.keys("tab", "enter")
        else:
            await self.driven.keys("ctrl+u")
            await self.driven.type(", ".join(value) if isinstance(value, list) else str(value))
            await self.driven.keys("enter")
        if self.form.editing is not None:
            await self.driven.keys("escape")  # the next question opened by itself

    async def _pick(self, declared: dict[str, Any], path: str, value: Any) -> None:
        form = self.form
        names = [one for one, _words in options(declared)]
        if declared["kind"] not in SEVERAL:
            await self.driven.keys("g", *["j"] * names.index(value), "enter")
            return
        chosen = form.filling.get(path) or []
        for at, name in enumerate(names):
            if (name in value) is not (name in chosen):
                await self.driven.keys("g", *["j"] * at, "enter")
        await self.driven.keys("G", "enter")

    async def add(self, group: str) -> None:
        """One more of a group."""
        await self.move_to(group, "add")
        await self.driven.keys("enter")

    async def attach(self, paper: str, path: Path) -> None:
        """Attach a file by its path."""
        await self.move_to(paper, "paper")
        await self.driven.keys("enter")
        assert isinstance(self.driven.page, AttachScreen)
        await self.driven.keys("ctrl+u")
        await self.driven.type(str(path))
        await self.driven.keys("enter")
        assert any(one["name"] == paper for one in self.form.filling.fresh), self.driven.text

    def unanswered(self, wanted: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        """The next question asked, in the order of the screens, that is wanted and not given yet.

        For a group that needs one more: its name.
        """
        filling = self.form.filling
        for at, _step in enumerate(filling.steps()):
            for row in filling.rows(at):
                if row.kind == "field" and row.path in wanted and row.path not in given:
                    return row.path
                if row.kind == "add" and any(one.startswith(f"{row.path}[") and one not in given for one in wanted):
                    return row.path
        return None

    async def fill(self, answers: Mapping[str, Any]) -> None:
        """Answer everything that is asked; see ``answering``."""
        async for _path in self.answering(answers):
            pass

    async def answering(self, answers: Mapping[str, Any]) -> AsyncIterator[str]:
        """Answer one question after the other, in the order in which they are asked, and yield each path."""
        wanted, given = flat(answers), dict[str, Any]()
        while (path := self.unanswered(wanted, given)) is not None:
            if path not in wanted:
                await self.add(path)
                continue
            await self.answer(path, wanted[path])
            given[path] = wanted[path]
            yield path

    # -- the end -----------------------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Check everything: the summary."""
        await self.driven.keys("v")
        assert isinstance(self.driven.page, SummaryScreen), self.driven.text

    async def send(self) -> None:
        """From the summary on: send it."""
        await self.driven.keys("g", "enter")
