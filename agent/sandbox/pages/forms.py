"""Posted forms: url-encoded as programs send them, multipart as a page's ``FormData`` does."""

from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.requests import Request

_LIMIT = 2_000_000


async def posted(request: Request) -> dict[str, str]:
    """The form's fields; of two with one name the last that is not empty wins. An oversized body is cut."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LIMIT:
            break
    kind = request.headers.get("content-type", "")
    if kind.lower().startswith("multipart/form-data"):
        pairs = _multipart(kind, bytes(body))
    else:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    fields: dict[str, str] = {}
    for name, value in pairs:
        if value or name not in fields:
            fields[name] = value
    return fields


def _multipart(kind: str, body: bytes) -> list[tuple[str, str]]:
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
    pairs = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            pairs.append((name, content.decode("utf-8", "replace")))
    return pairs
