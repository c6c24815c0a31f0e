"""Recorded browser sessions (HAR): which pages were asked and how they answered, without who asked."""

from __future__ import annotations

import json
from base64 import b64decode
from urllib.parse import urlsplit

from agent.files.anonymise.html import mask_markup
from agent.files.anonymise.json_data import EMPTY_PDF, mask_json
from agent.files.anonymise.pseudonyms import Disguise
from agent.files.anonymise.urls import mask_address
from config.json_value import JsonObject, JsonValue

_HEADERS = ("content-type",)
_IDENTITY = ("ameliconnect.", "franceconnect.", "login.")
_METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS")
_WHEN = "2020-01-01T00:00:00.000Z"


def mask_session(text: str, disguise: Disguise) -> str:
    """A HAR with the requests in their order: no cookie, no posted form, nothing of the sign-in, no times.

    Raises ValueError when it is none.
    """
    try:
        entries = json.loads(text)["log"]["entries"]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a HAR") from error
    if not isinstance(entries, list):
        raise ValueError("not a HAR")
    kept = [_entry(one, disguise) for one in entries if isinstance(one, dict) and not _sign_in(one)]
    log = {"version": "1.2", "creator": {"name": "ameli anonymise", "version": "1"}, "pages": [], "entries": kept}
    return json.dumps({"log": log}, ensure_ascii=False, indent=1)


def _sign_in(entry: JsonObject) -> bool:
    host = urlsplit(_url(entry)).hostname or ""
    return host.startswith(_IDENTITY)


def _url(entry: JsonObject) -> str:
    request = entry.get("request")
    url = request.get("url") if isinstance(request, dict) else ""
    return url if isinstance(url, str) else ""


def _entry(entry: JsonObject, disguise: Disguise) -> JsonObject:
    request, response = entry.get("request"), entry.get("response")
    request = request if isinstance(request, dict) else {}
    response = response if isinstance(response, dict) else {}
    method, status = request.get("method"), response.get("status")
    content = response.get("content")
    return {
        "startedDateTime": _WHEN, "time": 0, "cache": {}, "timings": {"send": 0, "wait": 0, "receive": 0},
        "request": {
            "method": method if method in _METHODS else "GET", "url": mask_address(_url(entry), disguise),
            "httpVersion": "HTTP/1.1", "headers": [], "cookies": [], "queryString": [], "headersSize": -1,
            "bodySize": 0,
        },
        "response": {
            "status": status if isinstance(status, int) and 0 <= status <= 599 else 0, "statusText": "",
            "httpVersion": "HTTP/1.1", "headers": _headers(response.get("headers")), "cookies": [],
            "redirectURL": mask_address(str(response.get("redirectURL") or ""), disguise), "headersSize": -1,
            "bodySize": -1, "content": _content(content if isinstance(content, dict) else {}, disguise),
        },
    }


def _headers(headers: JsonValue) -> list[JsonValue]:
    listed = headers if isinstance(headers, list) else []
    return [{"name": name.lower(), "value": _media_type(one.get("value"))} for one in listed
            if isinstance(one, dict) and isinstance(name := one.get("name"), str) and name.lower() in _HEADERS]


def _media_type(value: JsonValue) -> str:
    kind = str(value or "").partition(";")[0].strip().lower()
    kept = ("text/html", "application/json", "application/pdf", "text/plain", "text/css", "application/javascript",
            "application/xhtml+xml", "image/png", "image/jpeg")
    return kind if kind in kept else "application/octet-stream"


def _content(content: JsonObject, disguise: Disguise) -> JsonObject:
    kind, text = _media_type(content.get("mimeType")), content.get("text")
    text = text if isinstance(text, str) else ""
    if text and content.get("encoding") == "base64":
        try:
            data = b64decode(text)
            if data.startswith(b"%PDF-"):
                return {"size": 0, "mimeType": kind, "encoding": "base64", "text": EMPTY_PDF}
            text = data.decode("utf-8")
        except ValueError:
            text = ""  # a picture: of no use without what is on it
    masked = ""
    if kind == "application/json" or (text and text[0] in "{["):
        try:
            masked = mask_json(text, disguise)
        except ValueError:
            masked = mask_markup(text, disguise)
    elif kind in ("text/html", "application/xhtml+xml"):
        masked = mask_markup(text, disguise)
    return {"size": len(masked), "mimeType": kind, "text": masked}
