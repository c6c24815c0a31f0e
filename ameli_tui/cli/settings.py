"""The settings' commands: ``ameli config …``."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING, Any

from ameli_tui.bringing import at_home, there
from ameli_tui.cli.entry import Context
from ameli_tui.cli.errors import BadSettings, SettingsNotSaved
from ameli_tui.cli.output import facts, one_line
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from config.paths import Paths

_FOLDER = "import.folder"
_OF_THE_SCREENS = ("theme", "mouse", "bell")
_AT_ONCE = ("lang", "import.", "agent.", "notify.")
"""What the agent takes up as soon as it reads its settings again; the rest is read when the vault opens."""


def configure_config(parser: Parser) -> None:
    """Add ``ameli config path|show|set``."""
    describe(parser, _("One TOML file holds the settings. Every one has a default; the file names those that differ."),
             "ameli config set sync.every_h 12")
    actions = parser.actions(required=True)
    add_action(actions, "path", _("say where the settings and everything else are"), run_path)
    add_action(actions, "show", _("list every setting and its value"), run_show)
    change = add_action(actions, "set", _("change one setting"), run_set, "ameli config set lang en")
    change.add_argument("key", metavar="KEY", help=_("the setting's name, like agent.lock_after_min"))
    change.add_argument("value", metavar="VALUE", help=_("its value, as TOML or as plain text"))


def run_path(context: Context) -> None:
    """Say where things are."""
    paths = context.paths
    places = {"settings": paths.settings, "vault": paths.vault, "logs": paths.logs, "socket": paths.socket}
    context.out.answer({name: str(place) for name, place in places.items()}, lambda: facts(places.items()))


def run_show(context: Context) -> None:
    """List the settings."""
    import msgspec

    from config.settings import SettingsError, load_settings

    try:
        settings = msgspec.to_builtins(load_settings(context.paths.settings))
    except SettingsError as error:
        raise BadSettings(reason=str(error)) from error
    context.out.answer(settings, lambda: "\n".join(f"{key} = {_toml(value)}" for key, value in _flat(settings)))


def run_set(context: Context) -> None:
    """Change one setting; the file is only written when the result is valid as a whole."""
    import msgspec

    from config.settings import Settings, SettingsError, load_settings, save_settings

    path, key, value = context.paths.settings, context.args.key, context.args.value
    try:
        raw = msgspec.to_builtins(load_settings(path))
        if key == _FOLDER:
            raw["import"]["folder"] = _watched(value, context.paths)
        else:
            _put(raw, key, value)
        settings = msgspec.convert(raw, Settings, strict=False)
    except (SettingsError, msgspec.ValidationError) as error:
        raise BadSettings(reason=str(error)) from error
    try:
        save_settings(path, settings)
    except OSError as error:
        raise _not_saved(path, error) from error
    context.out.say(_when_it_holds(key, taken_up=_taken_up(context)))
    context.out.answer({"key": key, "value": dict(_flat(msgspec.to_builtins(settings)))[key]},
                       lambda: _("Saved in {path}.").format(path=path))


def _not_saved(path: Path, error: OSError) -> SettingsNotSaved:
    from ameli_tui.system_errors import why, writing_cure

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


def _when_it_holds(key: str, *, taken_up: bool) -> str:
    """From when on a changed setting counts. ``taken_up``: the agent read the settings again, or none runs."""
    if key in _OF_THE_SCREENS:
        return _("It holds when the screens are opened again.")
    if not taken_up:
        return _("The running agent did not take it up; stop it with `ameli agent stop`, it starts again by itself.")
    return _("It holds from now on.") if key.startswith(_AT_ONCE) else _("It holds from the next unlocking on.")


def _taken_up(context: Context) -> bool:
    """Have the agent, if one runs, read the settings again."""
    from agent.client import Client, Problem

    try:
        Client(context.paths).post("/v1/reload")
    except Problem as problem:
        return problem.code == "not_running"
    return True


def _put(raw: dict[str, Any], key: str, text: str) -> None:
    known = dict(_flat(raw))
    if key not in known:
        import difflib

        near = difflib.get_close_matches(key, known, 1, cutoff=0.4)
        meant = _(" Did you mean “{near}”?").format(near=near[0]) if near else ""
        raise BadSettings(reason=_("there is no setting “{key}”.").format(key=key) + meant)
    *parents, last = key.split(".")
    for parent in parents:
        raw = raw[parent]
    try:
        raw[last] = tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        raw[last] = text


def _flat(raw: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in raw.items():
        found += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
    return found


def _toml(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
