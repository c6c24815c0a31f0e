"""Which values each setting takes, and which cannot hold together: what a file or a command says is judged here."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from config.addresses import IDENTITY_HOSTS, PORTAL_HOSTS, on_this_machine
from config.nearest import nearest
from config.setting_kinds import Address, Command, Number, Pattern, Place, Rule, Switch, Template, Words
from config.setting_values import Told, shown
from config.themes import THEMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from config.toml_file import TomlTable, TomlValue

LEAST_HOURS, MOST_HOURS = 0.5, 168.0
"""Between two looks at the service, by themselves."""
LEAST_LOCAL_S = 5.0
"""Between two looks at a stand-in on this machine."""
MOST_JITTER = 0.5
_HOURS, _MINUTES = Told(" d'heures", " of hours"), Told(" de minutes", " of minutes")
_SECONDS, _SHARE = Told(" de secondes", " of seconds"), Told(" (part de l'intervalle)", " (share of the interval)")
_OF_DAY = Told(" (heure de la journée)", " (hour of the day)")
_MIB = Told(" de Mio", " of MiB")
_PORT, _NO_UNIT = Told(" (port)", " (port)"), Told("", "")
_FIVE = Told("5 secondes", "5 seconds")

RULES: dict[str, Rule] = {
    "lang": Words(("auto", "fr", "en")),
    "theme": Words(THEMES),
    "mouse": Switch(),
    "bell": Switch(),
    "portal.base_url": Address(PORTAL_HOSTS),
    "portal.identity_url": Address(IDENTITY_HOSTS),
    "portal.pause_s": Number(_SECONDS, 0.3, 60, "1", local_least=0.0),
    "portal.timeout_s": Number(_SECONDS, 1, 300, "30"),
    "portal.user_agent": Pattern("visible", "ameli-tui"),
    "portal.app_version": Pattern("version", "25.40.0"),
    "portal.transport": Words(("direct", "browser", "recorded", "sandbox")),
    "portal.browser": Place("/usr/bin/chromium", program=True),
    "portal.browser_port": Number(_PORT, 1024, 65535, "9222", whole=True, also=0),
    "portal.browser_open": Words(("asked", "always")),
    "portal.recording": Place("~/ameli.har"),
    "portal.seed": Number(_NO_UNIT, 0, 2**31 - 1, "1", whole=True),
    "sync.every_h": Number(
        _HOURS, LEAST_HOURS, MOST_HOURS, "6", local_least=LEAST_LOCAL_S / 3600, local_told=_FIVE),
    "sync.jitter": Number(_SHARE, 0, MOST_JITTER, "0.2"),
    "sync.quiet_from": Number(_OF_DAY, 0, 23, "22", whole=True),
    "sync.quiet_until": Number(_OF_DAY, 0, 23, "7", whole=True),
    "sync.automatic": Switch(),
    "agent.lock_after_min": Number(_MINUTES, 0.1, 1440, "15", word="never"),
    "agent.lock_at_most_h": Number(_HOURS, 0.1, 168, "8", word="never"),
    "agent.lock_on_suspend": Switch(),
    "agent.watch": Words(("always", "unlocked")),
    "agent.sign_in": Words(("never", "locked")),
    "agent.sign_in_asked": Switch(),
    "agent.survive": Words(("no", "keyring", "systemd-creds")),
    "notify.desktop": Switch(),
    "notify.detail": Words(("count", "kind")),
    "notify.command": Command(),
    "notify.terminal": Words(("bell", "osc9", "osc777", "osc99", "off")),
    "notify.quiet_from": Number(_OF_DAY, 0, 23, "22", whole=True),
    "notify.quiet_until": Number(_OF_DAY, 0, 23, "7", whole=True),
    "import.folder": Place("~/Downloads"),
    "import.after": Words(("leave", "delete")),
    "backup.automatic": Switch(),
    "backup.folder": Place("~/Backups"),
    "backup.max_mib": Number(_MIB, 1, 1_000_000, "500", whole=True),
    "export.naming": Template(),
}
"""Every setting by its name in the file."""
OUTGROWN = ("agent.lock_after_min", "agent.lock_at_most_h")
"""Numbers that had no upper bound in earlier releases."""
MEANINGS = {
    "sync.every_h": Told("le temps entre deux synchronisations", "time between two syncs"),
    "sync.quiet_from": Told("égale à sync.quiet_until : pas d'heures calmes", "the same as sync.quiet_until: none"),
    "sync.quiet_until": Told("égale à sync.quiet_from : pas d'heures calmes", "the same as sync.quiet_from: none"),
    "bell": Told("false : rien n'est signalé dans le terminal", "false: nothing is told in the terminal"),
    "notify.terminal": Told(
        "dans les écrans ouverts ; osc99 : kitty ; osc777 : foot, Ghostty, WezTerm, Konsole ; osc9 : iTerm2",
        "in open screens; osc99: kitty; osc777: foot, Ghostty, WezTerm, Konsole; osc9: iTerm2"),
    "notify.quiet_from": Told("égale à notify.quiet_until : pas d'heures calmes",
                              "the same as notify.quiet_until: none"),
    "notify.quiet_until": Told("égale à notify.quiet_from : pas d'heures calmes",
                               "the same as notify.quiet_from: none"),
    "portal.pause_s": Told("entre deux requêtes", "between two requests"),
    "portal.browser_port": Told("0 : un navigateur est lancé", "0: a browser is started"),
    "backup.max_mib": Told("pour toutes ensemble ; la plus récente reste toujours",
                           "for all of them; the newest always stays"),
    "agent.lock_after_min": Told(
        "sans usage ; never : le coffre ne se verrouille pas faute d'usage",
        "without use; never: the vault is not locked for want of use"),
    "agent.lock_at_most_h": Told(
        "après l'ouverture ; never : sans limite", "after it was opened; never: without limit"),
    "agent.lock_on_suspend": Told("verrouiller avant la mise en veille, quand logind l'annonce",
                                  "lock before the machine sleeps, where logind says so"),
    "agent.watch": Told("quand le compte est surveillé ; unlocked : seulement tant que le coffre est ouvert",
                        "when the account is watched; unlocked: only while the vault is open"),
    "agent.sign_in": Told(
        "locked : l'agent verrouillé peut se connecter, et garde pour cela le mot de passe en mémoire",
        "locked: the locked agent may sign in, and holds the password in its memory for that"),
    "agent.sign_in_asked": Told("true : cette question vous a été posée", "true: you were asked that"),
    "agent.survive": Told("ce qui garde la clé de la veille après un redémarrage ; no : elle attend un déverrouillage",
                          "what keeps the key of watching over a restart; no: it waits for one unlocking"),
}
"""What a number is about, where name and unit leave it open."""


class Fault(NamedTuple):
    """One thing wrong with the settings."""

    key: str
    told: Told
    """What it is and what is needed, without the setting's name."""
    example: str
    """A value that would do; empty where there is no such setting."""

    def sentence(self, lang: str) -> str:
        """``sync.every_h = 0: a number of hours from 0.5 to 168 is needed, such as 6``."""
        return f"{self.key}{self.told.fr if lang == 'fr' else self.told.en}"

    @property
    def cure(self) -> str:
        """The command that mends it."""
        return f"ameli config set {self.key} {self.example}" if self.example else f"ameli config unset {self.key}"


