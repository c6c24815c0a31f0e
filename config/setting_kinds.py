"""The kinds of settings: what each may hold, how it is read from a command line, and how that is told to a person.

Every text comes in French and English, since settings are read by the agent, which does not know who will look.
"""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from config.addresses import is_allowed
from config.name_templates import FIELDS, BadTemplate, template_parts
from config.nearest import nearest
from config.setting_values import NoValue, Told, one, unquoted, writable

if TYPE_CHECKING:
    from config.toml_file import TomlValue

_LONGEST_PATH = 4096
_MOST_IN_A_LIST = 7
_MOST_WORDS, _LONGEST_COMMAND = 64, 8192
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:e[+-]?[0-9]+)?|[+-]?(?:nan|inf)", re.IGNORECASE)
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,39}")
_VISIBLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?")


class Rule(Protocol):
    """What one setting may hold. ``local``: the account service's address is this machine's own."""

    @property
    def example(self) -> str:
        """A value that holds, as it is typed after ``ameli config set KEY``."""

    def needed(self, *, local: bool) -> Told:
        """What is possible: unit and bounds, or the words."""

    def about(self, *, local: bool) -> Told:
        """The same in a list of settings: unit and bounds alone."""

    def wrong(self, value: object, *, local: bool) -> Told | None:
        """What is needed instead of ``value``, which came from TOML; None when it may stay."""

    def read(self, given: Sequence[str]) -> TomlValue:
        """The value that was typed, not yet checked. Raises NoValue."""

    def plain(self, value: TomlValue) -> TomlValue:
        """A value that is not wrong, as the settings keep it."""


class _OneText(msgspec.Struct, frozen=True):
    """What all kinds have in common that are typed as one text and kept as it is."""

    def read(self, given: Sequence[str]) -> TomlValue:
        """The text; one in TOML's own quotes loses them."""
        return unquoted(one(given))

    def plain(self, value: TomlValue) -> TomlValue:
        """The value itself."""
        return value


class Switch(_OneText, frozen=True):
    """On or off."""

    example: str = "true"

    def needed(self, *, local: bool) -> Told:
        """The two words."""
        return Told("il faut true (oui) ou false (non)", "true or false is needed")

    def about(self, *, local: bool) -> Told:
        """The same, in short."""
        return Told("true, false", "true, false")

    def wrong(self, value: object, *, local: bool) -> Told | None:
        """Only TOML's own two values."""
        return None if isinstance(value, bool) else self.needed(local=local)

    def read(self, given: Sequence[str]) -> TomlValue:
        """``true`` and ``false``, and what people write for them in both languages."""
        text = unquoted(one(given))
        word = text.casefold()
        if word in ("true", "on", "yes", "oui", "vrai"):
            return True
        return False if word in ("false", "off", "no", "non", "faux") else text


class Words(_OneText, frozen=True):
    """One of some words."""

    words: tuple[str, ...]

    @property
    def example(self) -> str:
        """The first word."""
        return self.words[0]

    def needed(self, *, local: bool) -> Told:
        """All of them."""
        listed = ", ".join(self.words)
        return Told(f"il faut un de ces mots : {listed}", f"one of these words is needed: {listed}")

    def about(self, *, local: bool) -> Told:
        """The words alone, the first ones of many."""
        many = len(self.words) > _MOST_IN_A_LIST
        listed = ", ".join((*self.words[:_MOST_IN_A_LIST], "…") if many else self.words)
        return Told(listed, listed)

    def wrong(self, value: object, *, local: bool) -> Told | None:
        """A word that is not listed; a near one is named."""
        if isinstance(value, str) and value in self.words:
            return None
        return _with_near(self.needed(local=local), value, self.words)

    def read(self, given: Sequence[str]) -> TomlValue:
        """The word, whatever its case."""
        text = unquoted(one(given))
        return next((word for word in self.words if word == text.casefold()), text)


