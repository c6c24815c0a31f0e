"""What can go wrong with the person's browser."""

from agent.errors import AmeliError, NeedsPerson


class NoBrowser(NeedsPerson):
    """No browser of the Chromium family was found."""

    code = "no_browser"
    http_status = 424
    fr = "Aucun navigateur Chromium, Chrome, Brave ou Edge n'a été trouvé."
    en = "No Chromium, Chrome, Brave or Edge browser was found."
    hint_fr = "Installez-en un, ou donnez son chemin : ameli config set portal.browser CHEMIN."
    hint_en = "Install one, or give its path: ameli config set portal.browser PATH."


class NoDisplay(NeedsPerson):
    """A window is needed and there is no screen to show it on: an SSH session, a server."""

    code = "no_display"
    http_status = 424
    fr = "Il faut une fenêtre de navigateur, et cette session n'a pas d'écran (SSH ?)."
    en = "A browser window is needed, and this session has no screen (SSH?)."
    hint_fr = ("Sur votre ordinateur : {start}\nPuis : ssh -R {port}:127.0.0.1:{port} {host}\nEnfin ici : "
               "ameli config set portal.browser_port {port}")
    hint_en = ("On your own computer: {start}\nThen: ssh -R {port}:127.0.0.1:{port} {host}\nThen here: "
               "ameli config set portal.browser_port {port}")


class BrowserNotStarted(AmeliError):
    """The browser ended, or did not open its debugging port."""

    code = "browser_not_started"
    http_status = 424
    fr = "Le navigateur n'a pas démarré : {why}."
    en = "The browser did not start: {why}."
    hint_fr = "Fermez la fenêtre qu'ameli avait ouverte, puis recommencez."
    hint_en = "Close the window that ameli opened, then try again."


class BrowserBarred(NeedsPerson):
    """The agent is a service whose sandbox no browser can run in, and nothing here can start one outside it."""

    code = "browser_barred"
    http_status = 424
    fr = "L'agent est un service protégé, où un navigateur ne peut pas démarrer, et systemd-run n'est pas là."
    en = "The agent is a protected service, in which no browser can start, and systemd-run is not here."
    hint_fr = ("Installez systemd-run, ou retirez le service (« ameli agent uninstall »), ou démarrez le navigateur "
               "vous-même : ameli config set portal.browser_port 9222.")
    hint_en = ("Install systemd-run, or remove the service (`ameli agent uninstall`), or start the browser yourself: "
               "ameli config set portal.browser_port 9222.")


class BrowserUnreachable(NeedsPerson):
    """Nothing answers at the forwarded debugging port."""

    code = "browser_unreachable"
    http_status = 424
    fr = "Aucun navigateur ne répond au port {port} de cette machine."
    en = "No browser answers at port {port} of this machine."
    hint_fr = "Sur votre ordinateur : {start}\nPuis, de là : ssh -R {port}:127.0.0.1:{port} {host}"
    hint_en = "On your own computer: {start}\nThen from there: ssh -R {port}:127.0.0.1:{port} {host}"


class HeadlessBrowser(NeedsPerson):
    """The browser at the forwarded port has no window: nobody could sign in, and the service refuses it."""

    code = "headless_browser"
    http_status = 424
    fr = "Le navigateur à ce port n'a pas de fenêtre (« headless ») : nul ne s'y connecte, et le service le refuse."
    en = "The browser at that port has no window (headless): nobody can sign in there, and the service refuses it."
    hint_fr = "Démarrez-le avec une fenêtre, sans l'option --headless."
    hint_en = "Start it with a window, without the option --headless."


class BrowserNotKeptIn(NeedsPerson):
    """The browser at the forwarded port may reach any host: the rule of the command line that is told is missing."""

    code = "browser_not_kept_in"
    http_status = 424
    fr = "Le navigateur à ce port pourrait joindre d'autres adresses que celles du service : rien ne lui a été demandé."
    en = "The browser at that port could reach hosts other than the service's: nothing was asked of it."
    hint_fr = "Fermez-le, puis démarrez-le par cette commande entière : {start}"
    hint_en = "Close it, then start it with this whole command: {start}"


class BrowserGone(NeedsPerson):
    """The window was closed, or the page crashed, in the middle of something."""

    code = "browser_gone"
    http_status = 424
    fr = "La fenêtre du navigateur a été fermée."
    en = "The browser window was closed."
    hint_fr = "Relancez la commande : elle rouvre la fenêtre et reprend où elle en était."
    hint_en = "Run the command again: it opens the window anew and goes on where it was."


class SignInByBrowser(NeedsPerson):
    """The session has ended; only the person can open another, in the window."""

    code = "sign_in_by_browser"
    http_status = 409
    fr = "La session du compte est terminée : connectez-vous dans la fenêtre du navigateur."
    en = "The account's session has ended: sign in in the browser window."
    hint_fr = "Lancez « ameli login » : la fenêtre s'ouvre, vous y tapez numéro, mot de passe et code."
    hint_en = "Run `ameli login`: the window opens, and you type number, password and code there."


class SignInNotFinished(NeedsPerson):
    """Nobody signed in within the time given."""

    code = "sign_in_not_finished"
    http_status = 408
    fr = "Personne ne s'est connecté dans la fenêtre en {minutes} minutes."
    en = "Nobody signed in in the window within {minutes} minutes."
    hint_fr = "Relancez « ameli login » quand vous avez votre mot de passe et votre téléphone à portée."
    hint_en = "Run `ameli login` again with your password and your phone at hand."


class OtherAccountOpen(NeedsPerson):
    """The person signed in to another account than the vault's."""

    code = "other_account"
    http_status = 409
    fr = "La fenêtre est connectée à un autre compte que celui de ce coffre : rien n'en a été lu."
    en = "The window is signed in to another account than this vault's: nothing of it was read."
    hint_fr = "Déconnectez-vous dans la fenêtre, puis « ameli login » ; ou donnez à l'autre compte son AMELI_HOME."
    hint_en = "Sign out in the window, then `ameli login`; or give the other account its own AMELI_HOME."
