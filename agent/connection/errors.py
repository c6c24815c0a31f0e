"""Why the agent does not sign in by itself, and what the person can do."""


from agent.errors import AmeliError, NeedsPerson, ServiceTrouble, TryLater
from agent.protocol.problems import Problem


class NoAccount(NeedsPerson):
    """No number is known yet."""

    code = "no_account"
    http_status = 409
    fr = "Aucun compte n'est encore connu."
    en = "No account is known yet."
    hint_fr = "Lancez « ameli login »."
    hint_en = "Run `ameli login`."


class SignedOutHereOnly(ServiceTrouble):
    """Number and password are forgotten, and the service could not be told that the session ends."""

    code = "signed_out_here_only"
    http_status = 502
    fr = "Le numéro et le mot de passe sont oubliés ici ; le service, lui, n'a pas pu être prévenu : {why_fr}"
    en = "Number and password are forgotten here; the service could not be told, though: {why_en}"
    hint_fr = "Il n'y a rien à refaire : la session y finit d'elle-même."
    hint_en = "Nothing is left to do: the session there ends by itself."


class PasswordNeeded(NeedsPerson):
    """The session ended and the person chose not to keep the password."""

    code = "password_needed"
    http_status = 409
    fr = "La session du compte est finie et le mot de passe n'est pas gardé."
    en = "The account session has ended and the password is not kept."
    hint_fr = "Lancez « ameli login » et donnez votre mot de passe."
    hint_en = "Run `ameli login` and give your password."


class SignInTooSoon(ServiceTrouble, TryLater):
    """The session ended again within the hour; signing in at each run would look like an attack."""

    code = "sign_in_too_soon"
    http_status = 429
    fr = "La session du compte vient déjà d'être renouvelée ; l'agent attend avant de se reconnecter."
    en = "The account session was renewed a short while ago; the agent waits before signing in again."
    hint_fr = "Attendez {minutes} min, ou lancez « ameli login » pour vous reconnecter maintenant."
    hint_en = "Wait {minutes} min, or run `ameli login` to sign in now."

    def __init__(self, *, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(minutes=max(1, round(retry_after / 60)))


class NoSignInPending(NeedsPerson):
    """A code was given but no sign-in waits for one."""

    code = "no_sign_in_pending"
    http_status = 409
    fr = "Aucune connexion n'attend de code : elle a expiré ou n'a pas commencé."
    en = "No sign-in is waiting for a code: it expired or was not started."
    hint_fr = "Lancez « ameli login » pour recevoir un nouveau code."
    hint_en = "Run `ameli login` to receive a new code."


class Refused(NeedsPerson):
    """The breaker is tripped: these credentials were refused, and only the person can change that."""

    http_status = 409

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.facts = {}
        Exception.__init__(self, problem["code"])

    def message(self, lang: str) -> str:
        """The reason recorded when the service refused."""
        return self._problem["message"]["fr" if lang == "fr" else "en"]

    def hint(self, lang: str) -> str:
        """The cure recorded then."""
        return self._problem["hint"]["fr" if lang == "fr" else "en"]

    def problem(self) -> Problem:
        """The recorded problem, unchanged."""
        return self._problem.copy()


class NoRecording(AmeliError):
    """The recorded session of the settings cannot be opened."""

    code = "no_recording"
    http_status = 424
    fr = "La session enregistrée des réglages ne s'ouvre pas : {why}."
    en = "The recorded session of the settings does not open: {why}."
    hint_fr = "Donnez son chemin : ameli config set portal.recording FICHIER.har."
    hint_en = "Give its path: ameli config set portal.recording FILE.har."


class OnlyRecorded(AmeliError):
    """Nobody signs in to a recording."""

    code = "only_recorded"
    http_status = 409
    fr = "Les réglages font répondre une session enregistrée : il n'y a personne à qui se connecter."
    en = "The settings have a recorded session answer: there is nobody to sign in to."
    hint_fr = "Choisissez une autre voie : ameli config set portal.transport direct (ou browser)."
    hint_en = "Choose another way: ameli config set portal.transport direct (or browser)."
