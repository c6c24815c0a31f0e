"""``ameli estimate``: what will be paid back for a piece of care, by the rules of its day."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING

from agent.client import api
from agent.errors.system_errors import why
from ameli_tui.cli.errors import BadCareFile, InputClosed, NoCare
from ameli_tui.cli.output import facts, one_line, why_no_json
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.cli.step_lines import step_lines
from ameli_tui.files.collect import at_home
from ameli_tui.i18n import _, lang, money
from ameli_tui.i18n.certainty import doubts_told, without_doubts
from ameli_tui.i18n.citations import addresses

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.prices import Estimate
    from ameli_tui.cli.context import Context
    from config.json_value import JsonValue

    class EstimateArgs(Protocol):
        """The arguments of ``ameli estimate``."""

        json_input: str

_MOST_BYTES = 4_000_000
_SITUATIONS = ("ald", "maternity", "c2s", "ame", "alsace_moselle", "work_accident", "pension_invalidity", "aspa",
               "terrorism", "military_pension")
_REASONS = ("contraception", "sti_screening", "emergency_contraception", "abortion", "hiv_test", "hepatitis_c_test",
            "assisted_reproduction", "infertility")
"""The words of the engine; a test holds them against it, so that the command need not load it."""


def configure_estimate(parser: Parser) -> None:
    """Add ``ameli estimate``."""
    describe(parser, _(
        "Price care by the rules of its day, step by step: one JSON object or a list, from a file or standard input.\n"
        'A small one: {"act": "G", "on": "2026-11-23", "price": "30", "top_up": {"percent_brss": "100"}}.\n'
        "An act or a day that the tables do not know is refused, never guessed; a value that is only the latest known\n"
        "is told with its age. No vault is needed.") + "\n\n"
        + _fields_text(),
        "ameli estimate --json-input care.json --json")
    parser.add_argument("--json-input", metavar="FILE", default="-",
                        help=_("file that describes the care; - (or nothing) is standard input"))
    parser.set_defaults(run=run_estimate)


def _fields_text() -> str:
    """What an object may hold besides the act and the day, one subject a line."""
    rows = (
        (_("always"), "act, on"),
        (_("the bill"), "price, base, quantity, refunded_on, third_party_payment"),
        (_("the doctor"), "sector (1, 2, optam), specialty, coordinated"),
        (_("the patient"), "beneficiary {birth_date | age, situations [" + ", ".join(_SITUATIONS) + "]}"),
        (_("the reason"), "in_protocol, reason (" + ", ".join(_REASONS) + ")"),
        (_("hospital, transport, sick pay"), "heavy_act, stay_day, urgent, shared_refused, wage, children"),
        (_("this year so far"), "used_this_year, used_same_day {participation, franchise}"),
        (_("the top-up"), "top_up {percent_brss, percent_brss_optam, flat, in_addition}"),
    )
    intro = _(
        "Fields, all optional but the first line. base replaces that of the table; amounts are those of the whole\n"
        "line; days are like 2026-11-23; the others are true, false or one of the words shown.")
    lines = [_("{name}: {value}").format(name=what, value=names) for what, names in rows]
    return "\n".join([intro, *(textwrap.fill(one, 108, initial_indent="  ", subsequent_indent="      ")
                               for one in lines)])


def run_estimate(context: Context) -> None:
    """Price the care described in the file."""
    args: EstimateArgs = context.args
    if args.json_input == "-" and sys.stdin.isatty():
        context.out.say(_("Describe the care in JSON, then end with Ctrl-D:"))
    care = _read(args.json_input)
    door = context.door
    if isinstance(care, list):
        listed = door.knock(api.estimates(care))
        context.out.answer(listed, lambda: "\n\n".join(_text(one) for one in listed))
    else:
        estimate = door.knock(api.estimate(care))
        context.out.answer(estimate, lambda: _text(estimate))


def _read(name: str) -> JsonValue:
    shown = _("on standard input") if name == "-" else name
    raw = _standard_input() if name == "-" else _file(name)
    if len(raw) > _MOST_BYTES:
        raise BadCareFile(path=shown, reason="> 4 MB")
    if not raw.strip():
        raise NoCare(place=shown if name == "-" else _("in {path}").format(path=name))
    try:
        # Amounts written as JSON numbers stay the decimals they were typed as.
        care: JsonValue = json.loads(raw, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise BadCareFile(path=shown, reason=why_no_json(error)) from error
    return care


def _standard_input() -> bytes:
    try:
        return sys.stdin.buffer.read(_MOST_BYTES + 1)
    except OSError as error:
        why_fr, why_en = why(error)
        raise InputClosed(why_fr=why_fr, why_en=why_en) from error


def _file(name: str) -> bytes:
    try:
        with at_home(name).open("rb") as file:
            return file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise BadCareFile(path=name, reason=why(error)[lang() == "en"]) from error


def _text(care: Estimate) -> str:
    steps = step_lines(without_doubts(care))
    amounts = facts([
        (_("Price"), money(care["price"])),
        (_("Paid by the fund"), money(care["amo"])),
        (_("Paid by others"), money(care["amc"])),
        (_("Left to pay"), money(care["left_to_pay"])),
    ])
    doubts = [one_line(told) for told in doubts_told(care)]
    links = [f"  {one_line(link)}" for link in addresses(care["steps"])]
    return "\n".join([one_line(care["act"]), *steps, "", amounts, *(["", *doubts] if doubts else []),
                      *(["", _("Sources:"), *links] if links else [])])
