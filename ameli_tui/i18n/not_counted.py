"""What an answer leaves out, in words: what was not counted is said, with what makes it count."""

from __future__ import annotations

from ameli_tui.i18n import _, spoken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agent.protocol.money import LeavesOut, NotCounted
    from agent.protocol.process import Status


def left_out(answer: LeavesOut, *parts: str, whole: bool = False) -> list[NotCounted]:
    """What an answer does not count of ``parts``; ``whole``: only what leaves out all of a part."""
    return [reason for reason in answer["not_counted"]
            if reason["part"] in parts and not (whole and reason["partly"])]


def with_command(reason: NotCounted) -> str:
    """The sentence, and the command that makes it count."""
    text, command = spoken(reason["text_fr"], reason["text_en"]), reason["cure"]
    return _("{text} `{command}` changes that.").format(text=text, command=command) if command else text


def with_key(reason: NotCounted, *, here: bool = False) -> str:
    """The sentence, and the key that makes it count; ``here``: on the screen of what is owed, which has ``c``."""
    hint = {
        "no_contract": _("c notes it.") if here else _("7, then c, notes it."),
        "before_contract": _("c changes it.") if here else _("7, then c, changes it."),
        "after_contract": _("c changes it.") if here else _("7, then c, changes it."),
        "no_bank_file": _("1, then i, brings one in."),
        "days_not_covered": _("1, then i, brings more in."),
        "before_known": _("1, then i, brings them in."),
        "since_known": _("1, then i, brings older statements in."),
        "no_account": _("1, then a, signs in."),
        "nothing_read": _("s looks now."),
        "detail_not_read": _("s looks now."),
    }.get(reason["why"], "")
    text = spoken(reason["text_fr"], reason["text_en"])
    return f"{text} {hint}".strip()


def empty_list(status: Status, empty: str) -> str:
    """What an empty list says: ``empty``, unless nothing was read from the account yet."""
    if status.get("last_sync"):
        return empty
    if not status.get("account", True):
        return _("No account yet: press c on the Agent screen.")
    return _("Nothing was read from the account yet: s looks now.") if "last_sync" in status else empty
