"""The agent's own view of its health: each finding in both languages, with its cure."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import stat
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agent.client.service_state import service_findings
from agent.core.vault_findings import finding as _finding
from agent.core.vault_findings import vault_findings
from agent.core.watch.findings import watch_findings
from agent.errors import AmeliError, system_errors
from agent.systemd import transient_unit
from config import clock
from config.addresses import is_real_service, on_this_machine
from config.settings import SettingsError, load_settings, outgrown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.core.agent import Agent
    from agent.protocol.process import Channel, Finding
    from config.settings import AgentSettings

_ROOM = 100 * 1024 * 1024
"""Bytes that should be free: compaction writes the whole vault beside the old one."""
_REACH_S = 5.0
_BACKUP_DAYS = 31
"""A backup that is older is told: whoever opens the vault has one a day, unless they want none."""
_KEPT_ON_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p")


async def examine(agent: Agent, *, offline: bool = False) -> list[Finding]:
    """Look at everything: ``[{"name", "ok", "text": {fr, en}, "cure": {fr, en}}]``.

    Nothing is changed, but that files of the open vault which are damaged and known otherwise are written anew.
    The account service is asked for only once there is an account here, and never when ``offline``.
    """
    return [
        *await vault_findings(agent),
        *_folders(agent),
        _settings(agent),
        locking(agent.settings.agent),
        _disk(agent),
        _file_system(agent),
        await _portal(agent, offline),
        await _way_in(agent),
        _clock(agent),
        _last_sync(agent),
        *watch_findings(agent),
        *_pages(agent),
        _memory(),
        await asyncio.to_thread(tables, clock.today()),
        *await asyncio.to_thread(service_findings, agent.paths, os.getpid()),
        *channels(agent.notifier.status()),
        *_watched(agent),
        *_backups(agent),
    ]


def _folders(agent: Agent) -> list[Finding]:
    paths = agent.paths
    findings = []
    for name, folder in (("vault_folder", paths.vault), ("socket_folder", paths.run_dir), ("log_folder", paths.logs)):
        if folder.exists():
            seen = folder.stat()
            ok = seen.st_uid == os.geteuid() and not stat.S_IMODE(seen.st_mode) & 0o077
            findings.append(_finding(
                name, ok,
                f"{folder} n'est ouvert qu'à vous" if ok else f"{folder} est ouvert à d'autres",
                f"{folder} is yours alone" if ok else f"{folder} is open to others",
                f"chmod 700 {folder}", f"chmod 700 {folder}"))
    return findings


async def _way_in(agent: Agent) -> Finding:
    """How requests travel, and whether that way is open."""
    portal = agent.settings.portal
    if portal.transport == "browser":
        from agent.connection.transports.browser.errors import BrowserBarred
        from agent.connection.transports.browser.launch import find_browser, has_display

        if portal.browser_port:
            ok = await _answers("127.0.0.1", portal.browser_port)
            return _finding(
                "way_in", ok, f"le navigateur au port {portal.browser_port}",
                f"the browser at port {portal.browser_port}",
                "Rien n'y répond : « ameli login » dit les deux commandes.",
                "Nothing answers there: `ameli login` tells the two commands.")
        if transient_unit.own_service() is not None and not transient_unit.can_leave():
            barred = BrowserBarred()
            return _finding("way_in", False, barred.message("fr"), barred.message("en"), barred.hint("fr"),
                            barred.hint("en"))
        try:
            program = await asyncio.to_thread(find_browser, portal.browser)
        except AmeliError as error:
            return _finding("way_in", False, error.message("fr"), error.message("en"), error.hint("fr"),
                            error.hint("en"))
        return _finding(
            "way_in", has_display(os.environ), f"votre navigateur, {program}", f"your browser, {program}",
            "Cette session n'a pas d'écran : « ameli login » dit comment passer par SSH.",
            "This session has no screen: `ameli login` tells how to go over SSH.")
    if portal.transport == "recorded":
        path = os.path.expanduser(portal.recording)  # noqa: PTH111, ASYNC240 - touches no disk
        return _finding(
            "way_in", await asyncio.to_thread(os.access, path, os.R_OK), "une session enregistrée",
            "a recorded session", f"{path} n'est pas lisible.", f"{path} cannot be read.")
    return _finding(
        "way_in", not is_real_service(portal.base_url) or portal.transport != "direct",
        "les requêtes partent de ce programme", "requests are this program's own",
        "Le vrai service refuse les programmes : « ameli config set portal.transport browser », ou importez vos"
        " fichiers.",
        "The real service refuses programs: `ameli config set portal.transport browser`, or import your files.")


async def _answers(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(_REACH_S):
            _reader, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def _settings(agent: Agent) -> Finding:
    path = agent.paths.settings
    try:
        load_settings(path)
        older = outgrown(path)
    except SettingsError as error:
        fr, en = (f" ou lancez « {error.cure} »", f" or run `{error.cure}`") if error.cure else ("", "")
        return _finding("agent_settings", False, error.fr, error.en, f"Corrigez {path}{fr}.", f"Correct {path}{en}.")
    if older:
        return _finding(
            "agent_settings", False, " ; ".join(fault.sentence("fr") for fault in older),
            "; ".join(fault.sentence("en") for fault in older), f"Lancez « {older[0].cure} », ou donnez « never ».",
            f"Run `{older[0].cure}`, or give `never`.")
    return _finding("agent_settings", True, "l'agent peut lire les réglages", "the agent can read the settings")


def locking(settings: AgentSettings) -> Finding:
    """When the open vault is locked by itself; that it never is was the person's choice, and is said plainly."""
    minutes, hours = settings.lock_after_min, settings.lock_at_most_h
    if minutes == "never" and hours == "never":
        return _finding(
            "locking", True,
            "le coffre ouvert ne se verrouille jamais de lui-même (réglages agent.lock_*) : « ameli lock » le fait",
            "the open vault is never locked by itself (settings agent.lock_*): `ameli lock` does")
    fr = [] if minutes == "never" else [f"après {f'{minutes:g}'.replace('.', ',')} min sans usage"]
    en = [] if minutes == "never" else [f"after {minutes:g} min without use"]
    if hours != "never":
        fr.append(f"au plus tard {f'{hours:g}'.replace('.', ',')} h après l'ouverture")
        en.append(f"at the latest {hours:g} h after it was opened")
    return _finding("locking", True, f"le coffre se verrouille {', '.join(fr)}", f"the vault is locked {', '.join(en)}")


