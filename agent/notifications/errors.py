"""Why a channel could not tell the person."""

from agent.errors import AmeliError


class Failed(AmeliError):
    """A channel could not tell."""

    code = "notify_failed"
    fr = "L'avis n'a pas pu être donné : {reason}."
    en = "The notice could not be given: {reason}."
    hint_fr = "Essayez avec « ameli notify test »."
    hint_en = "Try it with `ameli notify test`."


class NoDesktop(Failed):
    """The agent knows no desktop session."""

    code = "notify_no_desktop"
    fr = "Il n'y a pas de session de bureau ici."
    en = "There is no desktop session here."
    hint_fr = ("Depuis le bureau, lancez « ameli agent restart » ; sans bureau, « ameli config set notify.desktop "
               "false » s'en passe.")
    hint_en = ("From the desktop run `ameli agent restart`; without one, `ameli config set notify.desktop false` does "
               "without.")


class NoAnswer(Failed):
    """The desktop takes a notification and does not say that it has."""

    code = "notify_no_answer"
    fr = "Le bureau n'a pas répondu en {seconds} s."
    en = "The desktop did not answer within {seconds} s."
    hint_fr = "Rouvrez la session du bureau, puis « ameli agent restart », et essayez de nouveau."
    hint_en = "Log in to the desktop anew, run `ameli agent restart`, and try again."


class Refused(Failed):
    """The desktop's message bus cannot be reached, or nobody there takes notifications."""

    code = "notify_refused"
    fr = "Le bureau ne prend pas d'avis : {reason}."
    en = "The desktop takes no notifications: {reason}."
    hint_fr = "Lancez un service de notifications (celui du bureau, dunst, mako), ou mettez notify.desktop = false."
    hint_en = "Start a notification service (the desktop's own, dunst, mako), or set notify.desktop = false."


class NotStarted(Failed):
    """The person's program could not be started."""

    code = "notify_not_started"
    fr = "{program} n'a pas pu être lancé : {reason}."
    en = "{program} could not be started: {reason}."
    hint_fr = ("« ameli config set notify.command … » en donne un autre, « ameli config unset notify.command » s'en "
               "passe.")
    hint_en = "`ameli config set notify.command …` gives another one, `ameli config unset notify.command` does without."


class EndedBadly(Failed):
    """The person's program ended with an error."""

    code = "notify_ended_badly"
    fr = "{program} s'est terminé avec le code {status}."
    en = "{program} ended with {status}."
    hint_fr = "Essayez-le dans un terminal : l'événement lui vient en JSON sur son entrée standard."
    hint_en = "Try it in a terminal: the event comes to it as JSON on its standard input."


class TooSlow(Failed):
    """The person's program did not end in time."""

    code = "notify_too_slow"
    fr = "{program} n'a pas répondu en {seconds} s."
    en = "{program} did not answer within {seconds} s."
    hint_fr = "Faites-lui lancer en arrière-plan ce qui dure."
    hint_en = "Have it start in the background what takes long."


class NoScreen(Failed):
    """No terminal has the screens open."""

    code = "notify_no_screen"
    fr = "Aucun écran n'est ouvert."
    en = "No screens are open."
    hint_fr = "Ouvrez-les avec « ameli » dans un autre terminal, puis essayez de nouveau."
    hint_en = "Open them with `ameli` in another terminal, then try again."


class ChannelOff(Failed):
    """The settings do not switch that channel on."""

    code = "notify_off"
    fr = "Ce canal n'est pas en service."
    en = "This channel is off."
    hint_fr = "« ameli config set {setting} » le met en service."
    hint_en = "`ameli config set {setting}` switches it on."
