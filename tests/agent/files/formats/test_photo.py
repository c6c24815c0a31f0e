"""A portrait for the health card: upright, in its format, light enough, with what a person should look at."""

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from agent.files.formats.errors import UnreadablePaper
from agent.files.formats.photo import Format, crop_box, make_portrait
from tests import papers
from tests.thoroughness import examples

CARD = Format(35, 45, 50_000, 2_000_000)


def coloured(size: tuple[int, int], kind: str = "JPEG", mode: str = "RGB") -> bytes:
    """A picture with something on it: its top quarter red, the rest a slope of colours."""
    ramp = Image.linear_gradient("L").resize(size)
    image = Image.merge("RGB", (ramp, Image.new("L", size, 90), ramp.transpose(Image.Transpose.FLIP_TOP_BOTTOM)))
    image.paste((220, 30, 30), (0, 0, size[0], size[1] // 4))
    out = io.BytesIO()
    image.convert(mode).save(out, kind)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("size", [(1000, 1000), (3000, 2000), (700, 900), (500, 2000), (35, 45)])
def test_the_crop_has_the_card_s_format_and_nothing_is_stretched(size: tuple[int, int]) -> None:
    found = make_portrait(coloured(size), "image/jpeg", "x", CARD)
    picture = opened(found.data)
    assert (picture.width, picture.height, picture.format) == (found.width, found.height, "JPEG")
    assert abs(found.width * 45 - found.height * 35) <= 45
    assert found.height <= 2000 and len(found.data) <= CARD.most


def test_one_that_has_the_format_is_left_whole() -> None:
    assert make_portrait(coloured((700, 900)), "image/jpeg", "x", CARD).cut == 0


def test_of_a_tall_picture_more_is_kept_at_the_top_where_the_face_is() -> None:
    _, top, _, bottom = crop_box(700, 1800, CARD)
    assert (bottom - top, top) == (900, 300)


def test_held_sideways_it_stands_upright_and_says_nothing_of_its_place() -> None:
    found = make_portrait(papers.picture(size=(1200, 900), orientation=6), "image/jpeg", "x", CARD)
    picture = opened(found.data)
    assert picture.height > picture.width and not picture.getexif()
    assert found.cut < 10  # 900 by 1200 upright is nearly the format; lying, two fifths would go


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA", "L", "1", "I;16"])
def test_every_kind_of_png_becomes_three_colours(mode: str) -> None:
    if mode == "I;16":
        out = io.BytesIO()
        Image.new("I;16", (700, 900), 40_000).save(out, "PNG")
        data = out.getvalue()
    else:
        data = coloured((700, 900), "PNG", mode)
    picture = opened(make_portrait(data, "image/png", "x", CARD).data)
    assert picture.mode == "RGB"
    if mode == "I;16":
        dot = picture.getpixel((350, 450))
        assert isinstance(dot, tuple) and abs(int(dot[0]) - 155) < 4


def test_what_is_see_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (70, 90), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(make_portrait(out.getvalue(), "image/png", "x", CARD).data).getpixel((35, 45)) == (255, 255, 255)


@pytest.mark.parametrize(("data", "kind", "word"), [
    (coloured((70, 90)), "image/jpeg", "blurred"), (coloured((3000, 900)), "image/jpeg", "cut off"),
    (coloured((700, 900), "PNG", "L"), "image/png", "black and white"), (coloured((70, 90)), "image/jpeg", "KB")])
def test_what_to_look_at_is_told(data: bytes, kind: str, word: str) -> None:
    notes = make_portrait(data, kind, "x", CARD).notes
    assert any(word in english for _, english in notes)
    assert all(french and english for french, english in notes)


def test_a_heavy_one_is_packed_until_it_is_light_enough() -> None:
    noise = Image.effect_noise((700, 900), 100).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=100)
    assert len(make_portrait(out.getvalue(), "image/jpeg", "x", Format(35, 45, 0, 30_000)).data) <= 30_000


@settings(max_examples=examples(30), deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2000))
def test_damaged_ones_are_refused_and_never_break_it(tail: bytes, at: int) -> None:
    good = coloured((350, 450))
    with contextlib.suppress(UnreadablePaper):
        make_portrait(good[:at] + tail, "image/jpeg", "x", CARD)


@given(st.integers(1, 9000), st.integers(1, 9000))
def test_the_box_lies_in_the_picture_and_touches_two_sides(width: int, height: int) -> None:
    left, top, right, bottom = crop_box(width, height, CARD)
    assert 0 <= left < right <= width and 0 <= top < bottom <= height
    assert (right - left, bottom - top)[0] == width or bottom - top == height