def _disk(agent: Agent) -> Finding:
    place = _existing(agent.paths.data_dir)
    if os.statvfs(place).f_flag & os.ST_RDONLY:
        refusal = OSError(errno.EROFS, os.strerror(errno.EROFS))
        (why_fr, why_en), (cure_fr, cure_en) = system_errors.why(refusal), system_errors.keeping_cure(refusal)
        return _finding("agent_disk", False, f"{place} : {why_fr}", f"{place}: {why_en}", cure_fr, cure_en)
    free = shutil.disk_usage(place).free
    mib = free // (1024 * 1024)
    return _finding("agent_disk", free >= _ROOM, f"{mib} Mio libres pour le coffre", f"{mib} MiB free for the vault",
                    "Libérez de la place.", "Free some space.")


def _file_system(agent: Agent) -> Finding:
    kind = _kind_of(_existing(agent.paths.data_dir).resolve())
    ok = kind not in _KEPT_ON_NETWORK
    return _finding(
        "file_system", ok, f"système de fichiers : {kind or 'inconnu'}", f"file system: {kind or 'unknown'}",
        "Les verrous ne sont pas sûrs sur un disque réseau : placez AMELI_HOME sur un disque local.",
        "Locks are not safe on a network disk: put AMELI_HOME on a local one.")


def _kind_of(place: Path) -> str:
    """The file system of a place as Linux lists it; empty elsewhere."""
    mounts = Path("/proc/self/mounts")
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines() if mounts.exists() else ():
        _, point, name, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if len(point) >= len(best) and place.is_relative_to(point):
            best, kind = point, name
    return kind


