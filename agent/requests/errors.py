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


class AnswersMissing(AmeliError):
    """A letter of a draft whose answers do not hold yet."""

    code = "answers_missing"
    http_status = 409
    fr = "Ce brouillon n'est pas encore une lettre : réponses manquantes ou à corriger : {fields}."
    en = "This draft is no letter yet: answers missing or to correct: {fields}."
    hint_fr = "Complétez le brouillon, dans les écrans ou par « ameli procedures start » ; les pièces peuvent attendre."
    hint_en = "Complete the draft, on the screens or by `ameli procedures start`; papers can wait."


class NotAttached(AmeliError):
    """A file to take off a draft that does not have it."""

    code = "not_attached"
    http_status = 404
    fr = "Ce brouillon n'a pas cette pièce. Pièces jointes : {known}."
    en = "This draft has no such paper. Attached: {known}."
    hint_fr = "Donnez le nom de la pièce, et avec --file celui du fichier."
    hint_en = "Give the paper's name, and with --file that of the file."


class EmptyMessage(AmeliError):
    """A message without subject or text."""

    code = "empty_message"
    http_status = 422
    fr = "Un message a un objet (200 caractères au plus) et un texte (20 000 au plus)."
    en = "A message has a subject (200 characters at most) and a text (20,000 at most)."
    hint_fr = "Ajoutez ce qui manque ; rien n'a été envoyé."
    hint_en = "Add what is missing; nothing was sent."


class BadDay(AmeliError):
    """A day on which nothing can have been sent."""

    code = "bad_day"
    http_status = 422
    fr = "Le {day} n'est pas possible : un envoi se note le jour même ou après coup, et pas avant le {first}."
    en = "{day} is not possible: what you sent is noted that day or later, and not before {first}."
    hint_fr = "Donnez le jour de l'envoi, AAAA-MM-JJ."
    hint_en = "Give the day you sent it, YYYY-MM-DD."


class BadReference(AmeliError):
    """No reference of a request."""

    code = "bad_reference"
    http_status = 422
    fr = "Une référence a de 6 à 40 lettres, chiffres ou tirets ; ici « {reference} »."
    en = "A reference has 6 to 40 letters, digits or hyphens; here “{reference}”."
    hint_fr = "Recopiez-la de l'accusé de réception, ou laissez-la de côté."
    hint_en = "Copy it from the acknowledgement, or leave it out."
