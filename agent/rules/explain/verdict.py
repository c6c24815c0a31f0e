"""What a line turned out to be, with the likely cause and what to do about it."""

from functools import lru_cache
from typing import NamedTuple

from agent.protocol.payments import Outcome


class Verdict(NamedTuple):
    """One outcome of holding a line against the rules, in both languages."""

    name: str
    text_fr: str
    text_en: str
    advice_fr: str = ""
    advice_en: str = ""

    def shape(self) -> Outcome:
        """JSON beside the line's amounts."""
        return _shape(self).copy()


@lru_cache(256)
def _shape(verdict: Verdict) -> Outcome:
    return {
        "verdict": verdict.name, "text_fr": verdict.text_fr, "text_en": verdict.text_en,
        "advice_fr": verdict.advice_fr, "advice_en": verdict.advice_en,
    }


AS_EXPECTED = Verdict(
    "as_expected", "Remboursé comme les règles le prévoient.", "Refunded as the rules say.")
THIRD_PARTY = Verdict(
    "third_party_part", "Remboursé comme les règles le prévoient, directement au professionnel.",
    "Refunded as the rules say, straight to the professional.")
ABOVE_BASE = Verdict(
    "above_base", "Le prix dépasse la base : l'Assurance Maladie ne paie pas le dépassement.",
    "The price is above the base: the fund does not pay the excess.",
    "La complémentaire peut payer ce dépassement selon votre contrat.",
    "A top-up may pay this excess, depending on your contract.")
OUTSIDE_PATHWAY = Verdict(
    "outside_pathway", "Taux réduit : la consultation compte comme hors du parcours de soins.",
    "Reduced rate: the visit counts as outside the care pathway.",
    "Déclarez un médecin traitant, ou, s'il vous adressait, demandez une correction à la caisse.",
    "Declare a treating doctor, or if they referred you ask the fund to correct it.")
FULL_COVER = Verdict(
    "full_cover", "Pris en charge à un taux plus élevé que l'ordinaire : affection de longue durée, maternité, ou "
    "autre situation.", "Covered at more than the ordinary rate: long illness, maternity or another situation.")
LOCAL_SCHEME = Verdict(
    "local_scheme", "Remboursé par la caisse et le régime local d'Alsace-Moselle ensemble.",
    "Refunded by the fund and the local scheme of Alsace-Moselle together.")
LOCAL_SHARE = Verdict(
    "local_share", "La part que le régime local d'Alsace-Moselle ajoute au taux ordinaire.",
    "The share that the local scheme of Alsace-Moselle adds to the ordinary rate.",
    "Si vous ne relevez pas de ce régime, demandez à la caisse pourquoi ce taux a été appliqué.",
    "If you do not belong to that scheme, ask the fund why this rate was applied.")
REMAINING_SHARE = Verdict(
    "remaining_share", "Le reste de la base, qu'une complémentaire publique paie à la suite de la caisse.",
    "The rest of the base, which a public complementary cover pays after the fund.")
NOT_KNOWN_YET = Verdict(
    "not_known_yet", "Le taux de ce soin a changé et le nouveau n'est pas connu ici ; seul le calcul du relevé est"
    " vérifié.",
    "The rate of this care has changed and the new one is not known here; only the statement's own sum is checked.")
RATE_DIFFERS = Verdict(
    "rate_differs", "Le taux n'est pas celui que les règles donnent pour ce soin.",
    "The rate is not the one the rules give for this care.",
    "Demandez à la caisse pourquoi ce taux a été appliqué.", "Ask the fund why this rate was applied.")
SECTOR_2 = Verdict(
    "sector_2_base", "La base est celle d'un médecin de secteur 2 sans option tarifaire maîtrisée, plus basse.",
    "The base is the lower one of a sector 2 doctor without moderated fees.",
    "Un médecin de secteur 1 ou avec Optam est mieux remboursé.",
    "A sector 1 doctor, or one with Optam, is refunded better.")
HALF_BASE = Verdict(
    "half_base", "Deuxième acte de la séance : compté pour la moitié de son tarif.",
    "Second act of the session: counted at half its tariff.")
BASE_DIFFERS = Verdict(
    "base_differs",
    "La base n'est pas un tarif connu de ce jour pour ce soin : un supplément ou un autre acte peut l'expliquer.",
    "The base is no known tariff of that day for this care: a supplement or another act may explain it.",
    "Comparez avec la feuille du professionnel.", "Compare with the professional's paper.")
FLAT_SHARE = Verdict(
    "flat_share", "Acte coûteux : une part forfaitaire remplace la part en pourcentage.",
    "Costly act: a flat share replaces the share in per cent.")
PRICE_PAID = Verdict(
    "price_paid", "Remboursé jusqu'au prix payé, jamais plus.", "Refunded up to the price paid, never more.")
ABOVE_PRICE = Verdict(
    "above_price", "Remboursé plus que le prix payé, ce que la loi exclut.",
    "Refunded more than the price paid, which the law rules out.",
    "Comparez avec la facture ; s'il y a erreur, la caisse peut redemander cette somme pendant deux ans.",
    "Compare with the bill; if it is an error, the fund may ask for this sum back for two years.")
ROUNDING = Verdict("rounding", "Un centime d'arrondi.", "One cent of rounding.")
AMOUNT_DIFFERS = Verdict(
    "amount_differs", "Le montant n'est pas la base multipliée par le taux.",
    "The amount is not the base times the rate.",
    "Demandez le calcul à la caisse.", "Ask the fund for its sum.")
UNKNOWN_ACT = Verdict(
    "unknown_act", "Le libellé ne dit pas assez quel soin c'est ; seul le calcul du relevé est vérifié.",
    "The label does not tell enough which care it is; only the statement's own sum is checked.")
NO_DETAIL = Verdict(
    "no_detail", "Le service n'a pas donné la base ou le taux : rien ne peut être vérifié.",
    "The service gave no base or rate: nothing can be checked.",
    "Le décompte PDF peut en dire plus.", "The PDF statement may tell more.")
TRACED = Verdict("traced", "Le soin d'où vient cette retenue est connu.", "The care this comes from is known.")
EXEMPTION_MISSING = Verdict(
    "exemption_missing", "Le soin connu de ce jour est celui d'une personne exonérée.",
    "The care known of that day is that of an exempt person.",
    "Demandez à la caisse de rendre cette somme.", "Ask the fund to give this sum back.")
CEILING_REACHED = Verdict(
    "ceiling_reached", "D'après les paiements connus, un plafond était atteint pour les soins de ce jour.",
    "By the payments known, a ceiling was reached for the care of that day.",
    "Comparez avec le compteur de votre compte avant de demander.",
    "Compare with your account's counter before asking.")
UNKNOWN_ORIGIN = Verdict(
    "unknown_origin", "Aucun paiement connu ne montre le soin d'où vient cette retenue.",
    "No payment known shows the care this comes from.",
    "Un passage à l'hôpital peut donner une retenue sans acte visible ; sinon demandez à la caisse.",
    "A visit to a hospital can bring a deduction without a visible act; else ask the fund.")
