"""The dossier: what the letter says can be read back, papers follow in order, and no bad file gets in."""

import struct
import zlib
from datetime import date

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.files.exports.dossier import Letter, PaperFile, make_dossier, printable
from agent.files.formats.attachment import MOST_PAGES, open_paper
from agent.files.formats.errors import UnreadablePaper
from tests import papers
from tests.thoroughness import examples

LETTER = Letter(
    ("ANGELA DUBOIS", "Numéro de sécurité sociale : 2 55 08 14 168 025 38", "1 rue du Cœur", "75007 PARIS"),
    ("CPAM de Paris", "75948 PARIS CEDEX 19"), "Changer mes coordonnées bancaires",
    "Je vous prie d'enregistrer ce compte.\n\nÀ compter du 1er décembre.",
    (("IBAN", "FR14 2004 1010 0505 0001 3M02 606"), ("Montant déclaré", "1 234,50 €")), date(2026, 12, 1),
)


def read(data: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_bounded() for page in document]


def test_the_letter_says_what_was_declared_and_lists_the_papers() -> None:
    files = [PaperFile("RIB", "rib.pdf", "application/pdf", papers.pdf("releve d'identite", 2)),
             PaperFile("Pièce d'identité", "id.jpg", "image/jpeg", papers.picture())]
    pages = read(make_dossier(LETTER, files))
    assert len(pages) == 4
    for words in ("CPAM de Paris", "Le 1er décembre 2026", "Objet : Changer mes coordonnées bancaires", "1 rue du Cœur",
                  "FR14 2004 1010 0505 0001 3M02 606", "1 234,50 €", "1. RIB", "2. Pièce d'identité", "Signature"):
        assert words in pages[0], words
    assert "releve d'identite" in pages[1]
    assert "Pièce 2/2 : Pièce d'identité" in pages[3]


def test_the_same_request_on_the_same_day_gives_the_same_words() -> None:
    assert read(make_dossier(LETTER, ())) == read(make_dossier(LETTER, ()))


def test_a_picture_held_sideways_stands_upright_and_keeps_no_note_of_its_place() -> None:
    sideways = papers.picture(size=(80, 40), orientation=6)
    assert (open_paper(sideways, "image/jpeg", "x").width, open_paper(sideways, "image/jpeg", "x").height) == (40, 80)
    made = make_dossier(LETTER, [PaperFile("Photo", "p.jpg", "image/jpeg", sideways)])
    width, height = pypdfium2.PdfDocument(made)[1].get_size()
    assert width < height
    assert b"Exif" not in made


def test_signs_that_the_font_lacks_lose_their_accents_and_controls_go() -> None:
    assert printable("Łódź ő œ €") == "?ódz o œ €"
    assert printable("a\x1b[2Jb\u202ec") == "a [2Jb?c"


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 100,000 dots wide and high."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(999))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("data", "media_type", "word"), [
    (papers.pdf(password="secret"), "application/pdf", "password"),
    (papers.pdf()[:200], "application/pdf", "damaged"),
    (papers.pdf(pages=MOST_PAGES + 1), "application/pdf", "pages"),
    (b"%PDF-1.4 nothing", "application/pdf", "damaged"),
    (papers.picture()[:300], "image/jpeg", "damaged"),
    (bomb(), "image/png", "too many"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "damaged"),
], ids=["protected", "cut", "long", "hollow", "cut picture", "bomb", "hollow picture"])
def test_a_bad_file_is_refused_with_what_to_do(data: bytes, media_type: str, word: str) -> None:
    with pytest.raises(UnreadablePaper) as refusal:
        make_dossier(LETTER, [PaperFile("RIB", "rib", media_type, data)])
    assert word in refusal.value.message("en")
    assert refusal.value.hint("fr")


@settings(max_examples=examples(60), deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["application/pdf", "image/jpeg", "image/png"]))
def test_no_bytes_break_the_reader(data: bytes, media_type: str) -> None:
    head = {"application/pdf": b"%PDF-1.7\n", "image/jpeg": b"\xff\xd8\xff\xe0", "image/png": b"\x89PNG\r\n\x1a\n"}
    with pytest.raises(UnreadablePaper):
        open_paper(head[media_type] + data, media_type, "x")


@settings(max_examples=examples(40), deadline=None)
@given(st.text(max_size=200), st.lists(st.tuples(st.text(max_size=60), st.text(max_size=200)), max_size=5))
def test_no_words_break_the_letter(text: str, facts: list[tuple[str, str]]) -> None:
    letter = Letter((text,), (text,), text, text, tuple(facts), date(2026, 11, 23))
    assert make_dossier(letter, ()).startswith(b"%PDF-")
