"""What can be asked for here, as the stand-in reads the rules: demands, papers, stages.

Names of procedures and of answers are the words of the wire, shared by whoever speaks it. The number of days of each
stage is invented, within the delays that are published.
"""

from agent.sandbox.procedures.demands import Demand, If, Matter, Step

_RECEIVED = Step("received", "Demande reçue", 0, silent=True)
_CHECKED = Step("checked", "Demande vérifiée", 1, silent=True)


def _steps(days: int) -> tuple[Step, ...]:
    """Received, looked at, decided after so many days."""
    return (_RECEIVED, _CHECKED, Step("done", "Demande enregistrée", days, accepts=True))


def _card(*, made: int, sent: int) -> tuple[Step, ...]:
    """Stages of a card that is made and posted."""
    return (
        _RECEIVED, Step("checked", "Pièces vérifiées", 2, accepts=True),
        Step("in_production", "Carte en fabrication", made), Step("sent", "Carte envoyée par courrier", sent),
    )


_ADDRESS = (
    Demand("street", "text"), Demand("postcode", "postcode"), Demand("town", "text"),
)

MATTERS: dict[str, Matter] = {
    "bank-details": Matter(
        "Changement de coordonnées bancaires",
        (
            Demand("holder_is_me", "yes_no"),
            Demand("holder", "name", If("holder_is_me", (False,))),
            Demand("iban", "iban"),
            Demand("bic", "text", required=False),
        ),
        _steps(3),
        granted="Vos prochains remboursements seront versés sur ce compte. Si vous n'êtes pas à l'origine de ce "
                "changement, appelez aussitôt le 36 46.",
    ),
}
