"""What leaves the screens: files for a viewer, saved copies, texts for the pager. Loaded when first needed."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from agent.errors import AmeliError
from agent.errors.system_errors import why, writing_cure
from config.paths import Paths

_PAGES_READ = 200
"""Pages of a document whose text is shown."""


class NotSaved(AmeliError):
    """A file could not be written where the person wanted it."""

    code = "not_saved"
    fr = "Le fichier {path} n'a pas été enregistré : {why_fr}."
    en = "The file {path} was not saved: {why_en}."
    hint_fr = "{cure_fr}"
    hint_en = "{cure_en}"


def viewer(environ: Mapping[str, str], platform: str = sys.platform) -> list[str] | None:
    """The command that opens a file on the desktop the person sits at; None over SSH or without a desktop."""
    if environ.get("SSH_CONNECTION"):
        return None
    if platform == "darwin":
        return ["/usr/bin/open"]
    if not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        return None
    opener = shutil.which("xdg-open", path=environ.get("PATH"))
    return [opener] if opener else None


def write_private(path: Path, data: bytes) -> None:
    """Write a new file for its owner alone; an existing file or link is never touched. Raises NotSaved."""
    reasons = {
        FileExistsError: ("il existe déjà", "it exists already"),
        FileNotFoundError: ("son dossier n'existe pas", "its folder does not exist"),
        PermissionError: ("ce dossier est interdit en écriture", "that folder cannot be written to"),
    }
    made = False
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        made = True
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except OSError as error:
        if made:  # half of it is of no use to anybody
            with contextlib.suppress(OSError):
                path.unlink()
        why_fr, why_en = reasons.get(type(error)) or why(error)
        cure = ("Choisissez un autre nom.", "Choose another name.") if type(error) in reasons else writing_cure(error)
        raise NotSaved(path=path, why_fr=why_fr, why_en=why_en, cure_fr=cure[0], cure_en=cure[1]) from error


def viewed_folder(paths: Paths) -> Path:
    """Where files lie while a viewer shows them."""
    return paths.run_dir / "viewed"


def keep_for_viewer(paths: Paths, name: str, data: bytes) -> Path:
    """Write a document into the private folder of viewed files and return its path. Raises NotSaved."""
    folder = viewed_folder(paths)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    safe = "".join(sign if sign.isalnum() or sign in "._-" else "_" for sign in name)[-100:].lstrip(".") or "document"
    path = folder / safe
    if path.is_file() and not path.is_symlink():
        path.unlink()
    write_private(path, data)
    return path


def forget_viewed(paths: Paths) -> None:
    """Remove the files that were written for a viewer."""
    shutil.rmtree(viewed_folder(paths), ignore_errors=True)


def open_in(command: list[str], path: Path) -> None:
    """Start the viewer apart from the screens. Raises NotSaved when it cannot be started."""
    try:
        subprocess.Popen(  # noqa: S603 - a fixed program, the file by its absolute path
            [*command, str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise NotSaved(path=path, why_fr="aucun lecteur ne démarre", why_en="no viewer starts",
                       cure_fr="Enregistrez-le plutôt sous un nom.", cure_en="Save it under a name instead.") from error


def open_link(command: list[str], url: str) -> None:
    """Open a page of the service in the person's own browser. Raises NotSaved when none starts."""
    try:
        subprocess.Popen(  # noqa: S603 - a fixed program, an address of the declarations
            [*command, url], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise NotSaved(path=url, why_fr="aucun navigateur ne démarre", why_en="no browser starts",
                       cure_fr="Ouvrez-la par son adresse.", cure_en="Open it by its address.") from error


def document_text(data: bytes) -> str:
    """The text of a PDF, page by page; the bytes as text when it is none."""
    if not data.startswith(b"%PDF"):
        return data.decode("utf-8", errors="replace")
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return ""
    try:
        pages = [document[at].get_textpage().get_text_range() for at in range(min(len(document), _PAGES_READ))]
    finally:
        document.close()
    return "\n\n".join(page.replace("\r\n", "\n") for page in pages)


def page_text(text: str, environ: Mapping[str, str]) -> bool:
    """Show a text in the person's pager; it goes through a pipe, never through a file. False when there is none."""
    import shlex

    words = shlex.split(environ.get("PAGER") or "less")
    program = shutil.which(words[0], path=environ.get("PATH")) if words else None
    if program is None:
        return False
    # -R is not given: the text is plain, and stays so.
    subprocess.run([program, *words[1:]], input=text.encode(), check=False)  # noqa: S603 - the person's own choice
    return True
