"""How we keep it: everything encrypted at rest, under TinyDB."""

from agent.vault.errors import VaultError
from agent.vault.keys import KdfCost
from agent.vault.table import VaultDB, VaultTable
from agent.vault.vault import Vault

__all__ = ["KdfCost", "Vault", "VaultDB", "VaultError", "VaultTable"]
