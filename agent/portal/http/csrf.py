"""The anti-forgery token ``_ct``: asked once per page view, refreshed once when it is refused."""

import re
from collections.abc import Awaitable, Callable

from agent.portal.errors import PortalChanged
from agent.portal.http.client import Reply
from agent.portal.pages.selectors import TokenAnswer

_VALUE = re.compile(r"[\x21-\x7e]{1,200}")


class Csrf:
    """Holds the newest token. ``fetch`` asks the service and returns its answer."""

    def __init__(self, fetch: Callable[[], Awaitable[Reply]], token: str | None = None) -> None:
        self.token = token
        self._fetch = fetch

    def drop(self) -> None:
        """Forget the token: a page was viewed, or it was refused."""
        self.token = None

    async def get(self) -> str:
        """The token, asked for when there is none. Raises PortalChanged when the answer holds none."""
        if self.token is None:
            self.token = read_token(await self._fetch())
        return self.token


def read_token(reply: Reply) -> str:
    """The token in the answer ``_ct:<value>``: all that follows the first colon."""
    if reply.status != 200 or (reply.is_html and reply.body.lstrip()[:1] == b"<"):
        raise PortalChanged(page=TokenAnswer.page, missing=TokenAnswer.mark)
    name, colon, value = reply.body[:1000].decode("utf-8", "replace").partition(":")
    if not colon or name.strip() != TokenAnswer.mark.rstrip(":") or not _VALUE.fullmatch(value.strip()):
        raise PortalChanged(page=TokenAnswer.page, missing=TokenAnswer.mark)
    return value.strip()