class Number(msgspec.Struct, frozen=True):
    """A number within bounds, or the one word that stands for no bound at all."""

    unit: Told
    """``("d'heures", "of hours")``: what comes after "a number"; empty for a pure number."""
    least: float
    most: float
    example: str
    local_least: float | None = None
    """The least towards this machine itself; None: as anywhere."""
    local_told: Told = Told("", "")
    """The same in other words, where the number alone says little."""
    word: str = ""
    """Taken instead of a number."""
    whole: bool = False
    also: int | None = None
    """One number outside the bounds that has a meaning of its own."""

    def about(self, *, local: bool) -> Told:
        """The unit and the bounds."""
        least, more = self.least, Told("", "")
        if local and self.local_least is not None:
            least = self.local_least
            if self.local_told.fr:
                more = Told(f" ({self.local_told.fr})", f" ({self.local_told.en})")
        low, high = _digits(least), _digits(self.most)
        kind = Told("nombre entier", "whole number") if self.whole else Told("nombre", "number")
        fr = f"{kind.fr}{self.unit.fr} entre {low.fr}{more.fr} et {high.fr}"
        en = f"{kind.en}{self.unit.en} from {low.en}{more.en} to {high.en}"
        if self.also is not None:
            fr, en = f"{fr}, ou {self.also}", f"{en}, or {self.also}"
        if self.word:
            fr, en = f"{fr}, ou le mot {self.word}", f"{en}, or the word {self.word}"
        return Told(fr, en)

    def needed(self, *, local: bool) -> Told:
        """The unit, the bounds and an example."""
        fr, en = self.about(local=local)
        comma = "," if self.also is not None or self.word else ""
        return Told(f"il faut un {fr}, par exemple {self.example.replace('.', ',')}",
                    f"a {en}{comma} is needed, such as {self.example}")

    def wrong(self, value: object, *, local: bool) -> Told | None:
        """What is no number, not a number at all (``nan``), or out of bounds."""
        if self.word and value == self.word:
            return None
        needed = self.needed(local=local)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return _with_near(needed, value, (self.word,)) if self.word else needed
        if self.whole and isinstance(value, float) and not (math.isfinite(value) and value.is_integer()):
            return needed
        if self.also is not None and value == self.also:
            return None
        least = self.local_least if local and self.local_least is not None else self.least
        return None if least <= value <= self.most else needed  # a nan is neither

    def read(self, given: Sequence[str]) -> TomlValue:
        """A number with a point or a comma; anything else stays text."""
        text = unquoted(one(given)).strip()
        if _NUMBER.fullmatch(text) is None:
            return self.word if self.word and text.casefold() == self.word else text
        number = float(text.replace(",", "."))
        return int(number) if self.whole and math.isfinite(number) and number.is_integer() else number

    def plain(self, value: TomlValue) -> TomlValue:
        """Hours and the like as floats, whole numbers as such."""
        if isinstance(value, int | float):
            return int(value) if self.whole else float(value)
        return value


class Address(_OneText, frozen=True):
    """Where the account service is."""

    hosts: tuple[str, ...]

    @property
    def example(self) -> str:
        """The service's own."""
        return f"https://{self.hosts[0]}"

    def needed(self, *, local: bool) -> Told:
        """The hosts."""
        hosts = ", ".join(f"https://{host}" for host in self.hosts)
        return Told(
            f"il faut {hosts}, ou une adresse de cette machine comme http://127.0.0.1:8000, sans chemin ni nom",
            f"{hosts} is needed, or an address of this machine such as http://127.0.0.1:8000, without path or name")

    def about(self, *, local: bool) -> Told:
        """The service's, or here."""
        return Told(f"{self.example}, ou cette machine", f"{self.example}, or this machine")

    def wrong(self, value: object, *, local: bool) -> Told | None:
        """Any other host, and any address that is more than scheme, host and port."""
        return None if isinstance(value, str) and is_allowed(value, self.hosts) else self.needed(local=local)

    def read(self, given: Sequence[str]) -> TomlValue:
        """The address."""
        return unquoted(one(given)).strip()


class Pattern(_OneText, frozen=True):
    """A text that goes into a header of every request."""

    form: str
    """``visible``: signs of ASCII that can be seen; ``version``: figures, letters and points."""
    example: str

    def needed(self, *, local: bool) -> Told:
        """Which signs."""
        if self.form == "version":
            return Told(f"il faut un numéro de version, par exemple {self.example}",
                        f"a version number is needed, such as {self.example}")
        return Told(
            f"il faut de 1 à 200 signes sans accent, sur une ligne, par exemple {self.example}",
            f"1 to 200 signs without accents, on one line, are needed, such as {self.example}")

    def about(self, *, local: bool) -> Told:
        """Figures, or signs."""
        if self.form == "version":
            return Told("un numéro de version", "a version number")
        return Told("1 à 200 signes sans accent", "1 to 200 signs without accents")

    def wrong(self, value: object, *, local: bool) -> Told | None:
        """Line ends and control characters would begin another header."""
        form = _VERSION if self.form == "version" else _VISIBLE
        return None if isinstance(value, str) and form.fullmatch(value) else self.needed(local=local)


