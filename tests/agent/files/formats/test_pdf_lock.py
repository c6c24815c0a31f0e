"""PDFs are opened by several threads of one process: none of them may end it, nor may a file that unfolds."""

import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from agent.files.exports.dossier import Letter, PaperFile, make_dossier
from agent.files.formats import pdf_words as sheet
from agent.files.formats.attachment import open_paper
from agent.files.formats.statements import read_statement
from agent.files.formats.statements.errors import StatementUnreadable
from tests.agent.files.formats.statements.test_read import sample
from tests.agent.files.formats.statements.writer import draw
from tests.thoroughness import examples

LETTER = Letter(("ZOE DUPONT",), ("CPAM",), "Objet", "Texte", (), date(2026, 11, 23))


def one_page(content: bytes) -> bytes:
    """A PDF of one page that draws ``content``, as small as its repetitions make it."""
    packed = zlib.compress(content, 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[4 0 R]>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</Font<</F<</Type/Font"
        b"/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (out + b"xref\n0 5\n0000000000 65535 f \n" + table
            + b"trailer<</Size 5/Root 1 0 R>>startxref\n%d\n%%%%EOF" % len(out))


def test_statements_papers_and_dossiers_are_read_at_the_same_time() -> None:
    data = draw(sample())
    paper = PaperFile("Décompte", "d.pdf", "application/pdf", data)
    tasks = (
        lambda: open_paper(data, "application/pdf", "d.pdf").pages,
        lambda: len(read_statement("d.pdf", data).payments),
        lambda: len(sheet.read_pages(data, 5)),
        lambda: make_dossier(LETTER, [paper])[:5] == b"%PDF-",
    )
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda at: tasks[at % 4](), range(examples(400)))) == {1}


def test_a_page_with_more_text_than_any_statement_is_refused() -> None:
    spread = b"".join(b"BT /F 1 Tf %d %d Td (word 12,00) Tj ET " % (at % 59 * 10, at // 59) for at in range(20_000))
    with pytest.raises(StatementUnreadable) as caught:
        read_statement("x.pdf", one_page(spread))
    assert "far more" in caught.value.message("en")


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_SECONDS", -1.0)
    with pytest.raises(StatementUnreadable) as caught:
        read_statement("x.pdf", draw(sample()))
    assert "far more" in caught.value.message("en")
