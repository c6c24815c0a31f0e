"""The table of keys, held against what a French keyboard and a multiplexer allow."""

import pytest

from ameli_tui.keys import KEYS, bindings, keys_for
from ameli_tui.screens.base.page import Page
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Lines
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import opened

_TOGETHER = (("app", "list", "home"), ("app", "list", "payments"), ("app", "text", "payment"),
             ("app", "text", "reading"), ("app", "list", "documents"), ("app", "list", "messages"),
             ("app", "list", "agent"), ("app", "list", "procedures"), ("app", "text", "procedure"),
             ("app", "list", "fill"), ("app", "list", "ask"), ("app", "list", "words"), ("app", "list", "newcomer"),
             ("app", "list", "certificates"), ("app", "list", "sent"), ("app", "text", "reading", "message"),
             ("field", "import"), ("app", "list", "import"), ("app", "list", "taken"),
             ("field", "unlock"), ("list", "gate", "unlock"))
"""Parts that are bound at the same time."""
_CHORDS = {"interrupt": "y copies and Q leaves", "field-erase": "backspace erases"}
"""Chords that only shorten another way."""
_NO_DIGIT_ROW = {"1": "ampersand", "2": "é", "3": "quotation_mark", "4": "apostrophe", "5": "left_parenthesis",
                 "6": "minus", "7": "è", "8": "underscore", "9": "ç"}


def test_every_binding_has_an_id_of_its_own() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)
    assert all(binding.id for binding in bindings(*{key.where for key in KEYS}))


@pytest.mark.parametrize("parts", _TOGETHER, ids="+".join)
def test_no_key_means_two_things_at_once(parts: tuple[str, ...]) -> None:
    seen: dict[str, str] = {}
    for key in keys_for(*parts):
        for name in key.keys.split(","):
            assert name not in seen, f"{name}: {seen.get(name)} and {key.id}"
            seen[name] = key.id


def test_digits_have_their_twin_without_shift() -> None:
    for key in KEYS:
        names = key.keys.split(",")
        for digit, twin in _NO_DIGIT_ROW.items():
            assert (digit in names) == (twin in names)


def test_nothing_is_reached_by_a_chord_alone_or_by_a_sign_that_needs_altgr() -> None:
    for key in KEYS:
        names = key.keys.split(",")
        if key.id not in _CHORDS:
            assert any("+" not in name or name.startswith("shift") for name in names), key
        assert not set(names) & {"left_square_bracket", "right_square_bracket", "left_curly_bracket", "backslash",
                                 "right_curly_bracket", "grave_accent", "tilde", "at", "number_sign", "vertical_line"}
        assert not set(names) & {"f1", "f10", "f11", "ctrl+s", "ctrl+b", "ctrl+a", "ctrl+h", "ctrl+j", "ctrl+i"}


def bound(page: Page[None], node: object) -> set[str | None]:
    """The keys that a screen, a widget on it or the program answers to."""
    return {active.binding.id for active in page.active_bindings.values() if active.node is node}


async def test_what_is_bound_is_what_the_table_says() -> None:
    async with opened(FakeAgent()) as driven:
        for screen, part in (("1", "home"), ("2", "payments"), ("3", "documents"), ("4", "messages"), ("5", "agent")):
            await driven.keys(screen)
            assert bound(driven.page, driven.page) == {key.id for key in keys_for(part)}
        assert bound(driven.page, driven.app) <= {key.id for key in KEYS}
        for widget, part in ((Lines, "list"), (Pane, "text")):
            assert isinstance(driven.page.focused, widget)
            assert bound(driven.page, driven.page.focused) == {key.id for key in keys_for(part)}
            await driven.keys("question_mark")  # the keys of a screen are a text


async def test_every_action_of_the_table_exists() -> None:
    from ameli_tui.app.app import AmeliApp
    from ameli_tui.screens.agent.agent import AgentPage
    from ameli_tui.screens.agent.doctor import DoctorScreen
    from ameli_tui.screens.agent.unlock import UnlockScreen
    from ameli_tui.screens.base.text_reader import ReadingScreen
    from ameli_tui.screens.documents.certificates import CertificatesScreen
    from ameli_tui.screens.documents.documents import DocumentsPage
    from ameli_tui.screens.documents.import_files import ImportScreen
    from ameli_tui.screens.documents.taken_files import TakenFilesScreen
    from ameli_tui.screens.help.ask import AskPage
    from ameli_tui.screens.help.glossary import GlossaryScreen
    from ameli_tui.screens.home.home import HomePage
    from ameli_tui.screens.messages.message import MessageScreen
    from ameli_tui.screens.messages.messages import MessagesPage
    from ameli_tui.screens.messages.sent import SentScreen
    from ameli_tui.screens.money.ledger import LedgerPage
    from ameli_tui.screens.money.owed import OwedPage
    from ameli_tui.screens.money.year import YearScreen
    from ameli_tui.screens.payments.payment import PaymentScreen
    from ameli_tui.screens.payments.payments import PaymentsPage
    from ameli_tui.screens.requests.fill import FillScreen
    from ameli_tui.screens.requests.hand_over import HandOverScreen
    from ameli_tui.screens.requests.newcomer import NewcomerScreen
    from ameli_tui.screens.requests.procedure import ProcedureScreen
    from ameli_tui.screens.requests.procedures import ProceduresPage
    from ameli_tui.widgets.text_input import Field

    homes = {"app": AmeliApp, "list": Lines, "text": Pane, "home": HomePage, "payments": PaymentsPage, "field": Field,
             "payment": PaymentScreen, "documents": DocumentsPage, "messages": MessagesPage, "reading": ReadingScreen,
             "agent": AgentPage, "unlock": UnlockScreen, "ledger": LedgerPage, "owed": OwedPage, "year": YearScreen,
             "procedures": ProceduresPage, "procedure": ProcedureScreen, "fill": FillScreen, "ask": AskPage,
             "words": GlossaryScreen, "newcomer": NewcomerScreen, "certificates": CertificatesScreen,
             "message": MessageScreen, "sent": SentScreen, "hand-over": HandOverScreen, "doctor": DoctorScreen,
             "import": ImportScreen, "taken": TakenFilesScreen}
    for key in KEYS:
        name = key.action.partition("(")[0]
        owner = AmeliApp if name.startswith("app.") else homes[key.where]
        assert hasattr(owner, "action_" + name.removeprefix("app.")), key
