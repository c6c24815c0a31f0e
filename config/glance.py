"""The few settings a program needs before it can load a TOML parser. Standard library, nothing heavy."""

from pathlib import Path


def glance(path: Path) -> dict[str, str | bool]:
    """Return the plain top-level settings of a settings file: ``{"lang": "fr", "theme": "ansi-dark", "mouse": False}``.

    Reads one-line strings and booleans above the first table, which is all that stands there; everything else, and a
    file that cannot be read, is left to ``config.settings``, which says what is wrong with it.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    settings: dict[str, str | bool] = {}
    for line in text.removeprefix("\ufeff").splitlines():
        if line.lstrip().startswith("["):
            break
        name, equals, value = line.partition("=")
        name = name.strip().strip("\"'")  # TOML lets a name stand in quotes
        value = value.split("#", 1)[0].strip()
        if not equals:
            continue
        if value in ("true", "false"):
            settings[name] = value == "true"
        elif len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
            settings[name] = value[1:-1]
    return settings
