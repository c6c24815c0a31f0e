"""Choices that outlast the screens: written to the settings file, from a thread."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from agent.client import api
from agent.client.client import Client, NotRunning, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.settings import Settings, SettingsError


def keep_setting(path: Path, client: Client | None = None, **chosen: str) -> None:
    """Write these settings beside those the file has, and have the agent behind ``client`` take them up.

    Raises Problem with the reason, and then nothing was written.
    """
    import msgspec

    _keep(path, client, lambda settings: msgspec.structs.replace(settings, **chosen))


def keep_agent_settings(path: Path, client: Client, **chosen: str | bool) -> None:
    """The same with settings of the table ``agent``."""
    import msgspec

    _keep(path, client, lambda settings: msgspec.structs.replace(
        settings, agent=msgspec.structs.replace(settings.agent, **chosen)))


def _keep(path: Path, client: Client | None, changed: "Callable[[Settings], Settings]") -> None:
    from config.settings import SettingsError, load_settings, save_settings

    try:
        save_settings(path, changed(load_settings(path)))
    except SettingsError as error:
        raise unusable(error) from error
    except OSError as error:
        from agent.errors.system_errors import why, writing_cure

        (why_fr, why_en), (cure_fr, cure_en) = why(error), writing_cure(error)
        raise Problem("not_saved", 1, {"fr": f"{path} : {why_fr}.", "en": f"{path}: {why_en}."},
                      {"fr": cure_fr, "en": cure_en}) from error
    if client is not None:
        with suppress(NotRunning):  # one that starts later reads the file
            client.ask(api.reload())


def look_at_settings(path: Path) -> None:
    """Raise Problem, with the command that mends it, when the settings file cannot be used."""
    from config.settings import SettingsError, load_settings

    try:
        load_settings(path)
    except SettingsError as error:
        raise unusable(error) from error


def unusable(error: "SettingsError") -> Problem:
    """What is wrong with the settings file, as the screens tell it."""
    cure = {"fr": f"Lancez « {error.cure} ».", "en": f"Run `{error.cure}`."} if error.cure else {}
    return Problem("settings", 1, {"fr": error.fr, "en": error.en}, cure)
