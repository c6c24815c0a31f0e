"""Where to save a document."""

from pathlib import Path
from typing import ClassVar

from agent.errors import AmeliError
from ameli_tui.files.collect import at_home
from ameli_tui.i18n import _, lang
from ameli_tui.screens.base.step_form import Ask, FormScreen


class SaveScreen(FormScreen[Path]):
    """Asks for a path and writes a new file there; the result is the path, or None."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("field",)

    def __init__(self, name: str, data: bytes) -> None:
        """``name`` is proposed in the person's downloads folder, or home."""
        super().__init__()
        self._file_name = name
        self._data = data

    def load(self) -> None:
        """Ask."""
        downloads = Path.home() / "Downloads"
        folder = downloads if downloads.is_dir() else Path.home()
        self.show(_("Save the document"), [
            _("Under which name? A file that exists is left alone; the new one is for your eyes only."),
        ], asks=[Ask(_("File"), value=str(folder / Path(self._file_name).name))])

    def submitted(self, values: list[str]) -> None:
        """Write it."""
        from ameli_tui.files.external import write_private

        path = at_home(values[0].strip()).absolute()
        try:
            write_private(path, self._data)
        except AmeliError as error:
            self.tell(f"! {error.message(lang())} {error.hint(lang())}", "bold $error")
            return
        self.dismiss(path)

    def cancelled(self) -> None:
        """Save nothing."""
        self.dismiss(None)
