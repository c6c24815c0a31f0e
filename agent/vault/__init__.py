"""How we keep it: everything encrypted at rest, under TinyDB.

Use: ``vault, code = Vault.create(folder, passphrase)`` once, then ``Vault.unlock(folder, passphrase=...)``;
``vault.db.table("payments").put(id, {...})``, ``with vault.transaction(): ...``, ``vault.put_blob(pdf)``,
``vault.lock()``; ``vault.integrity`` looks at every byte and mends. The format, so that another program could read a
vault, stands in ``.github/VAULT_FORMAT.md``.
"""

from agent.vault.errors import VaultError
from agent.vault.keys import KdfCost
from agent.vault.table import VaultDB, VaultTable
from agent.vault.vault import Vault

__all__ = ["KdfCost", "Vault", "VaultDB", "VaultError", "VaultTable"]
