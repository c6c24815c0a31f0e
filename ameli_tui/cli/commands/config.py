"""The settings' commands: ``ameli config …``."""

from __future__ import annotations

import os
import re
from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

from agent.client import api
from ameli_tui.cli.context import Context
from ameli_tui.cli.errors import BadSettings, SettingRefused, SettingsNotSaved
from ameli_tui.cli.output import facts, one_line
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.files.collect import at_home, there
from ameli_tui.i18n import _, lang

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol

    from config.bounds import Fault
    from config.paths import Paths
    from config.settings import SettingsError
    from config.toml_file import TomlTable, TomlValue

    class SetArgs(Protocol):
        """The arguments of ``ameli config set``."""

        key: str
        value: list[str]

    class UnsetArgs(Protocol):
        """The arguments of ``ameli config unset``."""

        key: str

_FOLDER = "import.folder"
_SIGN_IN, _SIGN_IN_ASKED = "agent.sign_in", "agent.sign_in_asked"
_FROM_LOCKING = {_SIGN_IN: "locked", "agent.watch": "always"}
"""What a locked agent may do more is given to it when the vault is locked; what it may no longer is taken at once."""
_OF_THE_SCREENS = ("theme", "mouse", "bell")
_NEGATIVE = re.compile(r"-(?:[0-9.]|inf|nan)", re.IGNORECASE)
"""What begins with a dash and is meant as a value, to be refused as one; argparse knows plain numbers only."""


def configure_config(parser: Parser) -> None:
    """Add ``ameli config path|show|set``."""
    describe(parser, _("One TOML file holds the settings. Every one has a default; the file names those that differ."),
             "ameli config set sync.every_h 12")
    actions = parser.actions(required=True)
    add_action(actions, "path", _("say where the settings and everything else are"), run_path)
    add_action(actions, "show", _("list every setting and its value"), run_show)
    change = add_action(actions, "set", _("change one setting"), run_set, "ameli config set lang en")
    change.description = _(
        "Change one setting. A value out of its bounds is refused and nothing is changed; `ameli config show` lists\n"
        "them. notify.command takes a program with its arguments, quoted as one word, as several words after --,\n"
        "or as a list; '' takes it away:\n"
        "  ameli config set notify.command 'notify-send -u low ameli'\n"
        "  ameli config set notify.command -- notify-send -u low ameli\n"
        "  ameli config set notify.command '[\"notify-send\", \"-u\", \"low\"]'\n"
        "agent.lock_after_min and agent.lock_at_most_h take the word never, too: the open vault is then not locked by\n"
        "itself for that reason.")
    change.add_argument("key", metavar="KEY", help=_("the setting's name, like agent.lock_after_min"))
    change.add_argument("value", metavar="VALUE", nargs="+",
                        help=_("its value, as TOML or as plain text; several words for notify.command alone"))
    change._negative_number_matcher = _NEGATIVE
    back = add_action(actions, "unset", _("put one setting back to its default"), run_unset,
                      "ameli config unset sync.every_h")
    back.add_argument("key", metavar="KEY", help=_("the setting's name, or a name in the file that is no setting"))


def run_path(context: Context) -> None:
    """Say where things are."""
    paths = context.paths
    places = {"settings": paths.settings, "vault": paths.vault, "logs": paths.logs, "socket": paths.socket}
    context.out.answer({name: str(place) for name, place in places.items()}, lambda: facts(places.items()))


def run_show(context: Context) -> None:
    """List the settings with their units and bounds. Raises BadSettings after it when the file has faults."""
    import msgspec

    from config.bounds import faults, flat, is_local, put
    from config.settings import Settings, SettingsError, from_raw, read_raw, settings_error

    path = context.paths.settings
    try:
        raw = read_raw(path)
    except SettingsError as error:
        raise bad_settings(error) from error
    settings: TomlTable = msgspec.to_builtins(Settings())
    if mistakes := faults(raw):
        wrong = bad_settings(settings_error(path, mistakes))
        if context.out.as_json:
            raise wrong
        values = dict(flat(settings))
        for key, value in flat(raw):  # as it stands there: that is what has to be mended
            if key in values:
                put(settings, key, value)
        context.out.answer(settings, lambda: _listed(settings, local=is_local(raw)))
        raise wrong
    settings = msgspec.to_builtins(from_raw(raw))
    context.out.answer(settings, lambda: _listed(settings, local=is_local(raw)))


