"""What the browser answers and tells, as far as it is looked at."""

import msgspec

from config.json_value import JsonObject, JsonValue


class NewTarget(msgspec.Struct, rename="camel"):
    """``Target.createTarget``."""

    target_id: str


class Attached(msgspec.Struct, rename="camel"):
    """``Target.attachToTarget``."""

    session_id: str


class Navigated(msgspec.Struct, rename="camel"):
    """``Page.navigate``."""

    error_text: str = ""


class TargetInfo(msgspec.Struct, rename="camel"):
    """A tab, or another thing that can be debugged."""

    target_id: str
    type: str
    url: str


class Targets(msgspec.Struct, rename="camel"):
    """``Target.getTargets``."""

    target_infos: list[TargetInfo]


class OneTarget(msgspec.Struct, rename="camel"):
    """``Target.getTargetInfo``."""

    target_info: TargetInfo


class RemoteObject(msgspec.Struct):
    """The value of an expression."""

    value: JsonValue = None


class Evaluated(msgspec.Struct, rename="camel"):
    """``Runtime.evaluate``."""

    result: RemoteObject
    exception_details: JsonObject | None = None


class KeptCookies(msgspec.Struct):
    """``Storage.getCookies``."""

    cookies: list[JsonObject]


class Header(msgspec.Struct):
    """One line of an answer's head."""

    name: str
    value: str


class PausedRequest(msgspec.Struct):
    """The request that is held."""

    url: str


class Paused(msgspec.Struct, rename="camel"):
    """``Fetch.requestPaused``: a request, or the answer to one when it has a status or a reason why there is none."""

    request: PausedRequest
    request_id: str
    response_status_code: int | None = None
    response_error_reason: str | None = None
    response_headers: list[Header] | None = None

    @property
    def answered(self) -> bool:
        """Whether the answer is held, not the request."""
        return self.response_status_code is not None or self.response_error_reason is not None
