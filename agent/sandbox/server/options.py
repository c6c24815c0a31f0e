"""Every switch of the stand-in. Defaults: the service as it was last seen; each option plays another recorded trait."""

from dataclasses import asdict, dataclass, fields
from typing import Literal, get_args, get_origin, get_type_hints

from agent.sandbox.errors import BadOption
from config.json_value import ReadOnlyJsonObject

OptionValue = bool | int | str

_TRUE = {"on", "true", "yes", "1"}
_FALSE = {"off", "false", "no", "0", ""}


@dataclass(slots=True)
class SandboxOptions:
    """What the service does. Changed while it runs through ``POST /_sandbox/options``."""

    otp: bool = True
    """Ask for a one-time code unless the device is trusted."""
    otp_field: Literal["six", "one"] = "six"
    """Six one-digit boxes, or one field of six digits."""
    otp_minutes: int = 15
    """How long a code is good for."""
    otp_requests: int = 5
    """Codes one may ask for before the account refuses to send more."""
    trust_days: int = 180
    """How long a trusted device stays so."""
    wrong_pair: Literal["at-once", "after-code"] = "at-once"
    """When a wrong password is announced."""
    lock_after: int = 3
    """Wrong passwords that lock the account."""
    unknown_number: Literal["unavailable", "wrong-pair"] = "unavailable"
    """What is said of a number that has no account: the service calls itself unavailable."""
    login: Literal["oidc", "legacy"] = "oidc"
    """The identity host's form, or the portal's own form of before June 2023."""
    direct_login: bool = True
    """Off: the form is closed for maintenance and people are sent to FranceConnect."""
    ids: Literal["2026", "2023"] = "2026"
    """Ids of the two visible login inputs."""
    form_id: Literal["both", "2023", "2025"] = "both"
    """Id of the login form: ``connexioncompte_2connexionCompteForm``, or ``lformLogin`` by which programs of October
    2025 find it; ``both`` keeps the former and adds an inert copy under the latter."""
    banner: Literal["both", "wa", "cookie", "off"] = "both"
    """Consent banner: buttons ``#idWA*``, ``#*Cookie``, either id, or no banner."""
    end: Literal["location", "link"] = "location"
    """End of the login: a 303 with ``Location`` and a link, or with the link only."""
    interstitial: Literal["none", "cgu", "alerte", "mail", "newpassword", "plustard"] = "none"
    """What stands between a good login and the data."""
    campaign: bool = False
    """A campaign pop-up on the home page."""
    secure_cookies: Literal["auto", "on", "off"] = "auto"
    """``Secure`` on cookies: when the origin is https, always, never. Over plain http a client drops secure cookies."""
    explicit_port: bool = False
    """Write the port in generated links even when it is the scheme's own (``https://assure.ameli.fr:443/``)."""
    session_seconds: int = 1800
    """Life of the sessions, counted from the login."""
    expired_rest: Literal["redirect", "401"] = "redirect"
    """Answer of the REST to an ended session."""
    waf: Literal["off", "no-browser", "headless", "on", "strict"] = "off"
    """Whom the firewall refuses: nobody, plain programs, headless browsers, both; ``strict`` also a program that only
    calls itself a browser and does not send what every browser does."""
    waf_status: int = 403
    """HTTP status of the firewall's page (200 or 403)."""
    outage: bool = False
    """The portal sends everybody to its outage page."""
    ct: Literal["recorded", "strict", "off"] = "recorded"
    """Anti-forgery token of ``paiements.do``. ``recorded``: required, save for the two first list calls that published
    programs make without one (``Rechercher``; the dateless first call) before they ever ask for a token."""
    ct_refusal: Literal["403", "redirect"] = "403"
    """Answer to a missing or stale token: 403 and nothing, or a redirect to an address that contains ``error``."""
    html: Literal["2019", "2018"] = "2019"
    """``paiements.do`` answers JSON (since 2019) or bare HTML (2018)."""
    window_months: int = 6
    """How far back the payments page goes; 0 shows the whole history."""
    order: Literal["newest", "oldest"] = "newest"
    """Order of months and rows."""
    amount_space: Literal["plain", "nbsp", "narrow"] = "plain"
    """Space before the euro sign: U+0020, U+00A0 or U+202F."""
    thousands: bool = False
    """Separate thousands with that same space."""
    minus: Literal["hyphen", "minus"] = "hyphen"
    """Sign of negative amounts: ``-`` or U+2212."""
    month_form: Literal["short", "long", "plain"] = "short"
    """Month of a row: ``oct.``, ``octobre`` or ``oct``."""
    pdf_link: Literal["row", "detail", "nohref"] = "row"
    """Where the décompte's link is: in the row, only in the detail, or in the row but without address."""
    detail_dates: bool = True
    """Off: care lines bear no date."""
    payment_ids: int = 0
    """Raising it changes the opaque id of every payment, as happened in August 2020."""
    unstable_ids: bool = False
    """Statement tokens change at each call."""
    retention: int = 27
    """Months of statements kept."""
    statements: Literal["both", "2025", "2023"] = "both"
    """Markup of the older statements page; ``both`` answers the programs of either period."""
    profile: Literal["both", "2025", "2023"] = "both"
    """Markup of the personal details page."""
    procedures: bool = True
    """Off: no service takes requests (404), as on the real portal, where nobody has published one."""

    def set(self, name: str, value: object) -> None:
        """Change one option by name (``unstable-ids`` or ``unstable_ids``) from text or a JSON value.

        Raises BadOption when there is no such option or the value is not one of its own.
        """
        key = name.strip().replace("-", "_")
        if key not in _KINDS:
            raise BadOption(name=name, allowed=", ".join(sorted(_KINDS)))
        setattr(self, key, _convert(key, value))

    def update(self, changes: ReadOnlyJsonObject) -> None:
        """Change several options; none is changed when one is wrong."""
        copy = SandboxOptions(**asdict(self))
        for name, value in changes.items():
            copy.set(name, value)
        for field in fields(self):
            setattr(self, field.name, getattr(copy, field.name))


_KINDS = get_type_hints(SandboxOptions)


def _convert(key: str, value: object) -> OptionValue:
    kind = _KINDS[key]
    text = str(value).strip()
    if get_origin(kind) is Literal:
        allowed = get_args(kind)
        if text not in allowed:
            raise BadOption(name=key, allowed=", ".join(allowed))
        return text
    if kind is bool:
        if isinstance(value, bool):
            return value
        if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        raise BadOption(name=key, allowed="on, off")
    if not text.lstrip("-").isdigit():
        raise BadOption(name=key, allowed="a whole number")
    return int(text)
