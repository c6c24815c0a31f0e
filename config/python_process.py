"""Our own modules in a Python process: what it may import from, and what it is told of the environment.

A Python that is started carelessly takes modules from the folder it stands in and from ``PYTHONPATH``: whoever can put
an ``agent`` or a ``json.py`` there would have it run, by a program that opens a vault. Nothing is imported here that is
not loaded already when Python starts, ``__future__`` included: this is looked at before the search path can be trusted.
"""

import os
import site
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib may be a trap yet
"""Where our packages lie: a site-packages folder, a clone of the sources, a zip file."""


def python_command(module: str, *arguments: str) -> list[str]:
    """The command that runs ``module`` of ours as ``python -m`` does, with nothing in it of the current folder or of
    ``PYTHON…`` variables.

    It uses the interpreter of this process. ``-I`` would shut out ``pip install --user`` as well, hence ``-E -P``. An
    interpreter that does not know our packages by itself (sources, an editable install, a zip file) is told where this
    process has them from.
    """
    # -E: no PYTHON… variable counts; -P: neither the current folder nor the script's is searched for modules
    command = [sys.executable, "-E", "-P", "-X", "utf8", *_kept_flags()]
    if ROOT in _found_without_variables():
        return [*command, "-m", module, *arguments]
    return [*command, "-c", _boot(module), *arguments]


def own_command() -> list[str]:
    """The command that started this process, to be given once more from whichever folder. Call before that changes."""
    script = sys.argv[0] if sys.argv else ""
    words = sys.orig_argv[1:]
    if script and not script.startswith("-") and script in words:
        words[words.index(script)] = os.path.abspath(script)  # noqa: PTH100 - links stay: a link may be what is run
    return [sys.executable, *words]


def python_environment(environ: "Mapping[str, str]") -> dict[str, str]:
    """``environ`` without what steers a Python: PYTHONPATH, PYTHONHOME, PYTHONSTARTUP, PYTHONINSPECT and the others."""
    return {name: value for name, value in environ.items() if not name.startswith("PYTHON")}


def installed_places() -> list[str]:
    """The folders in which this interpreter looks for installed packages by itself, the person's own included."""
    places = site.getsitepackages()
    return [*places, site.getusersitepackages()] if site.ENABLE_USER_SITE else places


def trusted_places() -> list[str]:
    """``sys.path`` without the current folder, the script's folder and ``PYTHONPATH``.

    A place of the interpreter's own stays although it is named there, and so does the one our packages come from.
    """
    own, foreign = {ROOT, *_library(), *installed_places()}, _foreign()
    return [place for place in sys.path if place in own or place not in foreign]


def trust_own_places_only() -> None:
    """Search no untrusted place for modules from now on, and forget those found there in place of Python's or ours."""
    kept = trusted_places()
    dropped = {place for place in sys.path if place not in kept}
    sys.path[:] = kept
    for name, module in list(sys.modules.items()):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in ("agent", "config"):
            continue
        folder, file = os.path.split(getattr(module, "__file__", None) or "")
        for _level in range(name.count(".") + file.startswith("__init__.")):
            folder = os.path.dirname(folder)  # noqa: PTH120
        if folder in dropped:
            del sys.modules[name]


def _found_without_variables() -> list[str]:
    """As ``installed_places``, for a process that no variable tells where the person's own installations lie."""
    return site.getsitepackages() if os.environ.get("PYTHONUSERBASE") else installed_places()


def _library() -> list[str]:
    """The places of Python's own modules."""
    library = os.path.dirname(os.__file__)  # noqa: PTH120
    packed = "python{}{}.zip".format(*sys.version_info)
    return [library, os.path.join(library, "lib-dynload"), os.path.join(os.path.dirname(library), packed)]  # noqa: PTH118, PTH120


def _foreign() -> set[str]:
    """Places that are searched because of where and how this process was started, as they stand in ``sys.path``."""
    try:
        places = ["", os.getcwd()]  # noqa: PTH109
    except OSError:  # the current folder is gone, and with it what could be imported from there
        places = [""]
    if not sys.flags.safe_path and sys.argv[:1]:
        places += [os.path.dirname(resolve(sys.argv[0])) for resolve in (os.path.abspath, os.path.realpath)]  # noqa: PTH120
    if not sys.flags.ignore_environment and (named := os.environ.get("PYTHONPATH")):
        places += [os.path.abspath(place) for place in named.split(os.pathsep)]  # noqa: PTH100
    return set(places)


def _kept_flags() -> list[str]:
    """The choices of this process that are not about where variables and folders lead."""
    flags = sys.flags
    return [*(["-s"] if flags.no_user_site else []), *(["-B"] if flags.dont_write_bytecode else [])]


def _boot(module: str) -> str:
    """Code that makes this process's places known and runs ``module``; after the standard library, for which none may
    stand in, and before what is installed, which may be another version of ours."""
    own = {ROOT, *_library(), *_found_without_variables()}
    places = [ROOT, *(place for place in trusted_places() if place not in own)]
    return (
        "import runpy, sys; "
        f"more = [place for place in {places!r} if place not in sys.path]; "
        "at = [place.endswith('-packages') for place in [*sys.path, '-packages']].index(True); "
        "sys.path[at:at] = more; "
        f"runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
    )
