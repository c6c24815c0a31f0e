"""What can have happened to sealed rounds, as a person should hear it."""

from agent.errors import AmeliError


class RoundsDamaged(AmeliError):
    """Files of the inbox are not what was sealed: they were put aside, nothing of them was believed."""

    code = "rounds_damaged"
    http_status = 500
    fr = ("Ce que l'agent a vu pendant que le coffre était verrouillé n'est pas tout lisible (fichiers mis de côté : "
          "{count}) ; rien de douteux n'a été repris.")
    en = ("Not all that the agent saw while the vault was locked can be read (files put aside: {count}); "
          "nothing doubtful was taken in.")
    hint_fr = "Lancez « ameli sync » : ce temps est relu au service. Si cela se répète, vérifiez le disque."
    hint_en = "Run `ameli sync`: that time is read again at the service. If it happens again, check the disk."


class RoundsMissing(AmeliError):
    """Files of the inbox are gone."""

    code = "rounds_missing"
    http_status = 500
    fr = "Une partie de ce que l'agent a vu pendant que le coffre était verrouillé a disparu du dossier « inbox »."
    en = "Some of what the agent saw while the vault was locked is gone from the folder “inbox”."
    hint_fr = "Lancez « ameli sync » : ce temps est relu au service, qui liste encore ses paiements six mois."
    hint_en = "Run `ameli sync`: that time is read again at the service, which lists its payments for six months."
