"""The person's settings: one TOML file, every key with a default; what each may hold is in ``config.bounds``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from config.atomic_file import replace_file
from config.bounds import RULES, Fault, faults, flat, lower_outgrown, plain, put
from config.toml_file import NoToml, line_of, read_toml

if TYPE_CHECKING:
    from config.toml_file import TomlTable


class SettingsError(ValueError):
    """The settings cannot be used: where, what is needed instead, and the command that mends it, in both languages."""

    def __init__(self, fr: str, en: str, cure: str = "", faults: tuple[Fault, ...] = ()) -> None:
        """``cure``: a command; ``faults``: what is wrong, one by one."""
        super().__init__(en)
        self.fr, self.en, self.cure, self.found = fr, en, cure, faults

    def told(self, lang: str) -> str:
        """What is wrong, in ``fr`` or ``en``."""
        return self.fr if lang == "fr" else self.en


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


AT_ONCE_OF_PORTAL = ("pause_s", "timeout_s", "user_agent", "app_version")
"""What of it an open vault takes up at once, as long as the address stays; the rest counts from the next unlocking."""


class SyncSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the agent looks for news."""

    every_h: float = 6.0
    jitter: float = 0.2
    """Share of the interval by which each run is moved at random."""
    quiet_from: int = 22
    """Local hour from which no poll starts."""
    quiet_until: int = 7
    automatic: bool = True


Survive = Literal["no", "keyring", "systemd-creds"]


class AgentSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The background process."""

    lock_after_min: float | Literal["never"] = 15.0
    """Minutes without use after which the vault is locked; ``never``: it is not locked for want of use."""
    lock_at_most_h: float | Literal["never"] = 8.0
    """Hours after which it is locked whatever happens; ``never``: without such a limit."""
    lock_on_suspend: bool = True
    """Locked before the machine sleeps, where the system's login manager (logind) tells."""
    watch: Literal["always", "unlocked"] = "always"
    """When the account is looked at by itself: locked or not, or only while the vault is open."""
    sign_in: Literal["never", "locked"] = "never"
    """``locked``: the locked agent may sign in, and holds number and password in its memory for that."""
    sign_in_asked: bool = False
    """The person was asked whether it may; until then it may not."""
    survive: Survive = "no"
    """Where the key rests that lets watching go on after a restart of the machine; ``no``: it waits for one unlocking.
    """


class NotifySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the person is told, and how much is said."""

    desktop: bool = True
    detail: Literal["count", "kind"] = "kind"
    """``count``: "1 new item"; ``kind``: "a payment". Never amounts, names or care."""
    command: tuple[str, ...] = ()
    """A program of the person's own; the event comes as JSON on its standard input."""
    terminal: Literal["off", "bell", "osc9", "osc777", "osc99"] = "bell"
    """How open screens tell: the terminal's bell, or a notification of the terminal's (see ``terminal/notice.py``)."""
    quiet_from: int = 0
    """Local hour from which nothing is told; what comes is told when they are over."""
    quiet_until: int = 0
    """The same as ``quiet_from``: no quiet hours."""


class ImportSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder from which files are taken in by themselves."""

    folder: str = ""
    """Looked at twice a minute while the vault is open; empty: none."""
    after: Literal["leave", "delete"] = "leave"
    """What becomes of a file that was taken in without any problem."""


class BackupSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Backups that are made by themselves while the vault is open."""

    automatic: bool = True
    """One a day when something has changed."""
    folder: str = ""
    """Where they go: a folder that exists; empty: ``backups`` beside the vault."""
    max_mib: int = 500
    """MiB that those which are kept may take together; the newest stays whatever its size."""


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
    """Open screens tell in the terminal, as ``notify.terminal`` says, when a sync brought news."""
    portal: PortalSettings = PortalSettings()
    sync: SyncSettings = SyncSettings()
    agent: AgentSettings = AgentSettings()
    notify: NotifySettings = NotifySettings()
    imports: ImportSettings = msgspec.field(default=ImportSettings(), name="import")
    backup: BackupSettings = BackupSettings()
    export: ExportSettings = ExportSettings()


