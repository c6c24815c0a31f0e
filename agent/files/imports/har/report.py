"""What the person is told of a recording: what came out of it, what was left out, what to do with the file."""

from collections import Counter
from dataclasses import dataclass, field

from agent.files.imports.har.model import Found
from agent.files.imports.har.unread_entries import unread_notes
from agent.files.imports.model import Note


@dataclass
class Counts:
    """What keeping a recording did."""

    new_of: Counter[str] = field(default_factory=Counter)
    known: int = 0
    completed: int = 0
    """Payments known by their row alone that now have their detail."""
    heads: int = 0
    """Payments kept by their row alone."""
    unopened: int = 0
    partial: int = 0

    @property
    def new(self) -> int:
        """Everything that was not known."""
        return self.new_of.total()

    def add(self, what: str) -> None:
        """Count something new."""
        self.new_of[what] += 1


def notes(recorded: Found, counts: Counts) -> list[Note]:
    """In the order they are shown."""
    counted = _counted(
        (counts.completed, "paiement complété par son détail", "paiements complétés par leur détail",
         "payment completed by its detail", "payments completed by their detail"),
        (counts.heads, "paiement sans son détail : ouvrez-le pendant l'enregistrement",
         "paiements sans leur détail : ouvrez-les un à un pendant l'enregistrement",
         "payment without its detail: open it while recording",
         "payments without their detail: open each of them while recording"),
        (counts.unopened, "message non ouvert pendant l'enregistrement : non repris",
         "messages non ouverts pendant l'enregistrement : non repris",
         "message not opened while recording: left out", "messages not opened while recording: left out"),
        (recorded.unlisted, "message ouvert sans la liste des messages : non repris",
         "messages ouverts sans la liste des messages : non repris",
         "message opened without the list of messages: left out",
         "messages opened without the list of messages: left out"),
        (counts.partial, "message dont une pièce n'est pas dans l'enregistrement",
         "messages dont une pièce n'est pas dans l'enregistrement",
         "message with a file that was not recorded", "messages with a file that was not recorded"),
        (recorded.unrecorded, "réponse sans contenu : gardez les outils de développement ouverts en enregistrant",
         "réponses sans contenu : gardez les outils de développement ouverts en enregistrant",
         "answer without content: keep the developer tools open while recording",
         "answers without content: keep the developer tools open while recording"),
        (recorded.damaged, "PDF abîmé dans l'enregistrement : non repris, ouvrez-le de nouveau en enregistrant",
         "PDF abîmés dans l'enregistrement : non repris, ouvrez-les de nouveau en enregistrant",
         "PDF that is damaged in the recording: left out, open it again while recording",
         "PDFs that are damaged in the recording: left out, open them again while recording"),
        (len(recorded.papers), "PDF dont aucune page ne dit ce qu'il est : non repris",
         "PDF dont aucune page ne dit ce qu'ils sont : non repris",
         "PDF that no page explains: left out", "PDFs that no page explains: left out"),
        (recorded.signed_out, "page demandée après la fin de la session", "pages demandées après la fin de la session",
         "page asked for after the session had ended", "pages asked for after the session had ended"),
    )
    return [*_new(counts), *unread_notes(recorded), *_dropped(recorded), *([_DELETE] if recorded.visited else []),
            *counted, *([_STAND_IN] if recorded.local else [])]


_KINDS = {
    "payments": (("paiement", "paiements"), ("payment", "payments")),
    "documents": (("document", "documents"), ("document", "documents")),
    "messages": (("message", "messages"), ("message", "messages")),
    "profile": (("fiche personnelle", "fiches personnelles"), ("personal details", "personal details")),
}


def _new(counts: Counts) -> list[Note]:
    """What the number of new things is made of."""
    if not counts.new:
        return []
    said: tuple[list[str], list[str]] = ([], [])
    for what, forms in _KINDS.items():
        if number := counts.new_of[what]:
            for words, (single, more) in zip(said, forms, strict=True):
                words.append(f"{number} {single if number == 1 else more}")
    return [Note(f"Nouveau : {', '.join(said[0])}.", f"New: {', '.join(said[1])}.")]


_STAND_IN = Note("Ces réponses viennent d'un service d'essai de cette machine, pas de l'Assurance maladie.",
                 "These answers are of a stand-in on this machine, not of the health insurance.")
_DELETE = Note("Supprimez maintenant ce fichier HAR : il contient votre mot de passe.",
               "Delete that HAR file now: it holds your password.")


def _dropped(recorded: Found) -> list[Note]:
    dropped = recorded.dropped
    return _counted(
        (dropped.sign_in, "requête de la connexion, avec votre mot de passe, écartée",
         "requêtes de la connexion, avec votre mot de passe, écartées",
         "request of the sign-in, with your password, was dropped",
         "requests of the sign-in, with your password, were dropped"),
        (dropped.cookies, "échange débarrassé de ses cookies",
         "échanges débarrassés de leurs cookies",
         "exchange stripped of its cookies", "exchanges stripped of their cookies"),
        (dropped.bodies, "formulaire envoyé, écarté", "formulaires envoyés, écartés",
         "form that was sent was dropped", "forms that were sent were dropped"),
        (dropped.tokens, "jeton de session écarté", "jetons de session écartés",
         "session token was dropped", "session tokens were dropped"),
        (dropped.elsewhere, "requête vers d'autres sites, écartée",
         "requêtes vers d'autres sites, écartées",
         "request to other sites was dropped", "requests to other sites were dropped"),
    )


def _counted(*rows: tuple[int, str, str, str, str]) -> list[Note]:
    """A note a row that counts anything: how many, then the words for one and for more in French and in English."""
    return [_count(*row) for row in rows if row[0]]


def _count(number: int, one_fr: str, more_fr: str, one_en: str, more_en: str) -> Note:
    return Note(f"{number} {one_fr if number == 1 else more_fr}.", f"{number} {one_en if number == 1 else more_en}.")
