"""What a sync run warns about besides the connector's own errors."""

from agent.errors import ServiceTrouble
from agent.portal.errors import NoDocument, PortalChanged, ServerFault

NOT_UNDERSTOOD = (PortalChanged, ServerFault, NoDocument)
"""Errors of one page or item: the run goes on without it. All others end the run (what was read is kept)."""


class ListShrunk(ServiceTrouble):
    """The service lists fewer items than it did: everything known is kept."""

    code = "list_shrunk"
    http_status = 502
    fr = "La liste « {list} » du compte a raccourci ({listed} au lieu de {known}) ; rien n'a été effacé ici."
    en = "The account's list “{list}” became shorter ({listed} instead of {known}); nothing was deleted here."
    hint_fr = "Souvent un incident du service : relancez « ameli sync » plus tard. Vos données d'ici sont entières."
    hint_en = "Often an incident of the service: run `ameli sync` again later. Your local data is complete."


class Gap(ServiceTrouble):
    """The agent was away longer than the service looks back: some payments are in the monthly statements only."""

    code = "gap"
    http_status = 502
    fr = "Le service ne liste plus les paiements du {since} au {until} ; ils ne sont que dans les relevés mensuels."
    en = "The service no longer lists the payments from {since} to {until}; they are in the monthly statements only."
    hint_fr = "Lancez « ameli import --statements » : il lit les relevés gardés ici, « ameli import » ceux d'ailleurs."
    hint_en = "Run `ameli import --statements`: it reads the statements kept here, `ameli import` those from elsewhere."
