"""What is said, in both languages and both levels of detail."""

from collections.abc import Mapping

TITLE = "ameli"
_KINDS = {
    "payments": {"fr": ("un nouveau paiement", "{n} nouveaux paiements"), "en": ("a new payment", "{n} new payments")},
    "documents": {
        "fr": ("un nouveau document", "{n} nouveaux documents"), "en": ("a new document", "{n} new documents"),
    },
    "messages": {"fr": ("un nouveau message", "{n} nouveaux messages"), "en": ("a new message", "{n} new messages")},
    "imports": {"fr": ("un fichier importé", "{n} fichiers importés"), "en": ("a file imported", "{n} files imported")},
    "requests": {
        "fr": ("une démarche qui avance", "{n} démarches qui avancent"),
        "en": ("progress on a request", "progress on {n} requests"),
    },
}
_COUNT = {"fr": ("1 nouvel élément", "{n} nouveaux éléments"), "en": ("1 new item", "{n} new items")}
_CLOSE = {
    "fr": ("Une échéance approche : ouvrez ameli.", "{n} échéances approchent : ouvrez ameli."),
    "en": ("A deadline comes close: open ameli.", "{n} deadlines come close: open ameli."),
}
_PERSON = {
    "fr": "Le compte demande votre attention : ouvrez ameli.",
    "en": "Your account needs your attention: open ameli.",
}
_BACKUP = {
    "fr": "La sauvegarde n'a pas pu être faite : ouvrez ameli.",
    "en": "The backup could not be made: open ameli.",
}
_TEST = {
    "fr": "Ceci est un essai : les avis d'ameli arrivent ici.",
    "en": "This is a test: notices of ameli arrive here.",
}
_OPEN = {"fr": "Ouvrir", "en": "Open"}


def news_text(counts: Mapping[str, int], detail: str, lang: str) -> str:
    """One sentence for all that is new; empty when nothing is. ``detail`` is ``count`` or ``kind``."""
    new = {kind: number for kind, number in counts.items() if number > 0}
    if not new:
        return ""
    if detail == "count" or not new.keys() <= _KINDS.keys():
        return _number(_COUNT[lang], sum(new.values()))
    parts = [_number(_KINDS[kind][lang], number) for kind, number in new.items()]
    text = ", ".join(parts)
    return text[0].upper() + text[1:]


def close_text(count: int, lang: str) -> str:
    """Deadlines come close; which ones is said in the screens."""
    return _number(_CLOSE[lang], count)


def person_text(lang: str) -> str:
    """The account waits for the person; why is said in the screens."""
    return _PERSON[lang]


def backup_text(lang: str) -> str:
    """A backup failed; why is said in the screens."""
    return _BACKUP[lang]


def trial_text(lang: str) -> str:
    """Nothing has happened: the person tries whether they are reached."""
    return _TEST[lang]


def open_text(lang: str) -> str:
    """The button of a notice."""
    return _OPEN[lang]


def _number(forms: tuple[str, str], number: int) -> str:
    return forms[0] if number == 1 else forms[1].format(n=number)
