"""Why a recording is not taken in, though it could be read."""

from agent.errors import AmeliError


class NothingRecorded(AmeliError):
    """A recording without any page that is read here."""

    code = "nothing_recorded"
    http_status = 422
    fr = "Cette session enregistrée ne contient aucune page du compte ameli qui soit lue ici."
    en = "This recorded session holds no page of the ameli account that is read here."
    hint_fr = ("Ouvrez les outils de développement avant vos paiements, ouvrez chaque paiement, puis enregistrez le "
               "HAR avec le contenu des réponses.")
    hint_en = ("Open the developer tools before your payments, open each payment, then save the HAR with the "
               "content of the answers.")


class ForeignRecording(AmeliError):
    """A recording of other sites."""

    code = "foreign_recording"
    http_status = 422
    fr = "Cette session enregistrée n'est pas celle d'un compte ameli."
    en = "This recorded session is not of an ameli account."
    hint_fr = "Choisissez l'enregistrement fait sur assure.ameli.fr."
    hint_en = "Choose the recording made on assure.ameli.fr."


class OtherAccount(AmeliError):
    """The recording is of somebody else's account."""

    code = "other_account"
    http_status = 422
    fr = "Cette session enregistrée est celle d'un autre compte ameli : rien n'en a été pris."
    en = "This recorded session is of another ameli account: nothing of it was taken."
    hint_fr = "Un coffre garde un seul compte. Donnez à l'autre le sien : AMELI_HOME=AUTRE_DOSSIER ameli."
    hint_en = "A vault keeps one account. Give the other one its own: AMELI_HOME=OTHER_FOLDER ameli."


class SeveralAccounts(AmeliError):
    """Two people signed in while it was recorded: nothing tells their payments apart."""

    code = "several_accounts"
    http_status = 422
    fr = "Cette session enregistrée mêle plusieurs comptes ameli : rien n'en a été pris."
    en = "This recorded session mixes several ameli accounts: nothing of it was taken."
    hint_fr = "Enregistrez une session par compte."
    hint_en = "Record one session for each account."


class StandInRecording(AmeliError):
    """Invented payments would join real ones."""

    code = "stand_in_recording"
    http_status = 422
    fr = "Cette session enregistrée vient d'un service d'essai de cette machine, et ce coffre garde un vrai compte."
    en = "This recorded session is of a stand-in on this machine, and this vault keeps a real account."
    hint_fr = "Importez-la dans une démonstration : ameli demo."
    hint_en = "Import it into a demo: ameli demo."
