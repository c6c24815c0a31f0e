"""Recordings are read whatever browser wrote them; what is secret in them is never decoded."""

import contextlib
import gzip
import json
import zlib
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.files.formats.har import Recording, looks_like_har, read_har
from agent.files.formats.har.errors import NotARecording, TooLargeRecording
from agent.files.formats.har.hosts import Place, bare, place, redirect
from agent.files.formats.har.plain_text import plain_text
from tests.thoroughness import examples

REAL = "https://assure.ameli.fr"
SECRET = "C4N4RY-oPq7"


def entry(url: str = f"{REAL}/PortailAS/paiements.do?a=1", text: str | None = "é", **more: Any) -> dict[str, Any]:
    """One exchange; ``request``, ``response`` and ``content`` add to its parts."""
    content = {"size": 2, "mimeType": "text/html", "text": text} | more.get("content", {})
    return {
        "startedDateTime": more.get("at", "2026-11-23T10:00:00.000Z"),
        "request": {"method": "GET", "url": url, "headers": [], "cookies": []} | more.get("request", {}),
        "response": {"status": 200, "headers": [], "cookies": [], "content": content} | more.get("response", {}),
    }


def har(*entries: Any) -> bytes:
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": list(entries)}}).encode()


def everything(recording: Recording) -> str:
    """All that is kept, as text in which a secret would be found."""
    parts = [repr(recording)]
    for one in recording.entries:
        parts += [one.method, one.url, *one.headers, *one.headers.values()]
        parts.append((one.body or b"").decode("utf-8", "replace"))
    return "\n".join(parts)


SECRETS = {
    "sign-in": (entry("https://ameliconnect.ameli.fr/oauth2/authorize", text=f"<input value='{SECRET}'>", request={
        "method": "POST", "postData": {"text": f"password={SECRET}"}}), {"sign_in": 1}),
    "code": (entry(f"{REAL}/compte/redirect_uri?code={SECRET}&state=x", text=SECRET), {"sign_in": 1}),
    "landing": (entry(f"{REAL}/PortailAS/appmanager/PortailAS/assure?_pageLabel=as_login_page&cb=true&code={SECRET}"),
                {"sign_in": 1}),
    "FranceConnect": (entry(f"https://app.franceconnect.gouv.fr/x?{SECRET}", text=SECRET), {"sign_in": 1}),
    "cookie": (entry(request={"headers": [{"name": "Cookie", "value": f"a={SECRET}"}],
                              "cookies": [{"name": "a", "value": SECRET}]}), {"cookies": 1}),
    "Set-Cookie": (entry(response={"headers": [{"name": "set-cookie", "value": f"a={SECRET}"}]}), {"cookies": 1}),
    "authorization": (entry(request={"headers": [{"name": "AUTHORIZATION", "value": SECRET}]}), {"cookies": 1}),
    "body": (entry(request={"method": "POST", "postData": {"text": SECRET, "params": [{"name": SECRET}]}}),
             {"bodies": 1}),
    "token in the address": (entry(f"{REAL}/PortailAS/x?a=1&_ct={SECRET}"), {"tokens": 1}),
    "token in a header": (entry(request={"headers": [{"name": "_ct", "value": SECRET}]}), {"tokens": 1}),
    "token servlet": (entry(f"{REAL}/PortailAS/JavaScriptServlet", text=f"_ct:{SECRET}"), {"tokens": 1}),
    "session in the path": (entry(f"{REAL}/PortailAS/x;jsessionid={SECRET}?a=1"), {}),
    "user in the address": (entry(f"https://{SECRET}:{SECRET}@assure.ameli.fr/PortailAS/x"), {}),
    "redirect to the sign-in": (entry(response={"status": 302, "redirectURL": (
        f"https://ameliconnect.ameli.fr/oauth2/authorize?state={SECRET}")}), {}),
    "redirect with a code": (entry(response={"status": 302, "headers": [
        {"name": "Location", "value": f"/compte/redirect_uri?code={SECRET}"}]}), {}),
    "elsewhere": (entry(f"https://example.org/{SECRET}", text=SECRET), {"elsewhere": 1}),
    "public site": (entry(f"https://www.ameli.fr/PortailAS/{SECRET}", text=SECRET), {"elsewhere": 1}),
    "http": (entry(f"http://assure.ameli.fr/PortailAS/{SECRET}"), {"elsewhere": 1}),
    "look-alike": (entry(f"https://assure.ameli.fr.example.org/PortailAS/{SECRET}"), {"elsewhere": 1}),
    "no exchange": ({"request": SECRET}, {"unreadable": 1}),
    "other headers": (entry(response={"headers": [{"name": "X-Session", "value": SECRET}]}), {}),
    "unknown keys": (entry() | {"_webSocketMessages": [SECRET], "comment": SECRET}, {}),
}


