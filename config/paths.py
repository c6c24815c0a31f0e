"""Where one installation keeps things. Standard library only: the commands' hot path imports this."""

import os
import sys
from pathlib import Path

_APP = "ameli-tui"


class Paths:
    """The folders of one installation ("home"). Not a dataclass: importing those costs more than all else here."""

    __slots__ = ("config_dir", "data_dir", "run_dir", "state_dir")

    def __init__(self, config_dir: Path, data_dir: Path, state_dir: Path, run_dir: Path) -> None:
        self.config_dir = config_dir
        self.data_dir = data_dir
        self.state_dir = state_dir
        self.run_dir = run_dir

    @property
    def settings(self) -> Path:
        return self.config_dir / "settings.toml"

    @property
    def vault(self) -> Path:
        return self.data_dir / "vault"

    @property
    def browser(self) -> Path:
        """Profile of the browser that is started for the account service: apart from the person's own."""
        return self.data_dir / "browser"

    @property
    def tariffs(self) -> Path:
        """Tables of the fund that the person took in: public, so beside the vault and not in it."""
        return self.data_dir / "tariffs"

    @property
    def high_water(self) -> Path:
        """How far the vault had come: kept apart from it, so that an older copy of its folder is noticed."""
        return self.state_dir / "high-water"

    @property
    def watch_note(self) -> Path:
        """What a locked agent must remember over a restart, without secrets."""
        return self.state_dir / "watching.json"

    @property
    def watch_ticket(self) -> Path:
        """What the agent needs to keep watch after a restart of the machine; only where the person wants that."""
        return self.state_dir / "watch"

    @property
    def watch_credential(self) -> Path:
        """The key of ``watch_ticket``, encrypted by systemd."""
        return self.state_dir / "watch-key.cred"

    @property
    def logs(self) -> Path:
        return self.state_dir / "logs"

    @property
    def socket(self) -> Path:
        return self.run_dir / "agent.sock"

    @property
    def lock(self) -> Path:
        return self.run_dir / "agent.lock"


    @property
    def spare_run_dir(self) -> Path:
        """Where socket and lock go when ``run_dir`` cannot be written: a private folder outside the home.

        Agent and clients find the same one from the home alone. It is made, and used, only when it is this user's own.
        """
        from hashlib import blake2b  # seldom needed, and this is the commands' hot path

        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        base = runtime if runtime.startswith("/") and Path(runtime).is_dir() else os.environ.get("TMPDIR") or "/tmp"  # noqa: S108
        home = blake2b(os.fsencode(os.path.realpath(self.run_dir)), digest_size=8).hexdigest()
        return Path(base) / f"{_APP}-{os.geteuid()}-{home}"

    def with_run_dir(self, run_dir: Path) -> "Paths":
        """The same home with its socket and lock elsewhere."""
        return Paths(self.config_dir, self.data_dir, self.state_dir, run_dir)


def find_paths(environ: dict[str, str] | None = None) -> Paths:
    """Return the folders of this installation: under ``AMELI_HOME``, else the platform's own.

    Pure: nothing is created.
    """
    env = os.environ if environ is None else environ
    if home := env.get("AMELI_HOME"):
        root = Path(os.path.expanduser(home)).absolute()  # noqa: PTH111 - a Path raises for a name that nobody has
        return Paths(root / "config", root / "data", root / "state", root / "run")
    user = Path(os.path.expanduser(env.get("HOME", "~")))  # noqa: PTH111
    if sys.platform == "darwin":
        library = user / "Library"
        data = library / "Application Support" / _APP
        return Paths(data, data, library / "Logs" / _APP, library / "Caches" / _APP / "run")

    def xdg(name: str, default: str) -> Path:
        value = env.get(name, "")
        return (Path(value) if value.startswith("/") else user / default) / _APP

    state = xdg("XDG_STATE_HOME", ".local/state")
    runtime = env.get("XDG_RUNTIME_DIR", "")
    run = Path(runtime) / _APP if runtime.startswith("/") and Path(runtime).is_dir() else state / "run"
    return Paths(xdg("XDG_CONFIG_HOME", ".config"), xdg("XDG_DATA_HOME", ".local/share"), state, run)
