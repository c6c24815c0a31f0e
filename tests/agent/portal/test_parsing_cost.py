"""Pages made to be expensive are refused before they are parsed, the service's own are not, and what is let through is
parsed in a moment."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from agent.portal.errors import PortalChanged
from agent.portal.pages.html import parse, text
from agent.portal.pages.parsing_cost import DEEPEST, TooCostly, check_cost, is_well_formed
from tests.thoroughness import examples

MOMENT_S = 3.0
"""Far more than any page that is let through takes: the least that is refused here would take minutes."""


def numbered(tag: str, count: int) -> str:
    """Tags that all differ by an attribute: equal ones are not counted by the parser."""
    return "".join(map(tag.format, range(count)))


HOSTILE = {
    "elements inside one another": "<div>" * 60_000,
    "just too deep": "<div>" * (DEEPEST + 1) + "</div>" * (DEEPEST + 1),
    "deep by two kinds in turn": "<ul><li>" * 30_000,
    "deep without a mandatory end tag": "<dd><li>" * 30_000,
    "paragraphs below five hundred elements": "<div>" * 500 + "<p></p>" * 1_000_000,
    "end tags of nothing below five hundred elements": "<div>" * 500 + "</p>" * 1_500_000,
    "formatting made again in each paragraph": "<p>" + numbered("<b x={}>", 500) + "<p>x" * 100_000,
    "formatting left open": numbered("<font size={}>", 50_000),
    "end tags that the table keeps from closing": "<div><table><tr><td></div>" * 20_000,
    "end tags that stand for nothing": "<td><div></td>" * 50_000,
    "end tags in comments": "<div><!-- </div> -->" * 50_000,
    "end tags in attributes": '<div title="</div>">' * 50_000,
    "end tags in single quotes": "<div title='</div>'>" * 50_000,
    "end tags in scripts": "<div><script></div></script>" * 50_000,
    "end tags in a script that goes on":
        "<script><!--<script></script>" + "<div></div>" * 100 + "-->" + "<div>" * 60_000,
    "tags in a style that is none": "<svg><style>" + "<g>" * 60_000,
    "void elements that are none": "<svg>" + "<link>" * 60_000,
    "self-closing elements that are not": "<x-y/>" * 60_000,
    "a quote that opens no value": '<div "><div ">' * 30_000,
    "thousands of attributes": "<div " + numbered("a{} ", 50_000) + ">",
    "attributes added to the body": numbered("<body a{}=1>", 50_000),
    "thousands of names": numbered("<x{0}></x{0}>", 100_000),
    "thousands of names of attributes": numbered("<i a{}=1></i>", 100_000),
    "templates": "<template>" * 60_000,
    "forms that end early": "<form><div></form>" * 50_000,
    "objects": "<object>" * 60_000,
    "tags without an end": "<div>" * 400 + "<a b='" * 100_000,
    "upper case": "<DIV>" * 60_000,
    "noughts between": "<di\0v>" * 60_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_made_to_be_expensive_is_refused_or_parsed_in_a_moment(name: str) -> None:
    page = HOSTILE[name][: 8 << 20]
    began = time.process_time()
    try:
        parse(page, "paiements")
    except PortalChanged as error:
        assert error.page == "paiements"
        assert "profondeur" in error.message("fr") and "depth" in error.message("en")
    assert time.process_time() - began < MOMENT_S


@pytest.mark.parametrize("name", [
    "elements inside one another", "just too deep", "end tags in comments", "end tags in attributes", "upper case",
    "end tags that stand for nothing", "formatting made again in each paragraph", "thousands of attributes",
])
def test_the_clear_cases_are_refused(name: str) -> None:
    with pytest.raises(TooCostly):
        check_cost(HOSTILE[name].replace("\0", ""))


GENTLE = {
    "as deep as may be": "<div>" * (DEEPEST - 3) + "x" + "</div>" * (DEEPEST - 3),
    "a long list": "<ul>" + "<li class='rowitem'><span>x</span></li>" * 5_000 + "</ul>",
    "items, cells and paragraphs without end tags":
        "<ul>" + "<li>x" * 3_000 + "</ul><table>" + "<tr><td>1<td>2" * 1_500 + "</table>" + "<p>x" * 3_000,
    "a long form": "<form>" + "<input name='a'><br>" * 3_000 + "</form>",
    "scripts full of comparisons": "<script>" + "if (i<n && a<b) x='<div>';" * 5_000 + "</script>" + "<p>x</p>" * 5_000,
    "comments with tags": "<!-- <div> -->" * 2_000 + "<p>x</p>" * 2_000,
    "small drawings": "<p><svg viewBox='0 0 1 1'><path d='M0'/><g><path/></g></svg></p>" * 600,
    "old markup": "<table>" + "<tr><td><font color=red><b>x</b></font></td></tr>" * 3_000 + "</table>",
    "careless quotes": "<td class=\"a\"title=\"b\" href= nowrap>x</td>" * 2_000,
    "conditional comments": "<!--[if !IE]><!--><p>x</p><!--<![endif]-->" * 1_000,
}


@pytest.mark.parametrize("name", GENTLE)
def test_pages_that_are_merely_long_or_careless_are_read(name: str) -> None:
    tree = parse("<html><body>" + GENTLE[name] + "<b id=end>fin</b></body></html>")
    assert text(tree.css_first("#end")) == "fin"


TOKENS = [
    "<div>", "</div>", "<p>", "</p>", "<b x={}>", "</b>", "<a>", "</a>", "<table>", "</table>", "<tr>", "<td>",
    "</td>", "<caption>", "<select>", "</select>", "<option>", "<svg>", "</svg>", "<math>", "<path/>", "<mi>",
    "<desc>", "<style>", "</style>", "<script>", "</script>", "<!--", "-->", "--!>", "<!-->", "<textarea>",
    "</textarea>", "<title>", "</title>", "<template>", "</template>", "<form>", "</form>", "<button>", "<li>",
    "<ul>", "</ul>", "<dd>", "<ruby>", "<rt>", "<span>", "</span>", "<h1>", "<nobr>", "<font color={}>", "</font>",
    "<object>", "<frameset>", "<body z{}=1>", "<br>", "</br>", "<link>", "<x-{}>", "<![CDATA[", "]]>",
    "<i title='</i>'>", '"', "'", "<div a=b", "<plaintext>", "<noscript>", "</noscript>", "<iframe>", "</iframe>",
    "<optgroup>", "x", "</x>", "<?x", "<em k={}>", "</em>", "<foreignObject>",
]


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(TOKENS), max_size=3), st.lists(st.sampled_from(TOKENS), min_size=1, max_size=6),
       st.sampled_from([1_000, 20_000]))
def test_whatever_is_let_through_is_parsed_in_a_moment(head: list[str], again: list[str], times: int) -> None:
    pieces = (token.format(number) for number in range(times) for token in again)
    page = "".join(token.format(0) for token in head) + "".join(pieces)
    began = time.process_time()
    try:
        check_cost(page)
    except TooCostly:
        return
    finally:
        assert time.process_time() - began < MOMENT_S
    began = time.process_time()
    LexborHTMLParser(page)
    assert time.process_time() - began < MOMENT_S


@pytest.mark.parametrize(("page", "fits"), [
    ("<p>x</p>", True), ("<!-- x --><p a='b'>", True), ("<!-- x", False), ("<p a='b", False), ("<!--" * 50_000, False),
    ("<a b='" * 40_000, False), ("<![x>" * 50_000, False), ("<p " + numbered("a{} ", 30_000) + ">", False),
])
def test_unfinished_markup_is_told_apart(page: str, fits: bool) -> None:
    assert is_well_formed(page) is fits