@pytest.mark.parametrize("what", SECRETS)
def test_secrets_are_left_behind_and_counted(what: str) -> None:
    one, dropped = SECRETS[what]
    recording = read_har(har(entry(), one))
    assert SECRET not in everything(recording)
    told = {name: count for name in recording.dropped.__struct_fields__ if (count := getattr(recording.dropped, name))}
    assert told == dropped


@pytest.mark.parametrize("wrap", [
    lambda data: data, lambda data: b"\xef\xbb\xbf" + data, lambda data: b"\n\n  " + data, gzip.compress,
], ids=["plain", "with a mark", "after empty lines", "gzip"])
def test_the_ways_a_recording_is_saved(wrap: Any) -> None:
    data = wrap(har(entry()))
    assert looks_like_har(data)
    assert read_har(data).entries[0].body == "é".encode()


def test_text_is_utf_8_whatever_it_was_on_the_wire_and_base64_is_bytes() -> None:
    latin = entry(content={"mimeType": "text/html; charset=ISO-8859-1"})
    raw = entry(text=b64encode(b"%PDF-1.4 \xff\x00").decode(), content={
        "encoding": "base64", "mimeType": "application/pdf"})
    coded = b64encode(b"%PDF-" + bytes(99)).decode()
    lined = entry(text=f"{coded[:40]}\r\n{coded[40:]}", content={"encoding": "BASE64"})
    first, second, third = read_har(har(latin, raw, lined)).entries
    assert (first.body, first.headers["content-type"]) == ("é".encode(), "text/html; charset=utf-8")
    assert (second.body, second.headers["content-type"]) == (b"%PDF-1.4 \xff\x00", "application/pdf")
    assert third.body == b"%PDF-" + bytes(99)


@pytest.mark.parametrize("text", ["<p>é</p>", ' {"a": 1}', "[1]"])
def test_a_page_written_as_text_is_read_whatever_it_says_of_its_coding(text: str) -> None:
    one = entry(text=text, content={"encoding": "base64", "mimeType": "text/html; charset=latin-1"})
    [read] = read_har(har(one)).entries
    assert (read.body, read.headers["content-type"]) == (text.encode(), "text/html; charset=utf-8")


@pytest.mark.parametrize("text", [
    "JVBERi0+Pz8/Pz8+", "JVBERi0-Pz8_Pz8-", "JVBERi0+\r\nPz8/Pz8+", "JVBERi0+Pz8/Pz8+====",
])
def test_a_document_in_base64_is_read_in_either_alphabet_and_whether_it_is_called_so_or_not(text: str) -> None:
    for encoding in ("base64", None):
        assert read_har(har(entry(text=text, content={"encoding": encoding}))).entries[0].body == b"%PDF->?????>"


@pytest.mark.parametrize("text", ["PGI+eDwvYj4", "PGI+eDwvYj4=", "PGI-eDwvYj4"])
def test_signs_that_only_fill_the_end_of_base64_may_be_missing(text: str) -> None:
    assert read_har(har(entry(text=text, content={"encoding": "base64"}))).entries[0].body == b"<b>x</b>"


def test_a_pdf_of_plain_signs_may_be_written_as_text() -> None:
    assert read_har(har(entry(text="%PDF-1.4 x"))).entries[0].body == b"%PDF-1.4 x"


@pytest.mark.parametrize("content", [
    None, {}, {"size": 10}, {"size": 10, "text": ""}, {"text": None}, {"encoding": "base64", "text": "é*"},
    {"text": "%PDF-1.4 \ufffd\ufffd", "mimeType": "application/pdf"}, {"text": "%PDF-1.4 é"},
    {"text": "%PDF-1.4 é", "encoding": "base64"},
])
def test_a_content_that_was_not_recorded_is_none(content: Any) -> None:
    one = entry()
    one["response"]["content"] = content
    recording = read_har(har(one))
    assert recording.entries[0].body is None and recording.unrecorded == 1


def test_an_answer_without_content_is_empty() -> None:
    assert read_har(har(entry(text="", content={"size": 0}))).entries[0].body == b""


