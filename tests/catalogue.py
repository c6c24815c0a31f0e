"""The catalogues of ``ameli_tui``: ``python -m tests.catalogue update`` after a change of strings, ``check`` to look.

``update`` extracts the strings of the code, keeps the translations that still apply, and compiles. English stands in
the code, so ``en`` is filled by itself; ``fr`` waits for a person where ``check`` says so.
"""

import io
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "ameli_tui"
LANGS = ("fr", "en")
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def po_path(lang: str, package: Path = PACKAGE) -> Path:
    """Where a language's catalogue stands, readable form."""
    return package / "i18n" / "locale" / lang / "LC_MESSAGES" / "ameli.po"


def extract(package: Path = PACKAGE) -> Catalog:
    """The strings the code uses, sorted, each with the files that use it."""
    found: dict[str | tuple[str, ...], set[str]] = {}
    for file, _line, message, _comments, _context in extract_from_dir(
        str(package), method_map=[("**.py", "python")], keywords=_KEYWORDS, strip_comment_tags=True
    ):
        if message:
            found.setdefault(tuple(message) if isinstance(message, (tuple, list)) else message, set()).add(file)
    catalog = Catalog(domain="ameli", charset="utf-8", fuzzy=False)
    for msgid in sorted(found, key=str):
        catalog.add(msgid, locations=[(name, 0) for name in sorted(found[msgid])])
    return catalog


def read(lang: str, package: Path = PACKAGE) -> Catalog:
    """The stored catalogue of a language; an empty one when there is none."""
    path = po_path(lang, package)
    if not path.exists():
        return Catalog(locale=lang, domain="ameli", charset="utf-8", fuzzy=False)
    return read_po(io.BytesIO(path.read_bytes()), locale=lang, domain="ameli")


def merged(lang: str, strings: Catalog, stored: Catalog, fresh: Mapping[str, str | tuple[str, str]]) -> Catalog:
    """A catalogue with exactly the ``strings`` of the code and the translations known of them."""
    out = Catalog(locale=lang, domain="ameli", charset="utf-8", project="ameli-tui", version="1", fuzzy=False)
    out.creation_date = out.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # the same bytes from the same strings
    for message in strings:
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        known = stored.get(message.id)
        text = message.id if lang == "en" else fresh.get(key) or (known.string if known else "")
        if not text and not isinstance(message.id, str):
            text = ("", "")
        out.add(message.id, text, locations=message.locations)
    return out


def _po_bytes(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=120, sort_output=True, include_lineno=False, omit_header=False)
    return file.getvalue()


def _mo_bytes(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def update(package: Path = PACKAGE, french: Mapping[str, str | tuple[str, str]] | None = None) -> None:
    """Bring both catalogues up to date with the code and compile them. ``french``: translations to fill in."""
    strings = extract(package)
    for lang in LANGS:
        catalog = merged(lang, strings, read(lang, package), french or {})
        path = po_path(lang, package)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_po_bytes(catalog))
        path.with_suffix(".mo").write_bytes(_mo_bytes(catalog))


def _untranslated(catalog: Catalog) -> Iterable[Message]:
    for message in catalog:
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if message.id and not all(texts):
            yield message


def check(package: Path = PACKAGE) -> list[str]:
    """What is wrong with the catalogues, one sentence each; nothing when all is well."""
    strings = {message.id for message in extract(package) if message.id}
    problems: list[str] = []
    for lang in LANGS:
        catalog = read(lang, package)
        stored = {message.id for message in catalog if message.id}
        problems += [f"{lang}: not in the catalogue: {msgid!r}" for msgid in sorted(strings - stored, key=str)]
        problems += [f"{lang}: no longer used: {msgid!r}" for msgid in sorted(stored - strings, key=str)]
        problems += [f"{lang}: not translated: {message.id!r}" for message in _untranslated(catalog)]
        compiled = po_path(lang, package).with_suffix(".mo")
        if not compiled.exists() or compiled.read_bytes() != _mo_bytes(catalog):
            problems.append(f"{lang}: the compiled catalogue is stale")
    return problems


def main(argv: list[str]) -> int:
    """``update`` or ``check``; 1 when something is missing."""
    if argv == ["update"]:
        update()
    elif argv != ["check"]:
        print("python -m tests.catalogue update|check", file=sys.stderr)
        return 2
    problems = check()
    print("\n".join(problems) or "the catalogues are complete")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
