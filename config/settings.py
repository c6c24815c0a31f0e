"""The person's settings: one TOML file, every key with a default, mistakes named with the nearest known key."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from config.atomic import replace_file


class SettingsError(ValueError):
    """The settings file cannot be used; the text says which key and what is known instead."""


class PortalSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the account service is reached."""

    base_url: str = "https://assure.ameli.fr"
    identity_url: str = "https://ameliconnect.ameli.fr"
    pause_s: float = 1.0
    """Seconds between two requests: one at a time, politely."""
    timeout_s: float = 30.0
    user_agent: str = "ameli-tui"
    app_version: str = "25.40.0"
    """Value of ``x-app-version``; moves with each release of the service."""
    transport: Literal["direct", "browser", "recorded", "sandbox"] = "direct"
    """How requests travel: by the program itself, through the person's visible browser, from a recorded session, or
    to the stand-in in the agent's own process."""
    browser: str = ""
    """The browser's program; the first one found when empty."""
    browser_port: int = 0
    """Debugging port of a browser that runs already, forwarded over SSH or on this machine; 0: one is started."""
    browser_open: Literal["asked", "always"] = "asked"
    """Whether a scheduled run may open the window by itself."""
    recording: str = ""
    """The recorded session (HAR) that ``recorded`` answers from."""
    seed: int = 1
    """Which invented account ``sandbox`` plays."""


class SyncSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the agent looks for news."""

    every_h: float = 6.0
    jitter: float = 0.2
    """Share of the interval by which each run is moved at random."""
    quiet_from: int = 22
    """Local hour from which no poll starts."""
    quiet_until: int = 7
    automatic: bool = True


class AgentSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The background process."""

    lock_after_min: float = 15.0
    """Minutes without use after which the vault is locked."""
    lock_at_most_h: float = 8.0
    """Hours after which it is locked whatever happens."""


class NotifySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the person is told, and how much is said."""

    desktop: bool = True
    detail: Literal["count", "kind"] = "kind"
    """``count``: "1 new item"; ``kind``: "a payment". Never amounts, names or care."""
    command: tuple[str, ...] = ()
    """A program of the person's own; the event comes as JSON on its standard input."""


class ImportSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder from which files are taken in by themselves."""

    folder: str = ""
    """Looked at twice a minute while the vault is open; empty: none."""
    after: Literal["leave", "delete"] = "leave"
    """What becomes of a file that was taken in without any problem."""


class ExportSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How exports are made."""

    naming: str = "{date}_{kind}_{title}"
    """Names of exported documents; fields as ``ameli export --help`` lists them, a slash makes a folder."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a person can set."""

    lang: Literal["fr", "en", "auto"] = "auto"
    theme: str = "auto"
    mouse: bool = True
    bell: bool = True
    """Open screens ring the terminal's bell when a sync brought news."""
    portal: PortalSettings = PortalSettings()
    sync: SyncSettings = SyncSettings()
    agent: AgentSettings = AgentSettings()
    notify: NotifySettings = NotifySettings()
    imports: ImportSettings = msgspec.field(default=ImportSettings(), name="import")
    export: ExportSettings = ExportSettings()


def load_settings(path: Path) -> Settings:
    """Read the settings file; a missing file means the defaults.

    Raises SettingsError naming the file, the key and the nearest known key.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    _check_keys(raw, Settings, str(path), "")
    try:
        return msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {error}") from error


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings that differ from the defaults, atomically and readable by the owner only. Raises OSError."""
    import tomli_w

    changed = _difference(msgspec.to_builtins(settings), msgspec.to_builtins(Settings()))
    replace_file(path, tomli_w.dumps(changed).encode())


def _difference(value: dict[str, object], default: dict[str, object]) -> dict[str, object]:
    out: dict[str, object] = {}
    for key, mine in value.items():
        theirs = default[key]
        if isinstance(mine, dict) and isinstance(theirs, dict):
            if inner := _difference(mine, theirs):
                out[key] = inner
        elif mine != theirs:
            out[key] = mine
    return out


def _check_keys(raw: dict[str, object], struct: type[msgspec.Struct], file: str, prefix: str) -> None:
    known = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for key, value in raw.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            meant = f"; did you mean '{prefix}{near[0]}'?" if near else f"; known here: {', '.join(known)}"
            raise SettingsError(f"{file}: unknown setting '{prefix}{key}'{meant}")
        inner = known[key].type
        if isinstance(value, dict) and isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            _check_keys(value, inner, file, f"{prefix}{key}.")