def _listed(settings: TomlTable, *, local: bool) -> str:
    """``sync.every_h = 6.0  # a number of hours from 0.5 to 168 …``, a line each."""
    from config.bounds import MEANINGS, RULES, flat

    speaks = lang()
    lines = []
    for key, value in flat(settings):
        more = [told.fr if speaks == "fr" else told.en for told in (RULES[key].about(local=local), MEANINGS.get(key))
                if told is not None]
        lines.append((f"{key} = {_toml(value)}", "; ".join(filter(None, more))))
    width = min(44, max(len(value) for value, _more in lines))
    return "\n".join(f"{value:<{width}}  # {more}" for value, more in lines)


def run_set(context: Context) -> None:
    """Change one setting. Written only when it holds by itself and with the others; faults that the file had before
    stay in it and are told: they are mended one at a time."""
    from config.bounds import RULES, put
    from config.setting_values import NoValue

    args: SetArgs = context.args
    key, given, path = args.key, args.value, context.paths.settings
    raw = _read(context)
    if key not in RULES:
        raise _no_setting(key)
    rule = RULES[key]
    try:
        value = rule.read(given)
    except NoValue as error:
        why = error.told.fr if lang() == "fr" else error.told.en
        raise SettingRefused(reason=f"{key}{_colon()} {why}.") from error
    if key == _FOLDER and isinstance(value, str) and rule.wrong(value, local=False) is None:
        value = _watched(value, context.paths)
    was = deepcopy(raw)
    try:
        put(raw, key, value)
        if key == _SIGN_IN:  # whoever sets it was asked
            put(raw, _SIGN_IN_ASKED, True)
    except KeyError as error:
        raise _in_the_way(path, was) from error
    left = _keep(context, key, raw, was)
    context.out.answer({"key": key, "value": left.value},
                       lambda: _("Saved in {path}.").format(path=one_line(str(path))))


def run_unset(context: Context) -> None:
    """Put a setting back to its default, or take out of the file what is no setting."""
    from config.bounds import RULES, drop

    args: UnsetArgs = context.args
    key, path = args.key, context.paths.settings
    raw = _read(context)
    was = deepcopy(raw)
    if not drop(raw, key) and key not in RULES:
        raise _no_setting(key)
    left = _keep(context, key, raw, was)
    context.out.answer({"key": key, "value": left.value},
                       lambda: _("Saved in {path}.").format(path=one_line(str(path))))


class _Kept(NamedTuple):
    value: TomlValue | None
    """What holds now; None for what is no setting."""


def _read(context: Context) -> TomlTable:
    from config.settings import SettingsError, read_raw

    try:
        return read_raw(context.paths.settings)
    except SettingsError as error:
        raise bad_settings(error) from error


def _keep(context: Context, key: str, raw: TomlTable, was: TomlTable) -> _Kept:
    """Check and write the changed table; tell from when on it counts, and what is still wrong in the file."""
    import msgspec

    from config.bounds import faults, flat
    from config.settings import Settings, from_raw, save_settings, settings_error

    path, before, after = context.paths.settings, faults(was), faults(raw)
    wrong_before = {one.key for one in before}
    fresh = [one for one in after if one.key == key or one.key not in wrong_before]
    if fresh:
        raise _refused(key, dict(flat(raw)).get(key), fresh)
    try:
        save_settings(path, raw)
    except OSError as error:
        raise not_saved(path, error) from error
    if after:
        context.out.say(settings_error(path, after).told(lang()))
        context.out.say(_("Until these are mended too, the agent does not start with this file: {command}").format(
            command=after[0].cure))
    else:
        context.out.say(when_it_holds(key, reloaded(context), dict(flat(raw)).get(key)))
    if key == "notify.command":
        _tell_missing(context, dict(flat(raw)).get(key))
    if key.startswith("agent.lock_") and dict(flat(raw)).get(key) == "never":
        context.out.say(_what_never_means(raw))
    defaults = dict(flat(msgspec.to_builtins(Settings())))
    return _Kept(dict(flat(raw)).get(key, defaults.get(key)) if after else
                 dict(flat(msgspec.to_builtins(from_raw(raw)))).get(key))


def _tell_missing(context: Context, command: TomlValue | None) -> None:
    """Say that the program to be started is not there, which may be so for a while."""
    import shutil

    program = command[0] if isinstance(command, list) and command else None
    if isinstance(program, str) and shutil.which(program) is None:
        context.out.say(_("“{program}” is not found on this machine today.").format(program=one_line(program)))


