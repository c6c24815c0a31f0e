"""What can go wrong with a request."""

from agent.errors import AmeliError


class NotNow(AmeliError):
    """A request is not in a state in which that can be done."""

    code = "not_now"
    http_status = 409
    fr = "Cette demande est « {status} » : ce n'est plus, ou pas encore, possible."
    en = "This request is “{status}”: that is no longer, or not yet, possible."
    hint_fr = "« ameli procedures request ID » montre où elle en est."
    hint_en = "`ameli procedures request ID` shows where it stands."


class BadPaper(AmeliError):
    """A file that cannot be attached."""

    code = "bad_paper"
    http_status = 422
    fr = "{reason_fr}"
    en = "{reason_en}"
    hint_fr = "Choisissez un autre fichier ; rien n'a été envoyé."
    hint_en = "Choose another file; nothing was sent."


class NoSuchPaper(AmeliError):
    """The procedure asks for no such paper."""

    code = "no_such_paper"
    http_status = 404
    fr = "La démarche ne demande pas de pièce « {name} ». Pièces possibles : {known}."
    en = "The procedure asks for no paper “{name}”. Possible papers: {known}."
    hint_fr = "« ameli procedures show NOM » les liste."
    hint_en = "`ameli procedures show NAME` lists them."


class EmptyMessage(AmeliError):
    """A message without subject or text."""

    code = "empty_message"
    http_status = 422
    fr = "Un message a un objet (200 caractères au plus) et un texte (20 000 au plus)."
    en = "A message has a subject (200 characters at most) and a text (20,000 at most)."
    hint_fr = "Ajoutez ce qui manque ; rien n'a été envoyé."
    hint_en = "Add what is missing; nothing was sent."
