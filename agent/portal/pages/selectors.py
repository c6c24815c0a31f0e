"""What each page of the service is expected to hold: the one place to edit when a page changes.

A need is a name (told to the person when it is missing) and CSS selectors, newest markup first; the first that finds
something wins. The labels are values of ``_pageLabel``.
"""

from dataclasses import dataclass
from typing import ClassVar

from agent.portal.errors import PortalChanged
from agent.portal.pages.html import Node, Tree, every, first

# -- addresses, under the portal's origin -----------------------------------------------------------------------------

ASSURE = "/PortailAS/appmanager/PortailAS/assure"
TOKEN = "/PortailAS/JavaScriptServlet"  # noqa: S105 - an address
PAYMENTS = "/PortailAS/paiements.do"
STATEMENTS_APP = "/compte/aspm/releves-mensuels"
STATEMENTS_REST = "/compte/aspmm/rest/releves-mensuels"
MOVED = "page à son adresse"
"""What is missing when an address answers 404 and the like, or leads to another page."""
OUTAGE_PAGE = "INDISPO_COMPTE_ASSURES"


def page_path(label: str, extra: str = "") -> str:
    """The address of a legacy page."""
    return f"{ASSURE}?_nfpb=true&_pageLabel={label}{extra}"


# -- needs -------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Need:
    """Something a page should hold."""

    name: str
    selectors: tuple[str, ...]

    def find(self, where: Tree | Node) -> Node | None:
        """The first match, or None."""
        return first(where, *self.selectors)

    def all(self, where: Tree | Node) -> list[Node]:
        """Every match of the first selector that finds any."""
        return every(where, *self.selectors)

    def require(self, where: Tree | Node, page: str) -> Node:
        """The first match. Raises PortalChanged naming ``page`` and this need."""
        if (node := self.find(where)) is None:
            raise PortalChanged(page=page, missing=self.name)
        return node


def need(name: str, *selectors: str) -> Need:
    """Name a part that a page must have, and where it may be."""
    return Need(name, selectors)


class LoginPage:
    """The identity host's form."""

    label = "as_login_page"
    page = "connexion"
    form = need("formulaire de connexion", "form#connexioncompte_2connexionCompteForm",
                "form:has(input[type=password])", "form:has(input[name=authStep])")
    number = need("champ du numéro", "input#userfield", "input#connexioncompte_2nir_as", "input[name=user]")
    password = need("champ du mot de passe", "input#passwordfield", "input#connexioncompte_2connexion_code",
                    "input[name=password]", "input[type=password]")
    step = need("authStep", "input[name=authStep]")
    ask_code = need("bouton de demande de code", "#BoutonGenerationOTP", "input[name=envoiOTP]", "#blocEnvoyerOTP")
    boxes = need("cases du code", "input[id^=numOTP]", "input[name^=numOTP]")
    code_field = need("champ du code", "input[autocomplete=one-time-code]", "input[name*=OTP]:not([type=submit])",
                      "input[name*=otp]:not([type=submit])",
                      "input[name*=code]:not([type=hidden]):not([type=password])")
    remember = need("case « mémoriser cet appareil »", "input[name=enrolerDevice]", "#enrolerDevice")
    enter = need("lien « Connectez-vous »", "a#id_r_cnx_btn_code")
    closed = need("message de maintenance", "#idBlocCnx div p", "#idBlocCnx p")
    alerts = (".zone-alerte", "#connexioncompte_2nir_as_messageErreur", ".compte_bloque p.msg_erreur", ".centrepage h1",
              ".centrepage h2", "#r_errors", "p.msg_erreur")
    landing = need("redirection", "div.wlp-bighorn-window-content meta[http-equiv]",
                   "#connexioncompte_2 meta[http-equiv]")


class SessionMarks:
    """What tells a page of an open session from the login form."""

    signed_out = need("formulaire de connexion", "#connexioncompte_2nir_as", "#userfield",
                      "form#connexioncompte_2connexionCompteForm")
    entrance = need("lien « Connectez-vous »", "a#id_r_cnx_btn_code")
    signed_in = need("lien de déconnexion", ".deconnexionButton", "#lienDeconnexionId",
                     "[title='Déconnexion du compte ameli']", "a#id_lien_deco", "a.logout", "a#logout")
    outage = need("message d'indisponibilité", "div.mobile p", "#backgroundId p", "span.texte-indispo")