def tables(today: date) -> Finding:
    """Whether a table of the law is past the day by which somebody must look at it again."""
    from config.tariffs import load  # 15 ms, and only for the doctor

    stale = ", ".join(load().stale(today))
    if not stale:
        return _finding("tables", True, "les tables de la loi sont à jour", "the tables of the law are up to date")
    return _finding(
        "tables", False, f"tables de la loi à revoir : {stale}", f"tables of the law to be looked at again: {stale}",
        "Mettez le programme à jour ; d'ici là, vérifiez ces montants sur ameli.fr.",
        "Update the program; until then check these amounts on ameli.fr.")


def _unasked(agent: Agent, offline: bool) -> tuple[str, str] | None:
    """Why the service may not be called on, in French and English; None when it may: the person signs in there."""
    if offline:
        return "vous ne le voulez pas", "you do not want it"
    if agent.state == "locked":
        return "le compte n'est connu que coffre ouvert", "the account is known while the vault is open"
    if agent.state == "setup" or agent.store.credentials() is None:
        return "aucun compte encore", "no account yet"
    return None


async def _portal(agent: Agent, offline: bool) -> Finding:
    if agent.settings.portal.transport in ("recorded", "sandbox"):
        return _finding("portal", True, "rien n'est demandé au réseau", "nothing is asked of the network")
    url = urlsplit(agent.settings.portal.base_url)
    host = url.hostname or ""
    if url.scheme != "https" and not on_this_machine(url.geturl()):
        return _finding(
            "portal", False, f"{host} serait joint sans chiffrement", f"{host} would be reached unencrypted",
            "Donnez une adresse https dans portal.base_url.", "Give an https address in portal.base_url.")
    if why := _unasked(agent, offline):
        return _finding("portal", True, f"{host} n'a pas été contacté : {why[0]}", f"{host} was not asked: {why[1]}")
    try:
        async with asyncio.timeout(_REACH_S):
            _, writer = await asyncio.open_connection(host, url.port or (443 if url.scheme == "https" else 80))
        writer.close()
    except (OSError, TimeoutError):
        return _finding("portal", False, f"{host} est injoignable", f"{host} cannot be reached",
                        "Vérifiez la connexion à Internet.", "Check the Internet connection.")
    return _finding("portal", True, f"{host} est joignable", f"{host} can be reached")


def _clock(agent: Agent) -> Finding:
    now, last = clock.now(), _last(agent)
    ok = now >= agent.started_at - timedelta(minutes=5) and (last is None or last <= now + timedelta(hours=1))
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    return _finding("clock", ok, f"l'horloge indique {shown}", f"the clock says {shown}",
                    "L'horloge est en retard sur la dernière synchronisation : réglez-la.",
                    "The clock is behind the last sync: set it.")


