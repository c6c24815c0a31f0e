"""The complementary insurance and everybody's situations: ``coverage``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from agent.client import api
from ameli_tui.cli.argument_types import day
from ameli_tui.cli.output import facts
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.i18n import _
from ameli_tui.i18n import day as spoken_day
from config.fold import fold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    from agent.protocol.money import ContractTold, Coverage, CoverChange, Situation
    from ameli_tui.cli.context import Context

    class SetArgs(Protocol):
        """The arguments of ``ameli coverage set``."""

        name: str | None
        percent: str
        percent_optam: str | None
        since: str | None
        until: str | None
        frame: str | None
        lenses: str | None
        dental: str | None
        hearing: str | None
        hospital_room: str | None

    class PersonArgs(Protocol):
        """The arguments of ``ameli coverage person``."""

        name: str
        situation: str | None
        since: str | None
        until: str | None
        none: bool
        doctor: str | None

T = TypeVar("T")

_SITUATIONS = ("ald", "maternity", "c2s", "ame", "alsace_moselle", "work_accident", "pension_invalidity")
_EUROS = ("frame", "lenses", "dental", "hearing", "hospital_room")


def configure_coverage(parser: Parser) -> None:
    """Add ``ameli coverage`` with ``set``, ``forget`` and ``person``."""
    describe(parser, _(
        "Show the complementary insurance (mutuelle): the one the account's papers name, and the contract as you\n"
        "noted it, on which `ameli owed` and `ameli explain` count the top-up's share."),
        "ameli coverage set --name MUTUELLE --percent 100")
    parser.set_defaults(run=run_coverage)
    actions = parser.actions()
    noted = add_action(actions, "set", _("note what the contract pays"), run_set,
                       "ameli coverage set --name MUTUELLE --percent 100 --percent-optam 200 --from 2026-01-01")
    noted.add_argument("--name", metavar="NAME", help=_("name of the insurer"))
    noted.add_argument("--percent", metavar="P", required=True,
                       help=_("per cent of the base (BRSS) it brings care to, the fund's share included"))
    noted.add_argument("--percent-optam", metavar="P", help=_("the same at doctors with OPTAM"))
    for name, meaning in zip(_EUROS, (
        _("euros for a frame"), _("euros for two lenses"), _("euros for a dental prosthesis"),
        _("euros for a hearing aid"), _("euros a day for a private hospital room"),
    ), strict=True):
        noted.add_argument("--" + name.replace("_", "-"), metavar="A", help=meaning)
    noted.add_argument("--from", dest="since", metavar="D", type=day, help=_("first day of the contract"))
    noted.add_argument("--until", metavar="D", type=day, help=_("last day of the contract"))
    add_action(actions, "forget", _("forget the contract"), run_forget)
    person = add_action(actions, "person", _("note somebody's situations, which change what the rules say"), run_person,
                        "ameli coverage person 'CAMILLE MARTIN' --situation ald --from 2025-03-01 --doctor yes")
    person.add_argument("name", metavar="NAME", help=_("the person's name, as in `ameli profile`"))
    person.add_argument("--situation", choices=_SITUATIONS, help=_("a situation to add"))
    person.add_argument("--from", dest="since", metavar="D", type=day, help=_("its first day"))
    person.add_argument("--until", metavar="D", type=day, help=_("its last day"))
    person.add_argument("--none", action="store_true", help=_("forget the situations noted for this person"))
    person.add_argument("--doctor", choices=("yes", "no"), help=_("whether a treating doctor is declared"))


def run_coverage(context: Context) -> None:
    """Show what is known."""
    coverage = context.door.ask(api.coverage())
    context.out.answer(coverage, lambda: coverage_text(coverage))


def coverage_text(coverage: Coverage) -> str:
    """The cover for a person."""
    parts = []
    if coverage["top_up"]:
        parts.append(facts([(_("Complementary insurance"), coverage["top_up"]), (_("Read in"), coverage["source"])]))
    else:
        parts.append(_("The pages read so far name no complementary insurance."))
    contract = coverage["contract"]
    if contract:
        rows = [
            (_("Contract noted"), contract["name"] or "?"),
            (_("Of the base, fund included"), _percent(contract["percent_brss"])),
            (_("At doctors with OPTAM"), _percent(contract["percent_optam"])),
            *((name, f"{amount} €") for name, amount in (
                ("frame", contract["frame"]), ("lenses", contract["lenses"]), ("dental", contract["dental"]),
                ("hearing", contract["hearing"]), ("hospital_room", contract["hospital_room"]),
            ) if amount is not None),
            (_("From"), spoken_day(contract["from"]) if contract["from"] else None),
            (_("Until"), spoken_day(contract["until"]) if contract["until"] else None),
        ]
        parts.append(facts(rows))
    else:
        parts.append(_("No contract is noted: `ameli coverage set` lets the top-up's share be counted."))
    people = [(name, ", ".join(_situation(one) for one in listed)) for name, listed in coverage["situations"].items()
              if listed]
    people += [(name, _("treating doctor declared") if has else _("no treating doctor declared"))
               for name, has in coverage["attending_doctor"].items()]
    if people:
        parts.append(facts(people))
    return "\n\n".join(parts)


def _percent(text: str | None) -> str | None:
    return f"{text} %" if text is not None else None


def _situation(situation: Situation) -> str:
    days = [spoken_day(end) if end else "…" for end in (situation["from"], situation["until"])]
    return situation["situation"] + (f" ({days[0]} – {days[1]})" if situation["from"] or situation["until"] else "")


def run_set(context: Context) -> None:
    """Note the contract."""
    args: SetArgs = context.args
    contract: ContractTold = {
        "name": args.name, "percent_brss": args.percent, "percent_optam": args.percent_optam,
        "from": args.since, "until": args.until, "frame": args.frame, "lenses": args.lenses, "dental": args.dental,
        "hearing": args.hearing, "hospital_room": args.hospital_room,
    }
    coverage = context.door.ask(api.set_coverage({"contract": contract}))
    context.out.answer(coverage, lambda: coverage_text(coverage))


def run_forget(context: Context) -> None:
    """Forget the contract."""
    coverage = context.door.ask(api.set_coverage({"contract": None}))
    context.out.answer(coverage, lambda: coverage_text(coverage))


def run_person(context: Context) -> None:
    """Note somebody's situations."""
    args: PersonArgs = context.args
    before = context.door.ask(api.coverage())
    listed = [] if args.none else list(_of(before["situations"], args.name) or ())
    if args.situation:
        listed.append({"situation": args.situation, "from": args.since, "until": args.until})
    body: CoverChange = {"situations": {args.name: listed}}
    if args.doctor:
        body["attending_doctor"] = {args.name: args.doctor == "yes"}
    after = context.door.ask(api.set_coverage(body))
    context.out.answer(after, lambda: coverage_text(after))


def _of(by_name: Mapping[str, T], wanted: str) -> T | None:
    return next((value for name, value in by_name.items() if fold(name) == fold(wanted)), None)
