"""Templates for the names of exported documents: what they may hold."""

import string

FIELDS = ("date", "year", "month", "day", "kind", "title", "id", "payment", "message")
"""What a template may name."""
REFUSED = "<>:\"\\|?*"
"""Signs that some system refuses in a name."""
_MOST_SIGNS, _MOST_DEPTH = 200, 6


class BadTemplate(ValueError):
    """A template that cannot be followed; why, in both languages."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.fr, self.en = fr, en


def template_parts(template: str) -> list[str]:
    """The folders and the name of a template such as ``{year}/{kind}/{date}_{title}``. Raises BadTemplate."""
    if not template.strip() or len(template) > _MOST_SIGNS:
        raise BadTemplate("il est vide ou trop long", "it is empty or too long")
    parts = template.split("/")
    if any(part.strip(" .") == "" for part in parts) or len(parts) > _MOST_DEPTH:
        raise BadTemplate("un dossier y est vide, « . » ou « .. »", "a folder in it is empty, “.” or “..”")
    if not template.isprintable() or any(sign in REFUSED for sign in template):
        raise BadTemplate("un de ses signes n'est pas permis dans un nom", "one of its signs is not allowed in a name")
    for part in parts:
        try:
            pieces = list(string.Formatter().parse(part))
        except ValueError:
            raise BadTemplate("une accolade n'y est pas fermée", "a brace in it is not closed") from None
        for _text, field, form, conversion in pieces:
            if field is not None and (field not in FIELDS or form or conversion):
                raise _no_field(field)
    return parts


def _no_field(field: str) -> BadTemplate:
    from config.nearest import nearest

    name, near = field[:40], nearest(field, FIELDS)
    return BadTemplate(
        f"« {{{name}}} » n'est pas un champ" + (f", peut-être « {{{near}}} »" if near else ""),
        f"“{{{name}}}” is not a field" + (f", perhaps “{{{near}}}”" if near else ""))
