"""Answers that were read: values of a closed set of types under the names of an open set of questions."""

from datetime import date
from decimal import Decimal
from typing import TypeAlias, TypeVar, Union

Value: TypeAlias = Union[str, bool, int, date, Decimal, list[str], "list[Answers]"]
"""One answer: text (a number, a phone, a month, a choice too), yes or no, a whole number, a day, euros, several
choices or people, or the items of a group."""
T = TypeVar("T")


class Answers(dict[str, Value]):
    """Values by the name of the question; a question that was not answered has none.

    Whoever knows the kind of a question asks for its value by type. Each of these raises KeyError without an answer,
    except the two for lists, which are empty then; and TypeError when the question is of another kind.
    """

    def text(self, name: str) -> str:
        """The answer in words: text, a number, a choice, a person."""
        return of_type(str, self[name])

    def day(self, name: str) -> date:
        """The day answered."""
        return of_type(date, self[name])

    def amount(self, name: str) -> Decimal:
        """The euros answered."""
        return of_type(Decimal, self[name])

    def several(self, name: str) -> list[str]:
        """The choices or people answered."""
        return [of_type(str, each) for each in of_type(list, self.get(name, []))]

    def group(self, name: str) -> "list[Answers]":
        """The items of a group."""
        return [of_type(Answers, each) for each in of_type(list, self.get(name, []))]


def of_type(kind: type[T], value: object) -> T:
    """``value``, which is of a type. Raises TypeError when it is of another."""
    if not isinstance(value, kind):
        raise TypeError(f"an answer of {kind.__name__} is expected, not one of {type(value).__name__}")
    return value
