"""What can have happened to sealed rounds, as a person should hear it."""

from agent.errors import AmeliError, NeedsPerson


class RoundsDamaged(AmeliError):
    """Files of the inbox are not what was sealed: they were put aside, nothing of them was believed."""

    code = "rounds_damaged"
    http_status = 500
    fr = ("Ce que l'agent a vu pendant que le coffre était verrouillé n'est pas tout lisible (fichiers mis de côté : "
          "{count}) ; rien de douteux n'a été repris.")
    en = ("Not all that the agent saw while the vault was locked can be read (files put aside: {count}); "
          "nothing doubtful was taken in.")
    hint_fr = ("Lancez « ameli sync » : ce temps est relu au service, et le dossier surveillé l'est aussi. Si cela se "
               "répète, vérifiez le disque.")
    hint_en = ("Run `ameli sync`: that time is read again at the service, and so is the watched folder. If it happens "
               "again, check the disk.")


class RoundsMissing(AmeliError):
    """Files of the inbox are gone."""

    code = "rounds_missing"
    http_status = 500
    fr = "Une partie de ce que l'agent a vu pendant que le coffre était verrouillé a disparu du dossier « inbox »."
    en = "Some of what the agent saw while the vault was locked is gone from the folder “inbox”."
    hint_fr = "Lancez « ameli sync » : ce temps est relu au service, qui liste encore ses paiements six mois."
    hint_en = "Run `ameli sync`: that time is read again at the service, which lists its payments for six months."


class SignInNotAllowed(NeedsPerson):
    """The session ended, and the locked agent may not sign in."""

    code = "sign_in_not_allowed"
    http_status = 409
    fr = "La session du compte est finie, et l'agent verrouillé n'a pas le droit de se reconnecter."
    en = "The account session has ended, and the locked agent may not sign in."
    hint_fr = "Lancez « ameli unlock ». Pour qu'il le puisse désormais : ameli config set agent.sign_in locked."
    hint_en = "Run `ameli unlock`. To let it from now on: ameli config set agent.sign_in locked."


class SignInUnfinished(NeedsPerson):
    """A sign-in of the locked agent began, and nobody knows how it ended."""

    code = "sign_in_unfinished"
    http_status = 409
    fr = "Une connexion de l'agent verrouillé a été interrompue : il n'en tente plus d'autre."
    en = "A sign-in of the locked agent was cut short: it does not try another one."
    hint_fr = "Lancez « ameli unlock » : la connexion se fait alors de nouveau."
    hint_en = "Run `ameli unlock`: then it signs in again."


class RefusedWhileLocked(NeedsPerson):
    """A sign-in of the locked agent was refused, and the agent ended before it could say why."""

    code = "refused_while_locked"
    http_status = 409
    fr = "Le service a refusé une connexion de l'agent verrouillé : le même mot de passe n'est plus essayé."
    en = "The service refused a sign-in of the locked agent: the same password is not tried any more."
    hint_fr = "Lancez « ameli login » et donnez votre mot de passe."
    hint_en = "Run `ameli login` and give your password."


class AddressChanged(NeedsPerson):
    """The settings name another service than the one that the session belongs to."""

    code = "address_changed"
    http_status = 409
    fr = "Les réglages donnent une autre adresse du service : la session gardée n'y est pas montrée."
    en = "The settings give another address of the service: the session that is kept is not shown there."
    hint_fr = "Lancez « ameli unlock » pour que l'agent reprenne à cette adresse."
    hint_en = "Run `ameli unlock` to have the agent go on at that address."


class WatchingWaits(NeedsPerson):
    """Nothing is watched before the vault was unlocked once."""

    code = "watching_waits"
    http_status = 409
    fr = "L'agent a redémarré : il ne surveille le compte qu'après un déverrouillage."
    en = "The agent was restarted: it watches the account only after the vault was unlocked once."
    hint_fr = "Lancez « ameli unlock » ; ensuite il continue, verrouillé ou non."
    hint_en = "Run `ameli unlock`; after that it goes on, locked or not."


class FilesWait(AmeliError):
    """Files of the watched folder are not sealed while the vault is locked: how many, never which."""

    code = "files_wait"
    http_status = 409
    fr = ("Des fichiers du dossier surveillé ({count}) attendent le déverrouillage : trop grands, illisibles, ou faute "
          "de place.")
    en = "Files of the watched folder ({count}) wait for the vault to be unlocked: too large, unreadable, or no room."
    hint_fr = "Laissez-les dans ce dossier et lancez « ameli unlock » : chacun est alors importé, ou nommé."
    hint_en = "Leave them in that folder and run `ameli unlock`: then each is taken in, or named with what is wrong."


class SealedFileLost(AmeliError):
    """A file of the watched folder that was sealed cannot be opened, or is gone."""

    code = "sealed_file_lost"
    http_status = 500
    fr = "Un fichier du dossier surveillé, mis sous scellé pendant le verrouillage, a disparu ou est abîmé."
    en = "A file of the watched folder that was sealed while the vault was locked is gone or damaged."
    hint_fr = "S'il est encore dans ce dossier, il y est importé. Sinon, remettez-le. Puis vérifiez le disque."
    hint_en = "If it still is in that folder, it is taken in from there. If not, put it there again; check the disk."


ENDED_BY_UNLOCKING = frozenset({SignInNotAllowed.code, SignInUnfinished.code, AddressChanged.code, WatchingWaits.code})
"""Codes of what no longer stands in the way once the vault is open."""
