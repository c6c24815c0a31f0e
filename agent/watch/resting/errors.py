"""Why what watching needs cannot rest, or is not there after a restart, as a person should hear it."""

from agent.errors import AmeliError, TryLater

_ONE_UNLOCK_FR = "D'ici là, l'agent reprend sa veille après un déverrouillage (« ameli unlock »)."
_ONE_UNLOCK_EN = "Until then the agent goes on watching after one unlocking (`ameli unlock`)."
_NOTHING_FR = "Ou choisissez que rien ne survive : « ameli config set agent.survive no »."
_NOTHING_EN = "Or choose that nothing survives: `ameli config set agent.survive no`."


class TicketNotKept(AmeliError):
    """The disk refused the file of the ticket, or its removal."""

    code = "ticket_not_kept"
    http_status = 507
    fr = "Ce qu'il faut pour veiller après un redémarrage n'a pas pu être écrit sur le disque, ou effacé : {reason_fr}."
    en = "What watching needs after a restart could not be written to the disk, or removed: {reason_en}."
    hint_fr = "{cure_fr} Sans cela, la veille attend un déverrouillage après chaque redémarrage."
    hint_en = "{cure_en} Without it, watching waits for one unlocking after each restart."


class TicketUnreadable(AmeliError):
    """A ticket rests, and it cannot be used: it is damaged, of another key or another version."""

    code = "ticket_unreadable"
    http_status = 500
    fr = "Ce qui devait reprendre la veille après le redémarrage ne peut pas être lu : {reason_fr}."
    en = "What was to go on watching after the restart cannot be read: {reason_en}."
    hint_fr = "Déverrouillez une fois (« ameli unlock ») : la veille reprend, et c'est écrit à nouveau."
    hint_en = "Unlock once (`ameli unlock`): watching goes on, and it is written anew."


class KeyUnavailable(AmeliError):
    """Base: whoever keeps the key of the ticket does not give, take or forget it."""

    code = "watch_key_unavailable"
    http_status = 503
    fr = "La clé de la veille n'est pas accessible."
    en = "The key of watching cannot be reached."
    hint_fr = _NOTHING_FR
    hint_en = _NOTHING_EN


class KeyringNotInstalled(KeyUnavailable):
    """The library that speaks with keyrings is an extra of the program."""

    code = "keyring_not_installed"
    fr = "Le trousseau du bureau demande une bibliothèque qui n'est pas installée : keyring."
    en = "The desktop's keyring needs a library that is not installed: keyring."
    hint_fr = f"Installez ameli-tui avec son complément : pip install 'ameli-tui[keyring]'. {_NOTHING_FR}"
    hint_en = f"Install ameli-tui with its extra: pip install 'ameli-tui[keyring]'. {_NOTHING_EN}"


class NoKeyring(KeyUnavailable, TryLater):
    """No keyring runs in this session. What keeps secrets in plain text, or nowhere, is none."""

    code = "no_keyring"
    fr = "Aucun trousseau ne tourne dans cette session (Secret Service : GNOME, KDE, KeePassXC)."
    en = "No keyring runs in this session (Secret Service: GNOME, KDE, KeePassXC)."
    hint_fr = f"Ouvrez votre session de bureau ; un fichier en clair n'est jamais utilisé à la place. {_ONE_UNLOCK_FR}"
    hint_en = f"Log in to your desktop; a file in plain text is never used instead. {_ONE_UNLOCK_EN}"


class KeyringLocked(KeyUnavailable, TryLater):
    """The keyring is there and locked; nobody is prompted."""

    code = "keyring_locked"
    fr = "Le trousseau du bureau est verrouillé."
    en = "The desktop's keyring is locked."
    hint_fr = f"Déverrouillez-le (Mots de passe et clés, KWalletManager, KeePassXC). {_ONE_UNLOCK_FR}"
    hint_en = f"Unlock it (Passwords and Keys, KWalletManager, KeePassXC). {_ONE_UNLOCK_EN}"


class KeyringSilent(KeyUnavailable, TryLater):
    """The keyring does not answer: perhaps it waits for somebody."""

    code = "keyring_silent"
    fr = "Le trousseau du bureau n'a pas répondu en {seconds} s : il attend peut-être une réponse à l'écran."
    en = "The desktop's keyring did not answer within {seconds} s: perhaps it waits for an answer on the screen."
    hint_fr = f"Répondez-lui, ou relancez la session de bureau. {_ONE_UNLOCK_FR}"
    hint_en = f"Answer it, or log in to the desktop again. {_ONE_UNLOCK_EN}"


class KeyringRefused(KeyUnavailable):
    """The keyring refuses, or gives back something else than it was given."""

    code = "keyring_refused"
    fr = "Le trousseau du bureau a refusé : {reason}."
    en = "The desktop's keyring refused: {reason}."
    hint_fr = f"Ouvrez le trousseau avec son propre programme pour voir s'il marche. {_NOTHING_FR}"
    hint_en = f"Open the keyring with its own program to see whether it works. {_NOTHING_EN}"


class CredentialsTooOld(KeyUnavailable):
    """systemd is not here, or seals nothing for a user yet."""

    code = "credentials_too_old"
    fr = "systemd ne garde les secrets d'un utilisateur qu'à partir de sa version 256 ; ici : {version}."
    en = "systemd keeps secrets of a user from its version 256 on; here: {version}."
    hint_fr = f"Prenez le trousseau du bureau (« --survive keyring »). {_NOTHING_FR}"
    hint_en = f"Take the desktop's keyring (`--survive keyring`). {_NOTHING_EN}"


class CredentialsRefused(KeyUnavailable):
    """systemd-creds does not encrypt or decrypt: no credential service, another machine, a TPM that was cleared."""

    code = "credentials_refused"
    fr = "systemd-creds a refusé : {reason}."
    en = "systemd-creds refused: {reason}."
    hint_fr = (f"Si la machine ou sa puce TPM a changé, refaites-le : « ameli agent install --survive systemd-creds ». "
               f"{_NOTHING_FR}")
    hint_en = (f"If the machine or its TPM changed, do it again: `ameli agent install --survive systemd-creds`. "
               f"{_NOTHING_EN}")