class Place(_OneText, frozen=True):
    """A file, a folder or a program; empty for none."""

    example: str
    program: bool = False
    """A name without a slash is looked for where programs are."""

    def needed(self, *, local: bool) -> Told:
        """A path."""
        return Told(f"il faut un chemin, par exemple {self.example}, ou rien entre guillemets",
                    f"a path is needed, such as {self.example}, or nothing in quotes")

    def about(self, *, local: bool) -> Told:
        """A path."""
        return Told("un chemin, ou rien", "a path, or nothing")

    def wrong(self, value: object, *, local: bool) -> Told | None:
        """What is no path on any system, and the home of nobody."""
        if not isinstance(value, str) or len(value) > _LONGEST_PATH or not writable(value):
            return self.needed(local=local)
        if os.path.expanduser(value).startswith("~"):  # noqa: PTH111 - a Path raises for nobody's ~
            return Told("cette personne n'a pas de dossier ici : il faut un chemin entier",
                        "that person has no folder here: a whole path is needed")
        return None

    def read(self, given: Sequence[str]) -> TomlValue:
        """The path, whole: the agent works from another folder than the one where this is typed."""
        text = unquoted(one(given))
        if not text.strip() or not writable(text):
            return text.strip()
        whole = os.path.expanduser(text)  # noqa: PTH111 - a Path raises for nobody's ~
        if whole.startswith("~") or (self.program and "/" not in whole):
            return whole
        return os.path.abspath(whole)  # noqa: PTH100


class Command(msgspec.Struct, frozen=True):
    """A program with its arguments; empty for none."""

    example: str = "'notify-send -u low ameli'"

    def needed(self, *, local: bool) -> Told:
        """A program."""
        return Told(
            f"il faut un programme et ses arguments, par exemple {self.example} (dans le fichier, une liste de textes),"
            " ou rien entre guillemets",
            f"a program and its arguments are needed, such as {self.example} (a list of texts in the file),"
            " or nothing in quotes")

    def about(self, *, local: bool) -> Told:
        """A program."""
        return Told("un programme et ses arguments, ou rien", "a program and its arguments, or nothing")

    def wrong(self, value: object, *, local: bool) -> Told | None:
        """Anything but a list of texts that begins with a program."""
        if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
            return self.needed(local=local)
        words = list(value)
        fits = len(words) <= _MOST_WORDS and sum(map(len, words)) <= _LONGEST_COMMAND
        if not fits or any("\0" in word or not writable(word, lines=True) for word in words):
            return self.needed(local=local)
        return None if not words or words[0].strip() else self.needed(local=local)

    def read(self, given: Sequence[str]) -> TomlValue:
        """Several words are taken as they are; one is a list in brackets, or is split as a shell would."""
        import shlex

        if len(given) != 1:
            return [str(word) for word in given]
        text = given[0].strip()
        if text.startswith("["):
            try:
                listed: TomlValue = tomllib.loads(f"v = {text}")["v"]
            except ValueError as error:
                raise NoValue(self.needed(local=False)) from error
            return listed
        try:
            words = shlex.split(text)
        except ValueError as error:
            raise NoValue(Told("un guillemet n'y est pas fermé", "a quotation mark in it is not closed")) from error
        return [os.path.expanduser(word) if at == 0 else word for at, word in enumerate(words)]  # noqa: PTH111

    def plain(self, value: TomlValue) -> TomlValue:
        """A list."""
        return list(value) if isinstance(value, list | tuple) else value


class Template(_OneText, frozen=True):
    """How exported documents are named."""

    example: str = "'{date}_{kind}_{title}'"

    def needed(self, *, local: bool) -> Told:
        """The fields."""
        fields = ", ".join(f"{{{name}}}" for name in FIELDS)
        return Told(f"il faut un modèle fait de {fields}, par exemple {self.example}",
                    f"a template made of {fields} is needed, such as {self.example}")

    def about(self, *, local: bool) -> Told:
        """The fields."""
        fields = " ".join(f"{{{name}}}" for name in FIELDS)
        return Told(fields, fields)

    def wrong(self, value: object, *, local: bool) -> Told | None:
        """A template that names nothing, or that some system could not write."""
        needed = self.needed(local=local)
        if not isinstance(value, str):
            return needed
        try:
            template_parts(value)
        except BadTemplate as error:
            return Told(f"{error.fr} ; {needed.fr}", f"{error.en}; {needed.en}")
        return None


def _with_near(needed: Told, value: object, words: Sequence[str]) -> Told:
    near = nearest(value, words) if isinstance(value, str) else None
    if not near:
        return needed
    return Told(f"peut-être « {near} » ; {needed.fr}", f"perhaps “{near}”; {needed.en}")


def _digits(number: float) -> Told:
    text = f"{number:.2g}" if 0 < number < 0.01 else f"{number:.15g}"
    return Told(text.replace(".", ","), text)

