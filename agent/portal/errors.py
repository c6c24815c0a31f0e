"""Everything the account service can answer besides the data, each told once: what happened and what to do.

Facts never hold an address, an identifier or a password; text quoted from the service has its digits masked.
"""

from typing import Literal

from agent.errors import AmeliError, NeedsPerson, ServiceTrouble, TryLater
from agent.portal.changes.page_names import in_lang


class OnPage(AmeliError):
    """An error of one page, which it names."""

    def message(self, lang: str) -> str:
        """What happened, the page named in that language."""
        names = {key: in_lang(fact, lang) if isinstance(fact, str) else fact for key, fact in self.facts.items()}
        return (self.fr if lang == "fr" else self.en).format(**names)

    def __str__(self) -> str:
        return self.message("en")


class Unreachable(ServiceTrouble):
    """No answer: no network, name not found, TLS refused, or the time is up."""

    code = "unreachable"
    http_status = 502
    fr = "Le service du compte ameli ne répond pas ({reason_fr})."
    en = "The ameli account service does not answer ({reason_en})."
    hint_fr = "Vérifiez votre connexion à Internet, puis relancez."
    hint_en = "Check your Internet connection, then try again."

    def __init__(self, *, reason: Literal["timeout", "connect", "dropped", "tls"]) -> None:
        self.reason = reason
        reason_fr, reason_en = {
            "timeout": ("délai dépassé", "time is up"),
            "connect": ("connexion impossible", "cannot connect"),
            "dropped": ("connexion coupée", "connection cut"),
            "tls": ("son certificat n'est pas valable", "its certificate is not valid"),
        }[reason]
        super().__init__(reason=reason, reason_fr=reason_fr, reason_en=reason_en)


class InsecureAddress(AmeliError):
    """The settings name an address without encryption, on another machine."""

    code = "insecure_address"
    fr = "L'adresse du service dans les réglages n'est pas chiffrée (https) : rien n'a été envoyé."
    en = "The service's address in the settings is not encrypted (https): nothing was sent."
    hint_fr = "Corrigez « base_url » et « identity_url » sous [portal] dans les réglages."
    hint_en = "Correct `base_url` and `identity_url` under [portal] in the settings."


class Outage(ServiceTrouble):
    """The service says that it is down."""

    code = "outage"
    http_status = 502
    fr = "Le compte ameli est momentanément indisponible, d'après le service lui-même."
    en = "The ameli account is out of service for the moment, as the service itself says."
    hint_fr = "Rien à faire de votre côté : réessayez plus tard."
    hint_en = "Nothing to do on your side: try again later."


class OutageOrUnknownNumber(Outage):
    """At sign-in the service says the same of an outage and of a number that has no account."""

    code = "outage_or_unknown_number"
    fr = "Le service se dit momentanément indisponible ; il répond aussi cela à un numéro qui n'a pas de compte."
    en = "The service says it is out of service for the moment; it says so too of a number that has no account."
    hint_fr = "Vérifiez le numéro de sécurité sociale (13 caractères), sinon réessayez plus tard."
    hint_en = "Check the social security number (13 characters), else try again later."