def load_settings(path: Path) -> Settings:
    """Read the settings file; a missing file means the defaults.

    Raises SettingsError naming the file, the line, the setting, what it takes and the command that mends it.
    """
    raw = read_raw(path)
    if wrong := faults(raw):
        raise settings_error(path, wrong)
    return from_raw(raw)


def read_raw(path: Path) -> TomlTable:
    """What stands in the settings file, unchecked, but for what only earlier releases took: see ``lower_outgrown``.

    Raises SettingsError when it is no TOML or cannot be read.
    """
    raw = _read(path)
    lower_outgrown(raw)
    return raw


def outgrown(path: Path) -> list[Fault]:
    """What a file of an earlier release holds that is taken as the bound. Raises SettingsError, as ``read_raw``."""
    return lower_outgrown(_read(path))


def _read(path: Path) -> TomlTable:
    try:
        return read_toml(path)
    except NoToml as error:
        raise SettingsError(f"{path}{error.fr}", f"{path}{error.en}") from error


def from_raw(raw: TomlTable) -> Settings:
    """The settings that a checked table stands for."""
    return msgspec.convert(plain(raw), Settings)


def settings_error(path: Path, wrong: list[Fault]) -> SettingsError:
    """Faults of a file as one error, each with its line."""
    said = {}
    for lang, line in (("fr", ", ligne {n}"), ("en", ", line {n}")):
        lines = [line.format(n=n) if (n := line_of(path, one.key)) else "" for one in wrong]
        said[lang] = " ".join(f"{path}{at} : {one.sentence(lang)}." if lang == "fr" else f"{path}{at}: "
                              f"{one.sentence(lang)}." for at, one in zip(lines, wrong, strict=True))
    return SettingsError(said["fr"], said["en"], wrong[0].cure, tuple(wrong))


def save_settings(path: Path, settings: Settings | TomlTable) -> None:
    """Write the settings, atomically and readable by the owner only. Raises OSError.

    What the file says already stays as it was written, comments too, wherever changing single lines is enough;
    otherwise the file becomes the list of what differs from the defaults. A table, as ``read_raw`` gives it, is written
    as it is: what is wrong in it stays for the person to mend.
    """
    import tomli_w

    from config.toml_edit import edited

    text = _text(path)
    wanted = settings if isinstance(settings, dict) else _beside(path, settings)
    new = edited(text, wanted) if text.strip() and wanted is not None else None
    if new is None:
        table = settings
        if not isinstance(table, dict) or not faults(table):
            kept = from_raw(table) if isinstance(table, dict) else table
            table = _difference(msgspec.to_builtins(kept), msgspec.to_builtins(Settings()))
        new = tomli_w.dumps(table)
    replace_file(path, new.encode())


def _text(path: Path) -> str:
    """What the file is now; empty when there is none that can be read."""
    try:
        return path.read_bytes().decode("utf-8-sig") if path.is_file() else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _beside(path: Path, settings: Settings) -> TomlTable | None:
    """What the file says, with those settings changed that are to be others; None for a file with faults."""
    try:
        raw = read_raw(path)
    except SettingsError:
        return None
    if faults(raw):
        return None
    old = dict(flat(msgspec.to_builtins(from_raw(raw))))
    for key, value in flat(msgspec.to_builtins(settings)):
        if value != old[key]:
            put(raw, key, RULES[key].plain(value))
    return raw


def _difference(value: TomlTable, default: TomlTable) -> TomlTable:
    out: TomlTable = {}
    for key, mine in value.items():
        theirs = default[key]
        if isinstance(mine, dict) and isinstance(theirs, dict):
            if inner := _difference(mine, theirs):
                out[key] = inner
        elif mine != theirs:
            out[key] = mine
    return out
