"""Files checked before they are attached; bad ones refused wherever they are brought: nothing sent, nothing lost."""

import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests import papers
from tests.agent.files.exports.test_dossier import bomb
from tests.ameli_tui.cli.test_procedure_commands import Desk
from tests.thoroughness import one_in

pytestmark = pytest.mark.xdist_group("papers-command")  # one demo for all of them

BAD: dict[str, tuple[bytes, str]] = {
    "protected.pdf": (papers.pdf(password="x"), "password"),
    "cut.pdf": (papers.pdf()[:200], "damaged"),
    "bomb.png": (bomb(), "80 million dots"),
    "text.pdf": (b"not a PDF", "type of file"),
    "animated.gif": (b"GIF89a", "type of file"),
    "empty.jpg": (b"", "empty"),
    "heavy.pdf": (papers.pdf() + bytes(10 << 20), "too large"),
}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    folder = Path(tempfile.mkdtemp(prefix="ameli-test-"))
    one = Desk(folder)
    one.file("me.jpg", papers.picture(size=(900, 900)))
    try:
        yield one
    finally:
        one.home.run("demo", "--home", str(one.home.folder), "--stop")
        shutil.rmtree(folder)


def test_each_bad_file_is_named_with_its_reason_and_the_good_ones_go_on(desk: Desk) -> None:
    bad = [desk.file(name, data) for name, (data, _) in BAD.items()]
    done = desk.home.run("papers", "check", *bad, desk.path("rib.pdf"), "--json")
    assert done.code == 1
    found = {Path(one["path"]).name: one["problem"] for one in done.json["files"]}
    assert found.pop("rib.pdf") is None
    for name, problem in found.items():
        assert BAD[name][1] in problem["message_en"] and problem["hint_fr"], name


def test_a_portrait_is_cropped_for_a_look_and_never_over_another_file(desk: Desk) -> None:
    out = desk.folder / "crop.jpg"
    found = desk.home.json("papers", "check", "--photo", desk.path("me.jpg"), "--out", str(out))["files"][0]
    assert (found["photo"]["width"], found["photo"]["height"]) == (700, 900)
    with Image.open(io.BytesIO(out.read_bytes())) as picture:
        assert (picture.width, picture.height) == (700, 900)
    again = desk.home.run("papers", "check", "--photo", desk.path("me.jpg"), "--out", str(out), "--json")
    assert (again.code, again.error["code"]) == (1, "not_saved")
    wrong = desk.home.run("papers", "check", desk.path("me.jpg"), "--out", "x", "--json")
    assert (wrong.code, wrong.error["code"]) == (2, "usage")
    said = desk.home.run("papers", "check", "--photo", desk.path("me.jpg")).out
    assert "700 x 900 dots" in said and "black and white" not in said


@pytest.mark.parametrize("name", one_in(3, sorted(BAD)))
def test_a_bad_file_stops_the_request_and_loses_nothing_of_its_draft(desk: Desk, name: str) -> None:
    before = len(desk.received())
    answers = desk.file("card.json", json.dumps({"person": desk.home.json("profile")["name"]}).encode())
    start = ("procedures", "start", "carte-vitale-order", "--answers", answers,
             "--attach", f"photo={desk.path('me.jpg')}", "--attach", f"identity={desk.file(name, BAD[name][0])}")
    done = desk.home.run(*start, "--json")
    assert (done.code, [one["field"] for one in done.json["errors"]]) == (1, ["identity"])
    draft = desk.home.run(*start, "--draft", "--json").json
    kept = desk.request(draft["request"])
    assert [one["name"] for one in kept["papers"]] == ["photo"]
    desk.home.json("procedures", "cancel", draft["request"])
    assert len(desk.received()) == before


@pytest.mark.parametrize("name", one_in(4, ["..", "\x1b[31mred.pdf", "a" * 200 + ".pdf", "=cmd|x.pdf", "‮fdp.exe.pdf"]))
def test_names_that_would_be_more_than_names_are_only_labels(desk: Desk, name: str) -> None:
    folder = desk.folder / "names"
    folder.mkdir(exist_ok=True)
    path = folder / (name if name != ".." else "...pdf")
    path.write_bytes(papers.pdf())
    draft = desk.home.json("procedures", "start", "bank-details", "--answers", desk.path("ok.json"), "--attach",
                           f"rib={path}", "--draft")
    (kept,) = desk.request(draft["request"])["papers"]
    assert all(sign.isalnum() or sign in " ._-()" for sign in kept["filename"]) and 0 < len(kept["filename"]) <= 100
    assert "\x1b" not in desk.home.run("procedures", "request", draft["request"]).out
    desk.home.json("procedures", "cancel", draft["request"])
