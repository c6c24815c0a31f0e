"""Choices that outlast the screens: written to the settings file, from a thread."""

from pathlib import Path
from typing import Any

from agent.client import Problem


def keep_setting(path: Path, **chosen: Any) -> None:
    """Write these settings beside those the file has. Raises Problem with the reason."""
    import msgspec

    from config.settings import SettingsError, load_settings, save_settings

    try:
        save_settings(path, msgspec.structs.replace(load_settings(path), **chosen))
    except SettingsError as error:
        said = str(error)
        raise Problem("not_saved", 1, {"fr": said, "en": said}, {}) from error
    except OSError as error:
        from ameli_tui.system_errors import why, writing_cure

        (why_fr, why_en), (cure_fr, cure_en) = why(error), writing_cure(error)
        raise Problem("not_saved", 1, {"fr": f"{path} : {why_fr}.", "en": f"{path}: {why_en}."},
                      {"fr": cure_fr, "en": cure_en}) from error
