"""The vault's commands: ``setup``, ``unlock``, ``lock``, ``passphrase``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agent.client import api
from ameli_tui.cli.context import Context
from ameli_tui.cli.errors import Locked, PassphrasesDiffer, PersonNeeded
from ameli_tui.cli.outbox_state import restored_copy
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.cli.secret_input import ask_line, ask_secret, has_terminal, passphrase_from_file, read_secret_file
from ameli_tui.i18n import _

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.process import Status
    from agent.protocol.vault import AfterLock, Opened, OpeningKeys

    class UnlockArgs(Protocol):
        """The arguments of ``ameli unlock``."""

        recovery_code: bool
        accept_older: bool
        salvage: bool

    class LockArgs(Protocol):
        """The arguments of ``ameli lock``."""

        all: bool

    class ChangeArgs(Protocol):
        """The arguments of ``ameli passphrase change``."""

        new_passphrase_file: str | None


def configure_setup(parser: Parser) -> None:
    """Add ``ameli setup``."""
    describe(parser, _(
        "Create the encrypted vault, as the screens do on a first run. The passphrase comes from the passphrase\n"
        "file, or is asked for twice. The answer is the recovery code: the only other way in, shown this once.\n"
        "Keep it on paper. Nobody can open the vault without one of the two."),
        "ameli setup --passphrase-file ~/.ameli-passphrase")
    parser.set_defaults(run=run_setup)


def configure_unlock(parser: Parser) -> None:
    """Add ``ameli unlock``."""
    describe(parser, _("Open the vault, so that the agent can read and keep data. It closes by itself after a while\n"
                       "without use (setting agent.lock_after_min)."), "ameli unlock")
    parser.add_argument("--recovery-code", action="store_true",
                        help=_("use the recovery code instead of the passphrase"))
    parser.add_argument("--accept-older", action="store_true",
                        help=_("take a restored, older copy of the vault as it is, and send what waits in it"))
    parser.add_argument("--salvage", action="store_true",
                        help=_("open all that can still be read of a damaged vault, and say what is missing"))
    parser.set_defaults(run=run_unlock)


def configure_lock(parser: Parser) -> None:
    """Add ``ameli lock``."""
    describe(parser, _(
        "Close the vault now: the agent forgets its keys and what was in it, and says whether it goes on watching the\n"
        "account. What is new is then sealed until the vault is opened. With --all it forgets what watching needs,\n"
        "too. The settings agent.watch and agent.sign_in say what a locked agent does."), "ameli lock --all")
    parser.add_argument("--all", action="store_true", help=_("forget the account too: nothing is watched while locked"))
    parser.set_defaults(run=run_lock)


def configure_passphrase(parser: Parser) -> None:
    """Add ``ameli passphrase change`` and ``ameli passphrase recovery``."""
    describe(parser, _("The passphrase opens the vault. It is kept nowhere."), "ameli passphrase change")
    actions = parser.actions(required=True)
    change = add_action(actions, "change", _("replace the passphrase by another"), run_change)
    change.add_argument("--new-passphrase-file", metavar="FILE", help=_("file whose first line is the new passphrase"))
    add_action(actions, "recovery", _("make a new recovery code; the old one stops working"), run_recovery)


def run_setup(context: Context) -> None:
    """Create the vault."""
    passphrase = passphrase_from_file(context.passphrase_file)
    if passphrase is None:
        passphrase = _ask_new("--passphrase-file")
    answer = context.door.knock(api.setup(passphrase))
    context.out.answer(answer, lambda: "\n".join((
        _("The vault is ready and open. Its recovery code, shown this once:"), "",
        f"  {answer['recovery_code']}", "",
        _("Write it on paper. Next: `ameli login`, then `ameli sync`."))))


def run_unlock(context: Context) -> None:
    """Open the vault."""
    args: UnlockArgs = context.args
    door = context.door
    before = door.knock(api.status())
    word: OpeningKeys = {}
    if args.accept_older:
        word["accept_older"] = True
    if args.salvage:
        word["salvage"] = True
    answer: Opened = {"state": "unlocked"}
    if args.recovery_code:
        if not has_terminal():
            raise PersonNeeded(what=_("the recovery code"), option="--passphrase-file")
        answer = door.open_with({"recovery_code": ask_line(_("Recovery code: ")), **word})
    elif before["state"] != "unlocked" or context.passphrase_file or (
            args.accept_older and restored_copy(door) is not None):
        answer = door.unlock(word)
    seen = before.get("sealed", 0)
    # Open is what was asked for: what is missing is told, on standard error too, and is no failure of the command.
    context.out.answer({**answer, "seen_while_locked": seen} if seen else answer, lambda: _opened(answer, seen))


def _opened(answer: Opened, seen: int) -> str:
    """What became of it, and how many new things were seen meanwhile; a loss was told already."""
    from ameli_tui.i18n.watch_words import seen_while_locked

    lost = answer.get("salvage")
    opened = _("The vault is open.")
    if lost is not None and not lost["missing"] and not lost["at_least"]:
        opened = _("The vault was damaged; nothing is missing. The vault is open.")
    return f"{opened}\n{seen_while_locked(seen)}" if seen else opened


def run_lock(context: Context) -> None:
    """Close the vault, and say what goes on. Without an agent it is closed already."""
    from agent.client.client import NotRunning
    from ameli_tui.cli.watch_words import locked_text
    from ameli_tui.i18n.watch_words import why_not

    args: LockArgs = context.args
    answer: AfterLock = {"state": "locked", "watching": False, "next_sync": None, "access": "none"}
    before: Status | None = None
    why: str | None = "all" if args.all else "no_agent"
    try:
        before = context.door.knock(api.status()) if args.all else context.door.client.ask(api.status())
        answer = context.door.client.ask(api.lock(everything=args.all))
    except NotRunning:
        pass
    else:
        if not args.all:
            why = why_not(before)
    if answer["watching"]:
        why = None
    elif why is None:
        why = "no_access" if answer["next_sync"] else "not_kept"
    context.out.answer({**answer, "why_not": why}, lambda: locked_text(answer, why, before))


def run_change(context: Context) -> None:
    """Replace the passphrase."""
    args: ChangeArgs = context.args
    old = passphrase_from_file(context.passphrase_file)
    if old is None:
        _need_terminal()
        old = ask_secret(_("Present passphrase: "))
    new = (read_secret_file(Path(args.new_passphrase_file)) if args.new_passphrase_file
           else _ask_new("--new-passphrase-file"))
    context.door.knock(api.change_passphrase(old, new))
    context.out.answer({"changed": True}, lambda: _("The passphrase is changed. The recovery code stays the same."))


def run_recovery(context: Context) -> None:
    """Make a new recovery code."""
    passphrase = passphrase_from_file(context.passphrase_file)
    if passphrase is None:
        _need_terminal()
        passphrase = ask_secret(_("Passphrase: "))
    answer = context.door.knock(api.new_recovery_code(passphrase))
    context.out.answer(answer, lambda: "\n".join((
        _("The new recovery code, shown this once; the old one no longer works:"), "", f"  {answer['recovery_code']}")))


def _need_terminal() -> None:
    if not has_terminal():
        raise Locked()


def _ask_new(option: str) -> str:
    if not has_terminal():
        raise PersonNeeded(what=_("the new passphrase"), option=option)
    from agent.passphrase import new_passphrase, without_line_ends

    new = new_passphrase(ask_secret(_("New passphrase: ")))  # before the second typing: it would be for nothing
    if without_line_ends(ask_secret(_("The same again: "))) != new:
        raise PassphrasesDiffer()
    return new
