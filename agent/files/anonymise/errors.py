"""Why no anonymised copy is made."""

from agent.errors import AmeliError


class NotAnonymised(AmeliError):
    """The file is of a kind, or in a state, of which no safe copy can be made."""

    code = "not_anonymised"
    http_status = 422
    fr = "Pas de copie anonymisée de « {name} » : {why_fr}."
    en = "No anonymised copy of “{name}”: {why_en}."
    hint_fr = "{do_fr}."
    hint_en = "{do_en}."


def unknown_kind(name: str) -> NotAnonymised:
    """Not one of the kinds that are known."""
    return NotAnonymised(
        name=name, why_fr="ce n'est ni un PDF, ni du HTML, ni du JSON, ni une session (HAR), ni un fichier de banque",
        why_en="it is neither a PDF, an HTML page, JSON, a recorded session (HAR) nor a bank's file",
        do_fr="Vérifiez que c'est bien le fichier téléchargé", do_en="Check that it is the file as it was downloaded")


def damaged(name: str) -> NotAnonymised:
    """It says what it is, and does not hold it."""
    return NotAnonymised(
        name=name, why_fr="le fichier est abîmé ou protégé", why_en="the file is damaged or protected",
        do_fr="Ouvrez-le pour vérifier, puis enregistrez-le de nouveau", do_en="Open it to check, then save it anew")


def no_text(name: str) -> NotAnonymised:
    """A PDF made of pictures: what is in them cannot be told apart."""
    return NotAnonymised(
        name=name, why_fr="ce PDF n'a pas de texte, seulement des images", why_en="this PDF has no text, only pictures",
        do_fr="Décrivez sa mise en page avec vos mots", do_en="Describe its layout in your own words")


def leaking(name: str) -> NotAnonymised:
    """The copy was looked over before it was handed out, and something of the original was found in it."""
    return NotAnonymised(
        name=name, why_fr="un mot de l'original restait dans la copie, qui a été détruite",
        why_en="a word of the original was left in the copy, which was destroyed",
        do_fr="Relancez, et signalez-le si cela se répète", do_en="Try again, and report it if it happens again")
