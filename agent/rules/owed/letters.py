"""The ready message to the fund: what happened, what is asked, nothing more of the person than that."""

from agent.protocol.money import FundMessage

_ASKS = {
    "outside_pathway_with_doctor": (
        "Remboursement hors parcours de soins",
        "Cette consultation a été remboursée au taux réduit alors qu'un médecin traitant est déclaré. Pouvez-vous "
        "vérifier et, s'il y a lieu, verser la différence ?"),
    "deduction_on_exempt": (
        "Retenue sur les soins d'une personne exonérée",
        "Une participation forfaitaire ou une franchise a été retenue pour une personne qui en est exonérée. "
        "Pouvez-vous la rembourser ?"),
    "ceiling_exceeded": (
        "Plafond annuel des retenues dépassé",
        "D'après mes relevés, les retenues dépassent un plafond. Pouvez-vous m'indiquer le compte et rembourser le "
        "trop-perçu ?"),
    "outside_pathway_not_applicable": (
        "Taux réduit appliqué à tort",
        "Ce soin a été remboursé au taux réduit, alors que la majoration hors parcours de soins ne s'y applique pas. "
        "Pouvez-vous verser la différence ?"),
    "daily_ceiling_exceeded": (
        "Plafond journalier des franchises dépassé",
        "Les franchises retenues pour les soins de ce jour dépassent le plafond journalier. Pouvez-vous rembourser la "
        "différence ?"),
    "deduction_without_care": (
        "Retenue sans soin correspondant",
        "Cette retenue ne correspond à aucun soin de mes relevés à cette date. À quel soin se rapporte-t-elle ?"),
    "deduction_above_due": (
        "Retenue supérieure à ce qui est dû",
        "Cette retenue est plus élevée que ce que prévoient les règles pour les soins de ce jour. Pouvez-vous m'en "
        "donner le détail ?"),
    "paid_twice": (
        "Même acte payé deux fois",
        "Le même acte apparaît deux fois dans mes relevés. Pouvez-vous vérifier s'il s'agit d'une erreur ?"),
    "amount_below_rules": (
        "Montant inférieur au calcul du relevé",
        "Le montant versé est inférieur à la base multipliée par le taux. Pouvez-vous m'expliquer la différence ?"),
    "refund_above_price": (
        "Remboursement supérieur au prix payé",
        "Le montant versé pour ce soin est supérieur au prix que j'ai payé. Pouvez-vous vérifier s'il s'agit d'une "
        "erreur ?"),
    "sum_differs": (
        "Paiement différent de ses lignes",
        "Le paiement n'est pas égal à la somme de ses lignes et retenues. Pouvez-vous m'expliquer la différence ?"),
    "rate_below_rules": (
        "Taux de remboursement",
        "Le taux appliqué est inférieur au taux ordinaire de ce soin. Pouvez-vous vérifier ?"),
}


def message(kind: str, facts: list[str]) -> FundMessage:
    """The message to the fund. Raises KeyError for a kind that has no question."""
    subject, ask = _ASKS[kind]
    body = "\n".join(["Bonjour,", "", ask, "", *(f"- {fact}" for fact in facts), "", "Avec mes remerciements,"])
    return {"subject": subject, "body_fr": body}
