"""What stands for what in one copy: the same original token always becomes the same invented one."""

from __future__ import annotations

from collections import Counter
from random import Random

from agent.files.anonymise.dates import Calendar

_UPPER, _LOWER = "XYZWVQK", "xyzwvqk"
RATES = ("70", "65", "60", "30", "15")
"""Per cent that any of them may stand for: a rate of 100 tells of an illness."""
_TRIES = 40
_BLURRED = (2, 11)
"""Letters of a word that does not keep its length, at least and at most."""


class Disguise:
    """The inventions of one copy. ``chance`` decides all of them: a seeded one repeats itself."""

    def __init__(self, chance: Random, avoid: frozenset[str] = frozenset()) -> None:
        """``avoid``: tokens of the original, in lower case; no invention may equal one by accident."""
        self.chance = chance
        self.calendar = Calendar(chance)
        self._avoid = avoid
        self._known: dict[str, str] = {}
        self._shapes: Counter[str] = Counter()

    def word(self, token: str) -> str:
        """Letters as x and X, digits drawn; other signs stay. Different tokens of one shape end differently."""
        if token not in self._known:
            shape = "".join("X" if sign.isupper() else "x" if sign.isalpha() else "9" if sign.isdigit() else sign
                            for sign in token)
            self._known[token] = self._fresh_word(shape)
        return self._known[token]

    def blur(self, token: str) -> str:
        """As ``word``, of another length: labels of care and illness can be told by how long their words are."""
        key = f"blur {token}"
        if key not in self._known:
            length = self.chance.randint(*_BLURRED)
            first, rest = ("X" if token[0].isupper() else "x"), ("X" if token.isupper() else "x")
            self._known[key] = self._fresh_word(first + rest * (length - 1))
        return self._known[key]

    def digits(self, token: str) -> str:
        """Another number of as many digits. One or two digits may be a day: they become one."""
        if token not in self._known:
            for _ in range(_TRIES):
                if len(token) <= 2:
                    made = str(self.chance.randint(10, 28) if len(token) == 2 else self.chance.randint(1, 9))
                else:
                    made = "".join(self.chance.choice("123456789") for _ in token)
                if made not in self._avoid:
                    break
            self._known[token] = made
        return self._known[token]

    def cents(self, value: int) -> int:
        """An amount of about that size, in cents; nothing stays nothing."""
        if value == 0:
            return 0
        key = f"cents {abs(value)}"
        if key not in self._known:
            low = 10 ** (max(len(str(abs(value))), 3) - 1)
            for _ in range(_TRIES):
                made = self.chance.randint(low, low * 10 - 1)
                if self.fresh(made):
                    break
            self._known[key] = str(made)
        return int(self._known[key]) * (-1 if value < 0 else 1)

    def fresh(self, cents: int) -> bool:
        """The original holds no such amount."""
        whole, part = divmod(abs(cents), 100)
        return not {f"{whole},{part:02d}", f"{whole}.{part:02d}"} & self._avoid

    def rate(self) -> str:
        """A rate among those of common care."""
        return self.chance.choice(RATES)

    def nir(self) -> str:
        """A number of 13 digits that no person has (its rank at birth is 000), with its key."""
        if "nir" not in self._known:
            number = (f"{self.chance.choice('12')}{self.chance.randint(0, 99):02d}{self.chance.randint(1, 12):02d}"
                      f"{self.chance.randint(10, 89)}{self.chance.randint(1, 989):03d}000")
            self._known["nir"] = f"{number}{97 - int(number) % 97:02d}"
        return self._known["nir"]

    def _fresh_word(self, shape: str) -> str:
        made = shape
        for _ in range(_TRIES):
            made = self._fill(shape, self._shapes[shape])
            self._shapes[shape] += 1
            if made.casefold() not in self._avoid:
                break
        return made

    def _fill(self, shape: str, rank: int) -> str:
        """The ``rank``-th token of a shape: its last letters count in x, y, z…"""
        made = []
        for sign in reversed(shape):
            if sign in "xX" and sign.isalpha():
                rank, digit = divmod(rank, len(_UPPER))
                made.append((_UPPER if sign == "X" else _LOWER)[digit])
            elif sign == "9" and sign.isdigit():
                made.append(self.chance.choice("123456789"))
            else:
                made.append(sign)
        return "".join(reversed(made))
