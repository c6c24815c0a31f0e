"""A backup that comes back into a home without a vault: the vault, and the settings where there are none."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Literal

from agent.core.unlocking import by_any_form
from agent.vault import Vault
from agent.vault.backup_errors import HomeNotEmpty
from agent.vault.keys import KdfCost
from agent.vault.restore import Restored, restore_vault
from config import clock
from config.atomic_file import replace_file
from config.paths import Paths
from config.settings import SettingsError, load_settings

log = logging.getLogger(__name__)
SettingsFate = Literal["restored", "kept", "none"]
"""``kept``: there were some, and they stay; ``none``: the backup has none that can be used."""


def from_backup(
    file: Path, home: Paths, passphrase: str | None, recovery_code: str | None, floor: KdfCost
) -> Restored:
    """Make the vault of a backup. Raises HomeNotEmpty, and as ``restore_vault``."""
    if Vault.exists(home.vault) or Vault.key_gone(home.vault):
        raise HomeNotEmpty(folder=home.vault)
    restored, _otherwise = by_any_form(passphrase, lambda phrase: restore_vault(
        file, home.vault, clock.now(), passphrase=phrase, recovery_code=recovery_code, kdf_floor=floor))
    log.info("a vault was restored from a backup of %s", restored.made)
    return restored


def restore_settings(restored: Restored, path: Path) -> SettingsFate:
    """Put the settings back where there are none; those that this version cannot use are left."""
    if path.exists():
        return "kept"
    if restored.settings is None:
        return "none"
    try:
        replace_file(path, restored.settings)
        load_settings(path)
    except (OSError, SettingsError) as error:
        log.warning("the settings of the backup were left: %s", type(error).__name__)
        if isinstance(error, SettingsError):
            path.unlink(missing_ok=True)
        return "none"
    return "restored"