def test_entries_come_in_order_of_time_when_all_of_them_tell_it() -> None:
    late, early = entry(f"{REAL}/PortailAS/2", at="2026-11-23T12:00:00+01:00"), entry(
        f"{REAL}/PortailAS/1", at="2026-11-23T10:00:00.5Z")
    assert [one.url[-1] for one in read_har(har(late, early)).entries] == ["1", "2"]
    assert [one.url[-1] for one in read_har(har(late, early, entry(f"{REAL}/PortailAS/3", at=None))).entries] == [
        "2", "1", "3"]


def test_a_stand_in_is_read_when_the_real_service_is_not_there() -> None:
    local = entry("http://127.0.0.1:8080/PortailAS/x")
    assert read_har(har(local)).local
    both = read_har(har(local, entry()))
    assert (both.local, len(both.entries), both.dropped.elsewhere) == (False, 1, 1)


@pytest.mark.parametrize(("data", "why"), [
    (b"{}", "missing"), (b'{"log": {}}', "missing"), (b'{"log": {"entries": {}}}', "missing"), (b"[]", "missing"),
    (har(entry())[:-20], "cut"), (b"", "cut"), (b"\xff\xfe{", "cut"), (b"[" * 100_000, "missing"),
    (gzip.compress(har(entry()))[:40], "cut"), (b"\x1f\x8b\x08 no gzip", "cut"),
], ids=["object", "no entries", "an object", "list", "short", "empty", "bytes", "deep", "short gzip", "no gzip"])
def test_what_is_no_recording_is_told_without_quoting_it(data: bytes, why: str) -> None:
    with pytest.raises(NotARecording) as caught:
        read_har(data)
    assert why in caught.value.message("en")
    looks_like_har(data)


def test_a_recording_blown_up_by_compression_is_refused() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(b'{"log":{"entries":[') + b"".join(packer.compress(bytes(1 << 20)) for _ in range(130))
    with pytest.raises(TooLargeRecording):
        list(plain_text([bomb + packer.flush()], 128 << 20))


def test_places() -> None:
    assert place("https://assure.ameli.fr:443/compte/aspm/releves-mensuels") is Place.DATA
    assert place("https://ASSURE.ameli.fr./PortailAS/x") is Place.DATA
    assert place("https://assure.ameli.fr:8443/PortailAS/x") is Place.ELSEWHERE
    assert place("http://[::1]:80/PortailAS/x") is Place.LOCAL
    assert place("http://localhost:8081/oauth2/authorize?x") is Place.SIGN_IN
    assert place("https://[broken/PortailAS/") is Place.ELSEWHERE
    assert place("data:text/html,x") is Place.ELSEWHERE
    assert bare(f"{REAL}:443/a;jsessionid=1?x=%2F+y&_ct=2#f") == (f"{REAL}/a?x=%2F+y", True)
    assert redirect(f"{REAL}:443/PortailAS/error.jsp?code=1") == f"{REAL}/PortailAS/error.jsp?code=1"
    assert redirect(f"{REAL}:443/x?code=1") == f"{REAL}/x"
    assert redirect("/PortailAS/y?z=1") == "/PortailAS/y?z=1"


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([
        "request", "response", "url", "method", "headers", "content", "text", "encoding", "size", "status", "name",
        "value", "cookies", "postData", "startedDateTime", "mimeType", "redirectURL"]), inner, max_size=6),
    max_leaves=30)


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(json_like, max_size=4))
def test_whatever_json_entries_are_reading_ends_with_what_could_be_read(entries: list[Any]) -> None:
    recording = read_har(har(entry(), *entries))
    assert len(recording.entries) >= 1


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(["request", "response", "url", "method", "headers", "content", "text", "encoding", "size",
                        "status", "cookies", "postData", "startedDateTime", "mimeType", "redirectURL"]), json_like)
def test_a_part_of_a_wrong_type_spoils_its_own_entry_at_most(name: str, value: Any) -> None:
    spoilt = entry()
    for part in (spoilt, spoilt["request"], spoilt["response"], spoilt["response"]["content"]):
        if isinstance(part, dict) and name in part:
            part[name] = value
    recording = read_har(har(spoilt, entry()))
    assert recording.entries[-1].body == "é".encode()


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 100))
def test_a_damaged_file_is_read_or_told(noise: bytes, at: int, cut: int) -> None:
    data = har(entry(), entry())
    broken = data[:at] + noise + data[at + cut:]
    looks_like_har(broken)
    with contextlib.suppress(NotARecording):
        read_har(broken)
