"""Care in plain words, with the code the rules know it by: ``config/labels/care.yaml``, read when first asked for."""

from functools import cache
from importlib.resources import files

from ameli_tui.i18n import lang
from ameli_tui.i18n.search_text import fold, matches


@cache
def _table() -> tuple[dict[str, str], ...]:
    import msgspec

    from config.yaml_file import read_yaml  # no other screen or command needs it

    text = files("config").joinpath("labels", "care.yaml").read_text(encoding="utf-8")
    return msgspec.convert(read_yaml(text), tuple[dict[str, str], ...])


def care_acts() -> list[tuple[str, str]]:
    """Code and name, in the language in use, of all care that is offered, in the order to offer it."""
    return [(one["code"], one[lang()]) for one in _table()]


def find_acts(typed: str) -> list[tuple[str, str]]:
    """Code and name of the acts that ``typed`` means: a code exactly, else words of the name."""
    wanted = typed.strip()
    exact = [(code, name) for code, name in care_acts() if fold(code) == fold(wanted)]
    others = [(code, name) for code, name in care_acts() if wanted and matches(wanted, name)]
    return exact or others
