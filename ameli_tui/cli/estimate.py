"""``ameli estimate``: what will be paid back for a piece of care, by the rules of its day."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ameli_tui.cli.errors import BadCareFile
from ameli_tui.cli.output import facts, one_line
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.i18n import _, lang, money

if TYPE_CHECKING:
    from ameli_tui.cli.entry import Context

_MOST_BYTES = 4_000_000


def configure_estimate(parser: Parser) -> None:
    """Add ``ameli estimate``."""
    describe(parser, _(
        "Price care by the rules of its day, step by step: one JSON object or a list, from a file or standard input.\n"
        'A small one: {"act": "G", "on": "2026-11-23", "price": "30", "top_up": {"percent_brss": "100"}}.\n'
        "An act or a day that the tables do not know is refused, never guessed. No vault is needed."),
        "ameli estimate --json-input care.json --json")
    parser.add_argument("--json-input", metavar="FILE", default="-",
                        help=_("file that describes the care; - (or nothing) is standard input"))
    parser.set_defaults(run=run_estimate)


def run_estimate(context: Context) -> None:
    """Price the care described in the file."""
    if context.args.json_input == "-" and sys.stdin.isatty():
        context.out.say(_("Describe the care in JSON, then end with Ctrl-D:"))
    care = _read(context.args.json_input)
    door = context.door
    found = door.knock(lambda: door.client.post("/v1/estimate", {"care": care}))
    context.out.answer(found, lambda: _text(found))


def _read(name: str) -> Any:
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(name).expanduser().open("rb") as file:
                raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise BadCareFile(path=name, reason=error.strerror or str(error)) from error
    if len(raw) > _MOST_BYTES:
        raise BadCareFile(path=name, reason="> 4 MB")
    try:
        # Amounts written as JSON numbers stay the decimals they were typed as.
        return json.loads(raw, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise BadCareFile(path=name, reason=str(error)) from error


def _text(found: Any) -> str:
    return "\n\n".join(_one(care) for care in (found if isinstance(found, list) else [found]))


def _one(care: dict[str, Any]) -> str:
    steps = [f"  {number}. {one_line(step['text_' + lang()])}" for number, step in enumerate(care["steps"], 1)]
    amounts = facts([
        (_("Price"), money(care["price"])),
        (_("Paid by the fund"), money(care["amo"])),
        (_("Paid by others"), money(care["amc"])),
        (_("Left to pay"), money(care["left_to_pay"])),
    ])
    return "\n".join([one_line(care["act"]), *steps, "", amounts])