class PaymentsPage:
    """``as_paiements_page`` and the fragments of ``paiements.do``."""

    label = "as_paiements_page"
    page = "paiements"
    list_key = "tableauPaiement"
    start = need("date de début (data-mindate)", "input#paiements_1dateDebut", "input[data-mindate]")
    end = need("date de fin (data-maxdate)", "input#paiements_1dateFin", "input[data-maxdate]")

    list_page = "liste des paiements"
    table = need("liste (ul#unordered_list)", "ul#unordered_list", ".blocParMois")
    nothing = "aucun paiement"
    entries = "li"
    header = "rowdate"
    row = "rowitem"
    header_month = need("mois", ".mois")
    day = need("jour du paiement", ".col-date .jour", ".jour")
    month = need("mois du paiement", ".col-date .mois")
    name = need("libellé", "div.col-label", ".col-label")
    amount = need("montant", ".col-montant span", ".col-montant")
    pdf = ("a.downdetail[href]", "div.col-download a[href]", "[id^=liendowndecompte][href]",
           "[id^=liendowndecompte] a[href]")
    call = "ajaxCallRemoteChargerDetailPaiement"


class TokenAnswer:
    """The answer that holds the anti-forgery token: plain text, ``_ct:<value>``."""

    page = "jeton _ct"
    mark = "_ct:"


class DetailPage:
    """The fragment of ``chargerDetailPaiements``."""

    page = "détail d'un paiement"
    heading = need("titre (date et montant)", "div.entete.container > h2", "detailpaiement > div > h2",
                   ".entete h2", "h2")
    containers = ".container"
    person = need("bénéficiaire", "[id^=nomBeneficiaire]")
    act = "[id^=Nature]"
    act_name = "span.naturePrestation"
    paid = need("colonne « montant payé »", "[id^=montantPaye]")
    base = need("colonne « base »", "[id^=baseRemboursement]")
    rate = need("colonne « taux »", "[id^=taux]")
    refunded = need("colonne « montant versé »", "[id^=montantVerse]")
    columns = (paid, base, rate, refunded)
    """Of the table of care; a detail without one of them is kept, and read again later."""
    deduction_name = "[id^=naturePFF]"
    deduction_day = "[id^=dateActePFF]"
    deduction_amount = "[id^=montantVerse]"
    pdf = (".entete [id^=liendowndecompte][href]", ".entete a.downdetail[href]", "[id^=liendowndecompte][href]",
           "a.downdetail[href]", "a[href*='.dopdf']")


class StatementsPage:
    """The REST of the monthly statements: keys of its JSON."""

    page = "relevés mensuels"
    file_page = "fichier d'un relevé mensuel"
    months = "rubriquesMensuelles"
    month = "moisAnnee"
    listed = "releves"
    kind = "objectType"
    token = "identifiant"  # noqa: S105 - a key
    facts = "infosStatiques"
    retention = "portailAs.relevesMensuels.rsij.retention"
    content = "contenu"
    media_type = "typeMime"
    size = "taille"


class InboxPage:
    """``as_messages_recus_page`` and the page of one message."""

    label = "as_messages_recus_page"
    page = "messages reçus"
    table = need("tableau des messages", "#tableauMessagesRecus")
    rows = "#tableauMessagesRecus tbody tr"
    empty = need("« aucun message »", ".r_msg_aucun_message")

    message_page = "message"
    form = need("formulaire du PDF", "form#pdfSimple")
    fields = ("idMessage", "telechargementPDF", "nomPDF")
    attachments = (".telechargement_PJ[href]", ".telechargement_PJ a[href]")
    body = need("texte du message", ".corpsMessage", "#corpsMessage", ".contenuMessage", "#contenuMessage",
                ".r_msg_corps", ".texteMessage")
    around = need("contenu de la page", "div.wlp-bighorn-window-content:has(form#pdfSimple)",
                  "main:has(form#pdfSimple)", "body")


class ProfilePage:
    """``as_info_perso_book``; an older address of the same is ``as_info_perso_page``."""

    labels = ("as_info_perso_book", "as_info_perso_page")
    page = "informations personnelles"
    number = need("numéro de sécurité sociale", ".blocNumSecu")
    full_names = need("nom", ".NomEtPrenomLabel")
    people = ".blocNomPrenom, button:has(.dateNaissance):not(:has(.blocNomPrenom))"
    first_name = need("prénom", ".nom", "td.nom", ".NomEtPrenomLabel")
    born = need("date de naissance", ".dateNaissance")
    labels_of_facts = "div.infoGauche"
    fact_value = "infoDroite"
    address = ("div[title='Modifier mon adresse postale']", "[onclick*=as_adresse_postale]")


