"""What is pasted: line ends around it are no part of it, a secret is taken to the letter, nothing becomes U+FFFD."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.widget import Widget

from agent.passphrase import LINE_ENDS
from ameli_tui.app.palette import is_open
from ameli_tui.screens.agent.login import LoginScreen
from ameli_tui.screens.agent.setup import SetupScreen
from ameli_tui.screens.agent.unlock import UnlockScreen
from ameli_tui.screens.base.save_as import SaveScreen
from ameli_tui.screens.documents.import_files import ImportScreen
from ameli_tui.screens.messages.write import WriteScreen
from ameli_tui.terminal.safe_text import HARMFUL
from ameli_tui.widgets.pasted_text import in_lines, in_one_line
from ameli_tui.widgets.text_input import Field
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import Driven, opened
from tests.thoroughness import one_in

ENDS = ["\r", "\n", "\r\n", "\r\r", "\n\n\r\n", "\x85", "\u2028", "\u2029"]
_PHRASE = "court mais plus long cheval"


async def unbracketed(driven: Driven, text: str) -> None:
    """What a terminal sends of a paste without bracketed mode: keys, one after the other."""
    parser = XTermParser()
    for sign in text:
        for event in parser.feed(sign):
            driven.app.post_message(event)
    await driven.settle()


# -- the rules ---------------------------------------------------------------------------------------------------------


@given(st.text(max_size=60))
def test_one_line_of_text_holds_no_line_end_and_nothing_that_a_terminal_obeys(text: str) -> None:
    line = in_one_line(text)
    assert not any(sign in line for sign in LINE_ENDS)
    assert not any(ord(sign) in HARMFUL for sign in line)
    assert line.count("\ufffd") == text.count("\ufffd")
    assert in_one_line(line) == line


@given(st.text(max_size=60))
def test_lines_of_text_end_in_line_feeds_alone(text: str) -> None:
    lines = in_lines(text)
    assert not any(sign in lines for sign in LINE_ENDS if sign != "\n")
    assert lines.count("\ufffd") == text.count("\ufffd")


def test_lines_pasted_into_one_line_are_parted_by_a_space() -> None:
    assert in_one_line("\r\nDr\r\n\r\nMARTIN\tLyon\x1b\u202e\r") == "Dr MARTIN Lyon"
    assert in_one_line("  1\xa0234  ") == "  1\xa0234  "
    assert in_lines("a\r\nb\rc\u2028d\x07") == "a\nb\nc\nd"


# -- every field -------------------------------------------------------------------------------------------------------


def _classes(root: type[Widget]) -> set[type[Widget]]:
    return {root, *(found for one in root.__subclasses__() for found in _classes(one))}


def test_one_kind_of_field_serves_all_screens() -> None:
    import ameli_tui

    folder = Path(ameli_tui.__file__).parent
    sources = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    assert [path.name for path, text in sources.items() if "TextArea" in text] == ["text_editor.py"]
    assert not [path for path, text in sources.items() if "import Input" in text or "MaskedInput" in text]
    assert _classes(Field) == {Field}


@pytest.mark.parametrize("end", one_in(4, ENDS), ids=ascii)
async def test_a_passphrase_pasted_with_a_line_end_is_the_one_that_is_typed(end: str) -> None:
    fake = FakeAgent(state="setup")
    async with opened(fake) as driven:
        await driven.keys("enter", "enter")
        await driven.type(_PHRASE + end)
        await driven.keys("enter")
        await driven.type(end + _PHRASE + end)
        await driven.keys("enter")
        assert fake.passphrase == _PHRASE
    fake = FakeAgent(state="locked")
    async with opened(fake) as driven:
        await driven.type(fake.passphrase + end)
        await driven.keys("enter")
        assert not isinstance(driven.page, UnlockScreen)


@pytest.mark.parametrize("sign", ["\t", "\r", "\ufffd", "\u200b", "\x07", "\xa0"], ids=ascii)
async def test_a_new_passphrase_that_nobody_can_type_is_refused_aloud(sign: str) -> None:
    fake = FakeAgent(state="setup")
    async with opened(fake) as driven:
        await driven.keys("enter", "enter")
        await driven.type(f"cheval{sign}juste pile")
        told = " ".join(driven.text.replace("│", " ").split())
        assert f"U+{ord(sign):04X}" in told and "signe n° 7" in told
        await driven.keys("enter")
        await driven.type(f"cheval{sign}juste pile")
        await driven.keys("enter")
        assert isinstance(driven.page, SetupScreen)
        assert f"U+{ord(sign):04X}" in driven.text
        assert fake.state == "setup"
        await driven.type(_PHRASE)
        await driven.keys("enter")
        await driven.type(_PHRASE)
        await driven.keys("enter")
        assert fake.passphrase == _PHRASE


@pytest.mark.parametrize("secret", [
    "mot\tde passe", " mot  de\xa0passe ", "mot\u200bde\u202epasse", "mot\x07de\x1bpasse"], ids=ascii)
async def test_an_accounts_password_is_pasted_to_the_letter(secret: str) -> None:
    fake = FakeAgent()
    fake.account = False
    async with opened(fake) as driven:
        await driven.keys("a")
        await driven.type("2 69 05 49 588 157\r\n")
        await driven.keys("enter")
        await driven.type(secret + "\r\n")
        await driven.keys("enter", "enter")
        sent = [body for _method, path, body in fake.calls if path == "/v1/login"]
        assert sent[0]["password"] == secret
        assert sent[0]["nir"] == "2690549588157"


async def test_an_accounts_password_of_two_lines_is_refused_aloud() -> None:
    fake = FakeAgent()
    fake.account = False
    async with opened(fake) as driven:
        await driven.keys("a")
        await driven.type("2 69 05 49 588 157")
        await driven.keys("enter")
        await driven.type("mot\rde passe\r")
        await driven.keys("enter")
        assert isinstance(driven.page, LoginScreen)
        assert "fin de ligne" in driven.text
        await driven.type("mot de passe\r")
        await driven.keys("enter", "enter")
        assert [body["password"] for _m, path, body in fake.calls if path == "/v1/login"] == ["mot de passe"]


async def test_the_one_time_code_and_the_recovery_code_lose_their_line_end() -> None:
    fake = FakeAgent()
    fake.account, fake.ask_code = False, True
    async with opened(fake) as driven:
        await driven.keys("a")
        await driven.type("2 69 05 49 588 157")
        await driven.keys("enter")
        await driven.type("mot de passe")
        await driven.keys("enter", "enter")
        await driven.type("\r123456\r")
        await driven.keys("enter")
        assert [body["otp"] for _m, path, body in fake.calls if path == "/v1/login" and "otp" in body] == ["123456"]
    fake = FakeAgent(state="locked")
    async with opened(fake) as driven:
        await driven.keys("f3")
        await driven.type(fake.recovery + "\r\n")
        await driven.keys("enter")
        assert not isinstance(driven.page, UnlockScreen)


@pytest.mark.parametrize("end", one_in(4, ENDS), ids=ascii)
async def test_a_search_pasted_with_a_line_end_finds_what_it_finds_typed(end: str) -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("2", "slash")
        await driven.type("dentaire" + end)
        assert "« dentaire »" in driven.text
        assert "Centre dentaire" in driven.text
        await driven.keys("escape", "4", "slash")
        await driven.type("attestation" + end)
        assert "Votre attestation" in driven.text
        await driven.keys("escape", "9")
        await driven.type(end + "carte" + end)
        await driven.keys("enter")
        assert "> carte" in driven.text
        await driven.keys("escape", "colon")
        await driven.wait_for(lambda: is_open(driven.app))
        await driven.type(end + "ansi-light" + end)
        await driven.until("ansi-light")


async def test_a_path_pasted_with_a_line_end_is_taken(tmp_path: Path) -> None:
    paper = tmp_path / "relevé d'octobre.pdf"
    paper.write_bytes(b"%PDF-1.4")
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("i")
        assert isinstance(driven.page, ImportScreen)
        await driven.type(f"{paper}\r")
        await driven.keys("enter", "enter")
        assert [body["name"] for _m, path, body in fake.calls if path == "/v1/import"] == [paper.name]
    async with opened(fake := FakeAgent()) as driven:
        await driven.type(f"\r\n{paper}\r\n")  # dropped on the first screen, where no line has the focus
        await driven.keys("enter", "enter")
        assert [body["name"] for _m, path, body in fake.calls if path == "/v1/import"] == [paper.name]
    async with opened(FakeAgent()) as driven:
        driven.app.push_screen(SaveScreen("x.pdf", b"%PDF"))
        await driven.settle()
        await driven.keys("ctrl+u")
        await driven.type(f"{tmp_path}/saved.pdf\r")
        await driven.keys("enter")
        assert (tmp_path / "saved.pdf").read_bytes() == b"%PDF"


async def test_a_message_keeps_its_lines_and_holds_no_stand_in() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("4", "n")
        await driven.type("Ma\r\nquestion\r")
        await driven.keys("enter")
        await driven.type("Bonjour,\r\n\r\nvoici\tmon\x1b texte.\r")
        page = driven.page
        assert isinstance(page, WriteScreen)
        assert page.subject.value == "Ma question"
        await driven.keys("tab", "enter", "enter")
        assert fake.asked.written[0]["answers"]["body"] == "Bonjour,\n\nvoici   mon texte."
        assert fake.asked.written[0]["answers"]["subject"] == "Ma question"


async def test_a_paste_that_is_too_long_is_told_and_not_cut() -> None:
    async with opened(FakeAgent(state="locked")) as driven:
        await driven.type("x" * 401)
        page = driven.page
        assert isinstance(page, UnlockScreen)
        assert page.fields[0].value == ""
        assert "400" in driven.text


# -- without bracketed paste -------------------------------------------------------------------------------------------


async def test_a_paste_as_keys_ends_in_enter_or_in_nothing() -> None:
    for end in ("\r", "\n\r", "\n\n\r", "\r\n"):
        fake = FakeAgent(state="locked")
        async with opened(fake) as driven:
            await unbracketed(driven, fake.passphrase + end)
            assert not isinstance(driven.page, UnlockScreen), ascii(end)
            assert [body["passphrase"] for _m, path, body in fake.calls if path == "/v1/unlock"] == [fake.passphrase]


async def test_lines_pasted_as_keys_are_not_run_together() -> None:
    fake = FakeAgent(state="locked")
    fake.passphrase = "cheval\njuste\u2028pile"
    async with opened(fake) as driven:
        await unbracketed(driven, "\n" + fake.passphrase + "\n\n")
        page = driven.page
        assert isinstance(page, UnlockScreen)
        assert page.fields[0].value == fake.passphrase
    async with opened(FakeAgent()) as driven:
        await driven.keys("2", "slash")
        await unbracketed(driven, "\ncentre\n\ndentaire\n")
        assert "« centre dentaire »" in driven.text


async def test_no_character_of_a_secret_is_passed_over_when_it_comes_as_a_key() -> None:
    fake = FakeAgent(state="locked")
    fake.passphrase = "mot\xa0de\u200bpasse\xad❤\ufe0f"
    async with opened(fake) as driven:
        await unbracketed(driven, fake.passphrase + "\r")
        assert not isinstance(driven.page, UnlockScreen)

