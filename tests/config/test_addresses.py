"""Which addresses are this machine's."""

import pytest

from config.addresses import on_this_machine


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8", "https://127.8.9.1/x"])
def test_a_loopback_address_is_this_machine(url: str) -> None:
    assert on_this_machine(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1.evil.example", "https://assure.ameli.fr", "http://localhost.a", ""])
def test_a_name_that_only_begins_like_one_is_not(url: str) -> None:
    assert not on_this_machine(url)