class AttestationPage:
    """The entitlement certificate on the home page."""

    label = "as_accueil_page"
    page = "attestation de droits"
    people = need("liste des bénéficiaires", "select#attDroitsAccueilidBenefs",
                  "select[name=attDroitsAccueilidBeneficiaire]", "#attDroitsAccueilidBenefs select")
    pdf = need("lien du PDF", "a.r_lien_pdf[href]", ".r_lien_pdf a[href]")
    action = (f"{ASSURE}?_nfpb=true&_windowLabel=attDroitsAccueil"
              "&attDroitsAccueil_actionOverride=/portlets/accueil/attdroits&_pageLabel=as_accueil_page")
    fields = (
        ("attDroitsAccueilmentionsComplementaires", "ETM"),
        ("attDroitsAccueilactionEvt", "confirmer"),
        ("attDroitsAccueilblocOuvert", "true"),
    )
    family = "FAMILLE"


class CertificatePages:
    """Certificates on demand: their names under the desk, and the pages where a person finds them."""

    page = "attestations"
    path = "/PortailAS/demarches/v1/documents/"
    names: ClassVar = {"ij": "attestation-ij", "fiscal": "releve-fiscal", "ceam": "certificat-ceam"}
    by_hand: ClassVar = {
        "ij": "Attestation de paiement d'indemnités journalières", "fiscal": "Relevé fiscal",
        "ceam": "Commander une carte européenne d'assurance maladie",
    }
    """What the service calls them in its menu."""


class LogoutPage:
    """``as_deconnexion_page``."""

    label = "as_deconnexion_page"
    page = "déconnexion"
    done = need("confirmation", "#as_deconnexion_page")


class Interstitials:
    """What can stand between a good login and the data: where it is recognised."""

    conditions_label = "as_conditions_generales_page"
    conditions = need("conditions", "div.page_nouvelles_cgus", "#nouvelles_cgu_1erreurBoxAccepte")
    conditions_flag = "affiche_re_accepte_contitions_util=true"
    email_label = "as_saisie_mail_connexionencours_page"
    password_marks = ("as_modif_code_perso_ameli_apres_reinit_page", "modif_code_perso_ameli_apres_reinit")
    alert_label = "as_alerte_page"
    later = need("« Plus tard »", "input.boutonComplementaireBlanc[value='Plus tard']")


# -- all pages ---------------------------------------------------------------------------------------------------------

class ProceduresDesk:
    """Where requests are sent; of our own making, no public description exists."""

    page = "démarches"


PAGES: dict[str, tuple[str, type]] = {
    "sign-in": (LoginPage.page, LoginPage),
    "token": (TokenAnswer.page, TokenAnswer),
    "payments": (PaymentsPage.page, PaymentsPage),
    "payment-list": (PaymentsPage.list_page, PaymentsPage),
    "payment-detail": (DetailPage.page, DetailPage),
    "statements": (StatementsPage.page, StatementsPage),
    "statement-file": (StatementsPage.file_page, StatementsPage),
    "inbox": (InboxPage.page, InboxPage),
    "message": (InboxPage.message_page, InboxPage),
    "profile": (ProfilePage.page, ProfilePage),
    "attestation": (AttestationPage.page, AttestationPage),
    "certificates": (CertificatePages.page, CertificatePages),
    "procedures": (ProceduresDesk.page, ProceduresDesk),
    "sign-out": (LogoutPage.page, LogoutPage),
}
"""Every page that is read, by the short name that commands use: its name in errors, and what is expected of it."""


def short_name(page: str) -> str:
    """The short name of a page that errors name; the name itself when it is of no page of ours."""
    return next((short for short, (name, _) in PAGES.items() if name == page), page)


def expected(page: str, missing: str) -> tuple[str, ...]:
    """The selectors by which a part is looked for, or its own name (a key, a column) when it has none."""
    for name, holder in PAGES.values():
        needs = [part for part in vars(holder).values() if isinstance(part, Need)]
        if name == page and (need := next((part for part in needs if part.name == missing), None)):
            return need.selectors
    return (missing,)