def _refused(key: str, value: TomlValue | None, fresh: list[Fault]) -> SettingRefused:
    said = " ".join(f"{one.sentence(lang())}." for one in fresh)
    if all(one.key == key for one in fresh):
        return SettingRefused(reason=said)
    # The value holds by itself; what stands beside it does not hold any more.
    from config.setting_values import shown

    texts = shown(value)
    first = ", ".join(f"`{one.cure}`" for one in fresh if one.key != key)
    return SettingRefused(reason=_("with {key} = {value} another setting is out of bounds: {faults} First {cure}.")
                          .format(key=key, value=texts.fr if lang() == "fr" else texts.en, faults=said, cure=first))


def _no_setting(key: str) -> BadSettings:
    from config.bounds import nearest_key

    near = nearest_key(key)
    meant = _(" Did you mean “{near}”?").format(near=near) if near else ""
    return BadSettings(reason=_("there is no setting “{key}”.").format(key=one_line(key)) + meant)


def _in_the_way(path: Path, raw: TomlTable) -> BadSettings:
    from config.bounds import faults
    from config.settings import settings_error

    return bad_settings(settings_error(path, faults(raw)))


def _what_never_means(raw: TomlTable) -> str:
    agent = raw.get("agent")
    times = agent if isinstance(agent, dict) else {}
    unused, longest = times.get("lock_after_min"), times.get("lock_at_most_h")
    if unused == longest == "never":
        return _("The open vault is never locked by itself now: whoever sits down at this machine can read it until "
                 "you lock it (`ameli lock`) or the agent stops.")
    if unused == "never":
        return _("The vault is no longer locked for want of use; agent.lock_at_most_h still counts.")
    return _("The vault may stay open for days while it is used; agent.lock_after_min still counts.")


def _colon() -> str:
    return "\u00a0:" if lang() == "fr" else ":"


def not_saved(path: Path, error: OSError) -> SettingsNotSaved:
    """The refusal of the disk, with its reason and the cure."""
    from agent.errors.system_errors import why, writing_cure

    (why_fr, why_en), (cure_fr, cure_en) = why(error), writing_cure(error)
    return SettingsNotSaved(path=path, why_fr=why_fr, why_en=why_en, cure_fr=cure_fr, cure_en=cure_en)


def _watched(given: str, paths: Paths) -> str:
    """The folder to watch, whole and checked; empty for none. Raises BadSettings."""
    if not given.strip():
        return ""
    folder = at_home(given).absolute()
    own = (paths.config_dir, paths.data_dir, paths.state_dir, paths.run_dir)
    if not (there(folder) and folder.is_dir()):
        why = _("{folder} is not a folder.")
    elif not os.access(folder, os.R_OK | os.X_OK):
        why = _("{folder} is not yours to read.")
    elif any(folder.resolve().is_relative_to(one.resolve()) or one.resolve().is_relative_to(folder.resolve())
             for one in own):
        why = _("{folder} holds this program's own data, or is held by it.")
    else:
        return str(folder)
    raise BadSettings(reason=why.format(folder=one_line(str(folder))))


def when_it_holds(key: str, later: list[str] | None, value: TomlValue | None = None) -> str:
    """From when on a changed setting counts. ``later``: what the agent put off until the next unlocking; None when it
    did not read the settings again."""
    from config.settings import AT_ONCE_OF_PORTAL

    if key in _OF_THE_SCREENS:
        return _("It holds when the screens are opened again.")
    if later is None:
        return _("The running agent did not take it up; stop it with `ameli agent stop`, it starts again by itself.")
    table, _point, name = key.rpartition(".")
    if key in later or (table == "portal" and name not in AT_ONCE_OF_PORTAL):
        return _("It holds from the next unlocking on.")
    if key in _FROM_LOCKING and value == _FROM_LOCKING[key]:
        return _("It holds from the next locking on.")
    if key == "lang":
        return _("It holds from now on, for commands and notifications; in screens when they are opened again.")
    return _("It holds from now on.")


def reloaded(context: Context) -> list[str] | None:
    """Have the agent, if one runs, read the settings again; the names of those that wait for the next unlocking. None
    when it did not read them."""
    from agent.client.client import Client, Problem

    try:
        later = Client(context.paths).ask(api.reload())["later"]
    except Problem as problem:
        return [] if problem.code == "not_running" else None
    return later


def bad_settings(error: SettingsError) -> BadSettings:
    """The refusal of a file, with the command that mends it, in the person's language."""
    cure = _(" To mend it: `{command}`.").format(command=error.cure) if error.cure else ""
    return BadSettings(reason=error.told(lang()) + cure)


def _toml(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
