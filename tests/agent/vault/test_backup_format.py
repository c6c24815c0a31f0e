"""Backups of format 1, for ever: one written on the day it was defined comes back, and another program can read it.

``format_1.backup`` is of the vault in ``format_1/`` and never made anew: a new format gets a file of its own.
"""

from pathlib import Path

from agent.vault.restore import restore_vault
from tests.agent.vault.independent_reader import read_backup
from tests.agent.vault.support import CHEAP, NOW, PASS, content, unlock
from tests.agent.vault.test_format import CODE, CONTENT

GOLDEN = Path(__file__).with_name("format_1.backup")
SETTINGS = b'lang = "fr"\n'


def test_a_backup_of_format_1_comes_back(tmp_path: Path) -> None:
    for number, keys in enumerate(({"passphrase": PASS}, {"recovery_code": CODE})):
        folder = tmp_path / str(number) / "vault"
        restored = restore_vault(GOLDEN, folder, NOW, kdf_floor=CHEAP, **keys)
        assert (restored.made, restored.documents, restored.missing) == (NOW.isoformat(), 1, 0)
        assert restored.settings == SETTINGS
        vault = unlock(folder)
        assert content(vault) == CONTENT
        vault.lock()


def test_a_program_that_knows_only_the_description_reads_it() -> None:
    tables, documents, settings = read_backup(GOLDEN.read_bytes(), PASS)
    assert set(tables.pop("$blobs")) == {tables["documents"]["d"]["blob"]} == documents.keys()
    tables["documents"]["d"]["blob"] = documents[tables["documents"]["d"]["blob"]]
    assert (tables, settings) == (CONTENT, SETTINGS)
