"""What the service says instead of the data: screens in between, sentences at sign-in. Each becomes one error."""

from typing import Literal

from agent.errors import AmeliError
from agent.portal.errors import (
    AccountLocked,
    BadNumber,
    DirectLoginOff,
    EmailToConfirm,
    Outage,
    OutageOrUnknownNumber,
    PasswordExpired,
    TooManyCodes,
    WrongPassword,
    WrongScheme,
)
from agent.portal.http.client import Reply
from agent.portal.pages.html import Tree, first, shown, text
from agent.portal.pages.parsing import quotable
from agent.portal.pages.selectors import Interstitials, LoginPage, SessionMarks
from config.fold import fold

Screen = Literal["conditions", "alert", "later"]
"""A screen in between that does not always keep one from going on."""

_SENTENCES: tuple[tuple[str, type[AmeliError]], ...] = (
    ("compte ameli verrouille", AccountLocked),
    ("compte bloque", AccountLocked),
    ("acces a votre compte ameli est bloque", AccountLocked),
    ("commander un nouveau code depuis la page de connexion", AccountLocked),
    ("nombre maximum de demandes de code", TooManyCodes),
    ("ne dependez plus du regime general", WrongScheme),
    ("cliquez sur franceconnect et utilisez vos identifiants ameli", DirectLoginOff),
    ("numero de securite sociale doit contenir des chiffres", BadNumber),
    ("bad username", BadNumber),
    ("code personnel ne correspondent pas", WrongPassword),
    ("mot de passe ne correspondent pas", WrongPassword),
    ("informations saisies sont erronees", WrongPassword),
    ("mot de passe saisi est incorrect", WrongPassword),
    ("service momentanement indisponible", OutageOrUnknownNumber),
    ("compte ameli est momentanement indisponible", Outage),
)
"""Part of the sentence, without capitals and accents, and what it means. The first that fits wins."""


def known_sentence(said: str) -> type[AmeliError] | None:
    """The error that a sentence of the sign-in pages stands for, if it is known."""
    folded = _fold(said)
    return next((error for part, error in _SENTENCES if part in folded), None)


def alerts(tree: Tree) -> list[str]:
    """The visible alerts of a sign-in page, as text fit to be quoted."""
    texts = []
    for selector in LoginPage.alerts:
        for node in tree.css(selector):
            said = quotable(text(first(node, "span") or node)) or quotable(text(node))
            if said and shown(node) and said not in texts:
                texts.append(said)
    return texts


def sign_in_closed(tree: Tree) -> bool:
    """The number-and-password form is closed and people are sent to FranceConnect."""
    return any(known_sentence(text(node)) is DirectLoginOff for node in LoginPage.closed.all(tree) if shown(node))


def screen(reply: Reply, tree: Tree) -> Screen | None:
    """Which screen in between a page is, if any.

    Raises PasswordExpired or EmailToConfirm, which nobody can pass without the person, and Outage.
    """
    if any(mark in reply.url or mark.encode() in reply.body for mark in Interstitials.password_marks):
        raise PasswordExpired
    if Interstitials.email_label in reply.url:
        raise EmailToConfirm
    if (said := SessionMarks.outage.find(tree)) is not None and known_sentence(text(said)) is not None:
        raise Outage
    if Interstitials.conditions_label in reply.url or Interstitials.conditions.find(tree) is not None:
        return "conditions"
    if Interstitials.alert_label in reply.url:
        return "alert"
    if Interstitials.later.find(tree) is not None:
        return "later"
    return None


def conditions_waiting(reply: Reply) -> bool:
    """The page tells that new terms wait for the person, though it may be used."""
    return Interstitials.conditions_flag.encode() in reply.body


def _fold(said: str) -> str:
    return " ".join(fold(said).split())
