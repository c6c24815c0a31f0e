"""How long a passphrase would be searched for: a rough figure that rewards length, for a hint while typing."""

from math import log2

from ameli_tui.i18n import _


def bits(passphrase: str) -> float:
    """A careful guess of the passphrase's bits: repeated signs and runs like "1234" count little."""
    pool = 0
    pool += 26 if any(sign.islower() for sign in passphrase) else 0
    pool += 26 if any(sign.isupper() for sign in passphrase) else 0
    pool += 10 if any(sign.isdigit() for sign in passphrase) else 0
    pool += 20 if any(not sign.isalnum() for sign in passphrase) else 0
    telling = sum(
        1 for before, sign in zip("\0" + passphrase, passphrase, strict=False) if abs(ord(sign) - ord(before)) > 1)
    # Letters of words follow each other by rules: about half of what random ones would give.
    share = 0.5 if passphrase.replace(" ", "").replace("-", "").isalpha() else 0.75
    return telling * log2(pool) * share if pool else 0.0


def advice(passphrase: str, least: int) -> tuple[str, str]:
    """What to say while it is typed, and its colour. The word says it, the colour only repeats it."""
    if len(passphrase) < least:
        return _("Too short: at least {n} characters.").format(n=least), "bold $error"
    strength = bits(passphrase)
    if strength < 35:
        return "▪▫▫ " + _("Weak: add a word or two."), "bold $warning"
    if strength < 55:
        return "▪▪▫ " + _("Fair: one more word makes it strong."), "$accent"
    return "▪▪▪ " + _("Strong."), "bold $success"