def faults(raw: TomlTable) -> list[Fault]:
    """Everything wrong with settings as TOML gives them, in the order in which they stand there."""
    local = is_local(raw)
    wrong: list[Fault] = []
    for key, value in flat(raw):
        rule = RULES.get(key)
        if rule is None:
            wrong.append(_unknown(key, value))
        elif (needed := rule.wrong(value, local=local)) is not None:
            given = shown(value)
            wrong.append(Fault(key, Told(f" = {given.fr} : {needed.fr}", f" = {given.en}: {needed.en}"), rule.example))
    return wrong


def lower_outgrown(raw: TomlTable) -> list[Fault]:
    """Bring numbers down to their bound that earlier releases took without one; return what was changed.

    For times of locking alone: whoever wanted the vault open for a year still has it open, for as long as is possible.
    """
    lowered: list[Fault] = []
    for key in OUTGROWN:
        rule, table, name = RULES[key], *key.split(".")
        inside = raw.get(table)
        if not isinstance(inside, dict) or not isinstance(rule, Number):
            continue
        value = inside.get(name)
        if isinstance(value, int | float) and rule.most < value < math.inf:
            inside[name] = rule.plain(rule.most)
            least = shown(inside[name])
            lowered.append(Fault(key, Told(
                f" = {shown(value).fr} : c'est plus que possible, {least.fr} vaut",
                f" = {shown(value).en}: that is more than is possible, {least.en} holds"), f"{rule.most:g}"))
    return lowered


