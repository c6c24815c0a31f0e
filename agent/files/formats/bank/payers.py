"""Names of those who pay, from ``config/funds.yaml`` and ``config/insurers.yaml``, as patterns over plain labels.

A plain label is in capitals, without accents, with single blanks. Patterns are made once, one for each kind of name.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from config.fold import fold
from config.yaml_file import read_yaml


def plain(text: str) -> str:
    """Capitals without accents, single spaces."""
    return " ".join(fold(text).upper().split())


class _Kind(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    short: list[str]
    long: list[str]
    branches: Literal["health", "several"]


class Fund(msgspec.Struct, forbid_unknown_fields=True):
    """A fund of the general scheme."""

    kind: str
    number: str
    """Of its department."""
    places: list[str]


class Funds(msgspec.Struct):
    """What ``config/funds.yaml`` says."""

    kinds: list[_Kind]
    funds: list[Fund]
    special_schemes: list[str]
    others: list[str]


class Insurers(msgspec.Struct):
    """What ``config/insurers.yaml`` says."""

    names: list[str]
    alone: list[str]
    with_health: list[str]


@cache
def funds() -> Funds:
    """The funds, and those that are like them."""
    return msgspec.convert(read_yaml(_config("funds.yaml")), Funds)


@cache
def insurers() -> Insurers:
    """Complementary insurers."""
    return msgspec.convert(read_yaml(_config("insurers.yaml")), Insurers)


def _config(name: str) -> str:
    return files("config").joinpath(name).read_text(encoding="utf-8")


@cache
def fund_pattern(branches: str) -> re.Pattern[str]:
    """Finds a fund that pays for those ``branches`` (``health`` alone, or ``several``)."""
    each = []
    for kind in funds().kinds:
        if kind.branches == branches:
            of_kind = [fund for fund in funds().funds if fund.kind == kind.kind]
            ends = rf"(?:(?![A-Z0-9])|(?=\.)|{_glued(of_kind)})"
            each += [_spelled(short) + ends for short in kind.short]
            each += [_cut(long) for long in kind.long]
    return re.compile(r"(?:(?<![A-Z0-9])|(?<=\bVIR)|(?<=\bSEPA)|(?<=\bVIREMENT))(?:" + "|".join(each) + ")")


def _spelled(short: str) -> str:
    """An abbreviation, its letters together or apart; a second word of it after any blank."""
    first, *rest = plain(short).split()
    return r"(?:\.|-|\. | )?".join(first) + "".join(rf"[ .]*{re.escape(word)}" for word in rest)


def _cut(long: str) -> str:
    """Words in full, cut to three letters or more with or without a dot, without blanks, or with the label's end
    behind the second of them."""
    first, *rest = plain(long).split()
    pattern = r"(?:(?![A-Z])|(?=D|ASS))"
    for place, word in reversed(list(enumerate(rest, 1))):
        ends = "".join(f"(?:{letter}" for letter in word[3:]) + ")?" * len(word[3:])
        behind = rf"[ ']?{pattern}" if place < len(rest) else pattern
        pattern = word[:3] + ends + r"\.?" + (f"(?:{behind}|$)" if place > 1 else behind)
    return rf"(?:{first}|CAIS\.?|C\.?) ?{pattern}"


def _glued(of_kind: Iterable[Fund]) -> str:
    """What may stand behind an abbreviation without a blank: a number of a fund, a place, a part of one at the end."""
    numbers, places = set(), set()
    for fund in of_kind:
        numbers.add(fund.number)
        places |= {re.sub("[^A-Z]", "", plain(place)) for place in fund.places}
    joint = "(?:DE(?:S|LA|L)?|DU|D)?"
    cut = sorted({place[:size] for place in places for size in range(3, len(place) + 1)}, key=lambda part: -len(part))
    number = "(?:" + "|".join(sorted(numbers)) + r")\d?(?![0-9])"
    return f"(?:{number}|(?:{'|'.join(sorted(numbers))})?{joint}(?:" + "|".join(cut) + r")(?![A-Z]))"


@cache
def name_pattern(which: Literal["special_schemes", "others", "names", "with_health"]) -> re.Pattern[str]:
    """Finds a name of that list; one before an amount (``MNT 120,00``) is none."""
    listed = {"special_schemes": funds().special_schemes, "others": funds().others,
              "names": insurers().names, "with_health": insurers().with_health}[which]
    return any_of(tuple(listed))


@cache
def any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """Finds one of these names, its words apart or together, its letters with dots if it is one word of few."""
    each = sorted((_named(plain(name)) for name in names), key=len, reverse=True)
    return re.compile(r"(?<![A-Z0-9])(?:" + "|".join(each or ["(?!)"]) + r")(?![A-Z0-9])(?![ :=]*\d+[.,]\d\d)")


def _named(name: str) -> str:
    if name.isalpha() and len(name) <= 5:
        return rf"(?:{name}|" + r"\. ?".join(name) + r"\.?)"
    return "[ '-]?".join(re.escape(word) for word in re.split("[ '-]+", name))


@cache
def alone_pattern() -> re.Pattern[str]:
    """Matches a whole label in which one of the names that are people's too stands with words of health only."""
    listed = "|".join(re.escape(plain(name)) for name in insurers().alone)
    return re.compile(
        r"(?:(?:VIR(?:EMENT)?|SEPA|RECU|INST(?:ANTANE)?|EN VOTRE FAVEUR|/?DE|:)\s+)*"
        rf"(?:{listed})(?:\s+(?:REMB\w*|SANTE|SOINS|MUTUELLE|PREVOYANCE|ASSURANCES?|SA|SAS|[A-Z]*\d\S*))*")