def _last_sync(agent: Agent) -> Finding:
    if agent.state != "unlocked":
        return _finding("last_sync", True, "dernière synchronisation : connue coffre ouvert",
                        "last sync: known while the vault is open")
    last = _last(agent)
    if last is None:
        return _finding("last_sync", False, "aucune synchronisation encore", "no sync yet",
                        "Lancez « ameli sync ».", "Run `ameli sync`.")
    age = clock.now() - last
    hours = max(0, int(age.total_seconds() // 3600))
    return _finding("last_sync", age < timedelta(hours=3 * agent.settings.sync.every_h),
                    f"dernière synchronisation il y a {hours} h", f"last sync {hours} h ago",
                    "Lancez « ameli sync ».", "Run `ameli sync`.")


def _pages(agent: Agent) -> list[Finding]:
    """The service's pages that are no longer as expected."""
    if agent.state != "unlocked":
        return []
    from agent.core.page_report import findings

    return findings(agent.store.changes.all())


def _last(agent: Agent) -> datetime | None:
    last = agent.status()["last_sync"]
    return datetime.fromisoformat(last) if last else None


def _memory() -> Finding:
    from agent.core.hardening import hardened

    ok = hardened()
    return _finding("memory", ok,
                    "la mémoire de l'agent est protégée" if ok else "la mémoire de l'agent n'est pas protégée",
                    "the agent's memory is protected" if ok else "the agent's memory is not protected",
                    "Ce système permet les fichiers core ou ptrace.", "This system allows core files or ptrace.")


CHANNEL_CURES = {
    "desktop": ("« ameli notify test » dit ce qu'il en est ; lancez un service de notifications, installez"
                " notify-send (libnotify), ou mettez notify.desktop = false.",
                "`ameli notify test` says how it goes; start a notification service, install notify-send (libnotify),"
                " or set notify.desktop = false."),
    "command": ("Essayez-le dans un terminal ; « ameli config set notify.command … » en donne un autre, « ameli config"
                " unset notify.command » s'en passe.",
                "Try it in a terminal; `ameli config set notify.command …` gives another one, `ameli config unset"
                " notify.command` does without."),
}
"""By the name of a channel, what to do when it fails: French, English."""


def channels(states: Iterable[Channel]) -> list[Finding]:
    """How each channel that is on did last; a desktop that is not here is no fault."""
    findings = []
    for channel in states:
        name, ok, reason = channel["name"], channel["ok"], channel["reason"]
        if name == "desktop" and not any(os.environ.get(one) for one in ("DISPLAY", "WAYLAND_DISPLAY")):
            findings.append(_finding("notify_desktop", True, "pas de bureau ici : les nouvelles sont dans les écrans",
                                     "no desktop here: news are shown in the screens"))
            continue
        findings.append(_finding(
            f"notify_{name}", ok,
            f"notifications ({name}) : prêtes" if ok else f"notifications ({name}) : {reason}",
            f"notifications ({name}): ready" if ok else f"notifications ({name}): {reason}",
            *CHANNEL_CURES[name]))
    return findings


def _watched(agent: Agent) -> list[Finding]:
    """The folder from which files are taken in, when there is one."""
    given = agent.settings.imports.folder
    if not given:
        return []
    folder = Path(os.path.expanduser(given))  # noqa: PTH111 - a Path raises for nobody's ~
    if not (os.access(folder, os.R_OK | os.X_OK) and folder.is_dir()):
        return [_finding("import_folder", False, f"le dossier surveillé {folder} ne peut pas être lu",
                         f"the watched folder {folder} cannot be read",
                         "Recréez-le, ou lancez « ameli config set import.folder DOSSIER ».",
                         "Make it again, or run `ameli config set import.folder FOLDER`.")]
    if agent.state != "unlocked":
        return [_finding("import_folder", True, f"le dossier surveillé {folder} attend l'ouverture du coffre",
                         f"the watched folder {folder} waits for the vault to be opened")]
    wrong = agent.watch_problems
    return [_finding("import_folder", not wrong, f"dossier surveillé {folder} ; fichiers à problème : {len(wrong)}",
                     f"watched folder {folder}; files with problems: {len(wrong)}",
                     "« ameli agent status » dit lesquels.", "`ameli agent status` tells which.")]


def _backups(agent: Agent) -> list[Finding]:
    """How the backups stand, as far as it is known."""
    state = agent.status()["backup"]
    if state is None:
        return [] if agent.state == "setup" else [_finding(
            "backup", True, "dernière sauvegarde : connue coffre ouvert", "last backup: known while the vault is open")]
    findings = [
        _finding(one["code"], False, one["message"]["fr"], one["message"]["en"], one["hint"]["fr"], one["hint"]["en"])
        for one in agent.open_vault.backups.problems]
    if state["last"] is None:
        return findings or [_finding(
            "backup", True,
            "aucune sauvegarde encore ; l'agent en fait une par jour, coffre ouvert" if state["automatic"]
            else "aucune sauvegarde (réglage backup.automatic) : « ameli backup FICHIER »",
            "no backup yet; the agent makes one a day while the vault is open" if state["automatic"]
            else "no backup (setting backup.automatic): `ameli backup FILE`")]
    days = max(0, (clock.now() - datetime.fromisoformat(state["last"])).days)
    return findings or [_finding(
        "backup", days <= _BACKUP_DAYS, f"dernière sauvegarde il y a {days} j", f"last backup {days} d ago",
        "Lancez « ameli backup ».", "Run `ameli backup`.")]


def _existing(place: Path) -> Path:
    while not place.exists():
        place = place.parent
    return place