class ServerFault(OnPage, ServiceTrouble, TryLater):
    """An answer 5xx, or an error page where data was asked for."""

    code = "server_fault"
    http_status = 502
    fr = "Le service a répondu par une erreur ({status}) à la page « {page} »."
    en = "The service answered the page “{page}” with an error ({status})."
    hint_fr = "C'est une panne du service : réessayez plus tard."
    hint_en = "This is a fault of the service: try again later."

    def __init__(self, *, status: int, page: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(status=status, page=page)

    @property
    def moved(self) -> bool:
        """The page is not at its address any more, or not for us: a 4xx does not pass by itself."""
        status = self.facts["status"]
        return isinstance(status, int) and 400 <= status < 500

    def hint(self, lang: str) -> str:
        """A breakdown passes; a page that moved must be looked for."""
        if not self.moved:
            return super().hint(lang)
        return ("La page a peut-être changé d'adresse : « ameli doctor » le dit." if lang == "fr"
                else "The page may have another address now: `ameli doctor` tells.")


class Blocked(ServiceTrouble):
    """The firewall in front of the service refused the request. Never asked again by the program."""

    code = "blocked"
    http_status = 502
    fr = "Le pare-feu du service a refusé ce programme."
    en = "The service's firewall refused this program."
    hint_fr = "Ne relancez pas en boucle. Utilisez votre navigateur pour l'instant ; réessayez dans quelques heures."
    hint_en = "Do not repeat at once. Use your browser for now; try again in a few hours."


class TooManyRequests(ServiceTrouble, TryLater):
    """The service asks to slow down."""

    code = "too_many_requests"
    http_status = 503
    fr = "Le service demande de ralentir : trop de demandes."
    en = "The service asks to slow down: too many requests."
    hint_fr = "Réessayez dans {minutes} min."
    hint_en = "Try again in {minutes} min."

    def __init__(self, *, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(minutes=max(1, round(retry_after / 60)))


class SessionEnded(ServiceTrouble):
    """The session is over. The caller may sign in again, once."""

    code = "session_ended"
    http_status = 502
    fr = "La session du compte est terminée."
    en = "The account session has ended."
    hint_fr = "Lancez « ameli login »."
    hint_en = "Run `ameli login`."


class PortalChanged(OnPage, ServiceTrouble):
    """A page that is not understood. ``page`` names it, ``missing`` says what was looked for."""

    code = "portal_changed"
    http_status = 502
    fr = "La page « {page} » du service n'est pas comme attendu : {missing} introuvable ou inattendu."
    en = "The service's page “{page}” is not as expected: {missing} not found or not as known."
    hint_fr = "Vos données d'ici sont entières. Mettez ameli-tui à jour, ou signalez cette phrase à ses auteurs."
    hint_en = "Your local data is complete. Update ameli-tui, or report this sentence to its authors."

    def __init__(self, *, page: str, missing: str) -> None:
        self.page = page
        self.missing = missing
        super().__init__(page=page, missing=missing)


class RedirectElsewhere(PortalChanged):
    """A link or redirect leads out of the two addresses that the program may talk to."""

    code = "redirect_elsewhere"
    fr = "La page « {page} » renvoie vers une adresse qui n'est pas celle du service : suite refusée."
    en = "The page “{page}” leads to an address that is not the service's: not followed."

    def __init__(self, *, page: str) -> None:
        super().__init__(page=page, missing="redirection interne")


class NoDocument(AmeliError):
    """The service offers no file for this item."""

    code = "no_document"
    exit_code = 1
    http_status = 404
    fr = "Le service ne propose pas de document pour cet élément."
    en = "The service offers no document for this item."
    hint_fr = "Le relevé mensuel contient souvent la même information : « ameli documents »."
    hint_en = "The monthly statement often holds the same information: `ameli documents`."


class CertificateByHand(NeedsPerson):
    """This service gives that certificate to people, not to programs."""

    code = "certificate_by_hand"
    http_status = 409
    fr = "Le service ne remet ce document qu'à une personne, dans son navigateur."
    en = "The service hands this document to a person only, in a browser."
    hint_fr = "Connectez-vous à ameli.fr avec votre navigateur : « Mes démarches », puis « {document} »."
    hint_en = "Sign in to ameli.fr with your browser: « Mes démarches », then « {document} »."


class NothingToCertify(AmeliError):
    """The service has nothing to put on that certificate."""

    code = "nothing_to_certify"
    exit_code = 1
    http_status = 404
    fr = "Le service n'a rien à attester : « {text} »."
    en = "The service has nothing to certify: “{text}”."
    hint_fr = "Essayez une autre période ou une autre année."
    hint_en = "Try another period or another year."


class CertificateRefused(AmeliError):
    """The service does not make that certificate, for a reason it gives."""

    code = "certificate_refused"
    exit_code = 1
    http_status = 400
    fr = "Le service ne fait pas ce document : « {text} »."
    en = "The service does not make this document: “{text}”."
    hint_fr = "Corrigez la période, l'année ou la personne demandée."
    hint_en = "Correct the period, the year or the person asked for."


class UnknownBeneficiary(AmeliError):
    """The service's list of persons has no such name."""

    code = "unknown_beneficiary"
    exit_code = 1
    http_status = 404
    fr = "Cette personne n'est pas dans la liste des bénéficiaires du service."
    en = "This person is not in the service's list of beneficiaries."
    hint_fr = "Les noms connus : « ameli profile »."
    hint_en = "The known names: `ameli profile`."


class BadNumber(NeedsPerson):
    """What was given is not a social security number."""

    code = "bad_number"
    http_status = 409
    fr = "Ce n'est pas un numéro de sécurité sociale : 13 caractères, des chiffres (A ou B pour la Corse)."
    en = "This is not a social security number: 13 characters, digits (A or B for Corsica)."
    hint_fr = "Il est sur votre carte Vitale ; la clé de 2 chiffres est facultative."
    hint_en = "It is on your carte Vitale; the 2-digit key is optional."


class WrongPassword(NeedsPerson):
    """Number and password do not go together."""

    code = "wrong_password"
    http_status = 409
    fr = "Le numéro et le mot de passe ne correspondent pas."
    en = "The number and the password do not match."
    hint_fr = "Rien ne sera réessayé seul : trois erreurs peuvent bloquer le compte. Lancez « ameli login »."
    hint_en = "Nothing will be retried by itself: three mistakes may lock the account. Run `ameli login`."


class SignInRefused(NeedsPerson):
    """The service refused the sign-in in words that are not known."""

    code = "sign_in_refused"
    http_status = 409
    fr = "Le service a refusé la connexion : « {text} »."
    en = "The service refused the sign-in: “{text}”."
    hint_fr = "Connectez-vous une fois avec votre navigateur, puis lancez « ameli login »."
    hint_en = "Sign in once with your browser, then run `ameli login`."


class AccountLocked(NeedsPerson):
    """Too many mistakes: the service locked the account."""

    code = "account_locked"
    http_status = 409
    fr = "Le service a verrouillé le compte après trop d'essais."
    en = "The service locked the account after too many tries."
    hint_fr = "Réinitialisez le mot de passe sur ameli.fr (« mot de passe oublié »), puis lancez « ameli login »."
    hint_en = "Reset the password on ameli.fr (“mot de passe oublié”), then run `ameli login`."


class CodeNeeded(NeedsPerson):
    """The service wants a one-time code, and nobody is there to give it."""

    code = "code_needed"
    http_status = 409
    fr = "Le service demande un code à usage unique."
    en = "The service asks for a one-time code."
    hint_fr = "Lancez « ameli login » et saisissez le code reçu (valable 15 minutes)."
    hint_en = "Run `ameli login` and type the code you receive (valid 15 minutes)."


class CodeRefused(NeedsPerson):
    """The one-time code was wrong or too old."""

    code = "code_refused"
    http_status = 409
    fr = "Le code a été refusé : « {text} »."
    en = "The code was refused: “{text}”."
    hint_fr = "Vérifiez le code ; s'il a plus de 15 minutes, lancez « ameli login » pour en recevoir un autre."
    hint_en = "Check the code; if it is older than 15 minutes, run `ameli login` to receive another."


class TooManyCodes(NeedsPerson):
    """The service sends no more codes for now."""

    code = "too_many_codes"
    http_status = 409
    fr = "Le nombre maximum de demandes de code a été atteint."
    en = "The maximum number of code requests was reached."
    hint_fr = "Attendez demain avant d'en demander un autre, ou connectez-vous avec votre navigateur."
    hint_en = "Wait until tomorrow before asking for another, or sign in with your browser."


class PasswordExpired(NeedsPerson):
    """The service wants a new password before anything else."""

    code = "password_expired"
    http_status = 409
    fr = "Le service demande de choisir un nouveau mot de passe."
    en = "The service asks for a new password to be chosen."
    hint_fr = "Choisissez-le sur ameli.fr avec votre navigateur, puis lancez « ameli login »."
    hint_en = "Choose it on ameli.fr with your browser, then run `ameli login`."


class ConditionsToAccept(NeedsPerson):
    """New terms of use stand in the way."""

    code = "conditions_to_accept"
    http_status = 409
    fr = "Le service demande d'accepter de nouvelles conditions d'utilisation."
    en = "The service asks for new terms of use to be accepted."
    hint_fr = "Lisez-les et acceptez-les sur ameli.fr avec votre navigateur, puis relancez."
    hint_en = "Read and accept them on ameli.fr with your browser, then try again."


class EmailToConfirm(NeedsPerson):
    """The service wants the e-mail address confirmed."""

    code = "email_to_confirm"
    http_status = 409
    fr = "Le service demande de confirmer votre adresse électronique."
    en = "The service asks for your e-mail address to be confirmed."
    hint_fr = "Confirmez-la sur ameli.fr avec votre navigateur, puis relancez."
    hint_en = "Confirm it on ameli.fr with your browser, then try again."


class DirectLoginOff(NeedsPerson):
    """Sign-in by number and password is closed; people are sent to FranceConnect."""

    code = "direct_login_off"
    http_status = 409
    fr = "La connexion par numéro et mot de passe est fermée pour maintenance (FranceConnect seulement)."
    en = "Sign-in by number and password is closed for maintenance (FranceConnect only)."
    hint_fr = "Réessayez plus tard ; d'ici là, passez par FranceConnect avec votre navigateur."
    hint_en = "Try again later; until then, use FranceConnect with your browser."


class WrongScheme(NeedsPerson):
    """The person is no longer with the general scheme."""

    code = "wrong_scheme"
    http_status = 409
    fr = "D'après le service, vous ne dépendez plus du régime général de l'Assurance Maladie."
    en = "The service says that you no longer belong to the general health-insurance scheme."
    hint_fr = "Adressez-vous à votre nouveau régime ; vos données d'ici restent lisibles."
    hint_en = "Contact your new scheme; your local data stays readable."
