"""The classes between the base error and its leaves: what callers catch agrees with what scripts see."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import agent
import ameli_tui
from agent.errors import AmeliError, NeedsPerson, NotUnlocked, ServiceTrouble, TryLater
from agent.sync.scheduler import RefreshTooSoon

_BY_EXIT_CODE = {3: NotUnlocked, 4: ServiceTrouble, 5: NeedsPerson}
_MIDDLE = {AmeliError, TryLater, *_BY_EXIT_CODE.values()}


def _below(error: type[AmeliError]) -> Iterator[type[AmeliError]]:
    yield error
    for below in error.__subclasses__():
        yield from _below(below)


@pytest.fixture(scope="module")
def classes() -> set[type[AmeliError]]:
    """Every error class of the product."""
    for package in (agent, ameli_tui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    return {error for error in _below(AmeliError) if error.__module__.startswith(("agent.", "ameli_tui."))}


def test_an_error_derives_from_the_class_of_its_exit_code_and_from_no_other(classes: set[type[AmeliError]]) -> None:
    assert len(classes) > 130
    for error in classes:
        parents = [code for code, parent in _BY_EXIT_CODE.items() if issubclass(error, parent)]
        expected = [error.exit_code] if error.exit_code in _BY_EXIT_CODE else []
        assert parents == expected, error


def test_each_class_between_has_errors_below_it(classes: set[type[AmeliError]]) -> None:
    assert all(parent.__subclasses__() for parent in _MIDDLE)
    assert len(classes - _MIDDLE) > 125


def test_what_says_when_to_try_again_is_found_by_its_class() -> None:
    with pytest.raises(TryLater) as caught:
        raise RefreshTooSoon(seconds=120)
    assert caught.value.retry_after == 120
    assert not hasattr(AmeliError(), "retry_after")
