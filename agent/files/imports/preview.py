"""What a file would bring: read and applied in a step that is given up, so that nothing of it is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.files.imports import bank_file
from agent.files.imports.importer import take_file
from agent.files.imports.model import ColumnAnswers, Desk
from agent.protocol.files import Preview, PreviewTable

if TYPE_CHECKING:
    from agent.files.formats.bank.column_names import Columns
    from agent.files.formats.bank.said_columns import SaidColumns
    from agent.files.formats.bank.table import Table

_ROWS = 8
_CELLS = 40
_LONGEST = 60
_ROLES = ("day", "amount", "debit", "credit", "balance", "currency", "state", "sense")


async def preview_file(desk: Desk, name: str, data: bytes) -> Preview:
    """What `take_file` would do, and how a table was understood."""
    taken = await take_file(replace(desk, trial=True), name, data)
    answers = ColumnAnswers(desk.columns, desk.store.bank_forms.known())
    table = await asyncio.to_thread(_table, data, answers) if taken.kind in ("csv", "unknown") else None
    return {**taken.shape(), "id": "", "table": table, "covered": [
        {"since": since.isoformat(), "until": until.isoformat()} for since, until in taken.covered], "credits": [
        {"on": line.on.isoformat(), "amount": f"{line.amount:.2f}", "label": line.label} for line in taken.credits]}


def _table(data: bytes, answers: ColumnAnswers) -> PreviewTable | None:
    """The first rows of a text in columns with what each column was understood as; None for anything else."""
    from agent.files.formats import bank
    from agent.files.formats.bank.errors import BankFileUnreadable
    from agent.files.formats.bank.table import unknown_heads

    if not bank.text_like(data[: bank_file.SNIFFED]):
        return None
    try:
        table, said, how = bank_file.table_as_said(data, answers)
        table = table or bank.plain_table(data)
        if table is None:
            return None
        columns = _columns(table, said)
    except BankFileUnreadable:
        return None
    roles: dict[int, str] = {}
    if columns is not None:
        roles = {at: role for role in _ROLES if (at := getattr(columns, role)) is not None}
        roles |= dict.fromkeys(columns.labels, "label")
    rows = [row for row in table.rows if not row.blank][:_ROWS]
    heads = table.heads.cells if table.heads is not None else []
    if table.heads is None and unknown_heads(rows):
        heads = rows.pop(0).cells
    return {
        "how": how or ("heads" if table.columns is not None else "proof" if roles else ""),
        "columns": [{"at": at + 1, "head": _cell(heads[at]) if at < len(heads) else "", "role": roles.get(at, "")}
                    for at in range(min(table.width, _CELLS))],
        "rows": [{"row": row.number, "cells": [_cell(cell) for cell in row.cells[:_CELLS]]} for row in rows],
    }


def _columns(table: Table, said: SaidColumns | None) -> Columns | None:
    """The columns as they are read; those that heads name where the rest is in doubt."""
    from agent.files.formats.bank.errors import BankFileUnreadable
    from agent.files.formats.bank.layout import layout_of

    try:
        return layout_of(table, said).columns
    except BankFileUnreadable:
        return table.columns


def _cell(text: str) -> str:
    return " ".join(text.replace("\ufeff", "").split())[:_LONGEST]