def is_local(raw: TomlTable) -> bool:
    """Whether the account service's address in ``raw`` is this machine: then nobody is bothered by being asked."""
    portal = raw.get("portal")
    url = portal.get("base_url") if isinstance(portal, dict) else None
    return isinstance(url, str) and RULES["portal.base_url"].wrong(url, local=False) is None and on_this_machine(url)


def flat(raw: TomlTable, prefix: str = "") -> Iterator[tuple[str, TomlValue]]:
    """``("sync.every_h", 6.0)`` for every value; a table where no table belongs is one value."""
    for key, value in raw.items():
        name = prefix + key
        if isinstance(value, dict) and name in _TABLES:
            yield from flat(value, name + ".")
        else:
            yield name, value


def plain(raw: TomlTable) -> TomlTable:
    """Settings without faults, each as it is kept: whole numbers as such, hours and the like as floats."""
    out: TomlTable = {}
    for key, value in flat(raw):
        put(out, key, RULES[key].plain(value))
    return out


def put(raw: TomlTable, key: str, value: TomlValue) -> None:
    """Set one value. Raises KeyError where something that is no table is in its way."""
    *tables, last = key.split(".")
    for table in tables:
        inner = raw.setdefault(table, {})
        if not isinstance(inner, dict):
            raise KeyError(table)
        raw = inner
    raw[last] = value


def drop(raw: TomlTable, key: str) -> bool:
    """Take one value out; False when it was not there."""
    if key in raw and key not in _TABLES:  # a name that has a point in it, too
        del raw[key]
        return True
    *tables, last = key.split(".")
    holders = [raw]
    for table in tables:
        inner = holders[-1].get(table)
        if not isinstance(inner, dict):
            return False
        holders.append(inner)
    if last not in holders[-1]:
        return False
    del holders[-1][last]
    return True


_TABLES = {key.partition(".")[0] for key in RULES if "." in key}


def nearest_key(key: str) -> str | None:
    """The setting whose name somebody may have meant, with or without its table; None when none is near."""
    table, _point, last = key.rpartition(".")
    named = {name.rpartition(".")[2]: name for name in RULES}
    if last in named:
        return named[last]
    if table in _TABLES:
        named = {short: name for short, name in named.items() if name.startswith(f"{table}.")}
    near = nearest(last, named)
    return named[near] if near else None


def _unknown(key: str, value: object) -> Fault:
    key = "".join(sign if sign.isprintable() else "?" for sign in key)
    if key in _TABLES:
        given = shown(value)
        return Fault(key, Told(f" = {given.fr} : il faut une table, « [{key}] »",
                               f" = {given.en}: a table is needed, “[{key}]”"), "")
    table = key.partition(".")[0]
    inside = [name.partition(".")[2] for name in RULES if name.startswith(f"{table}.")] if "." in key else []
    there = ", ".join(inside or [name for name in (*RULES, *sorted(_TABLES)) if "." not in name])
    if near := nearest_key(key):
        more = Told(f" ; peut-être « {near} »", f"; perhaps “{near}”")
    else:
        more = Told(f" ; connus ici : {there}", f"; known here: {there}")
    return Fault(key, Told(f" : ce réglage n'existe pas{more.fr}", f": there is no such setting{more.en}"), "")
