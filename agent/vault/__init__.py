"""How we keep it: everything encrypted at rest, under TinyDB.

Use: ``vault, code = Vault.create(folder, passphrase)`` once, then ``Vault.unlock(folder, passphrase=...)``;
``vault.db.table("payments").put(id, {...})``, ``with vault.transaction(): ...``, ``vault.put_blob(pdf)``,
``vault.lock()``. What follows is enough to write another program that reads a vault.

Format 1
========

::

    vault/                      0700; every file 0600
      header                    which vault this is, and the slots that open it
      header-copy               the same again, for when the header is damaged
      snap-GGGGGGGG             all tables of one generation (8 decimal digits)
      jrnl-GGGGGGGG-NNNNNN      changes since that snapshot; files numbered from 000001
      blob/<32 hex digits>      one document each; random names
      high-water                the last place seen (may be kept elsewhere)
      lock                      empty; flock while open
      tmp-*, high-water.new     unfinished, to be ignored

Integers are big-endian. ``HKDF(key, salt, purpose)`` is HKDF-SHA256, 32 bytes out, with info = ``"ameli-tui vault
1|" + purpose``. AEAD is ChaCha20-Poly1305 with a 12-byte nonce. JSON is UTF-8, compact, keys sorted; bytes in JSON
are hexadecimal.

**header** is JSON indented by two spaces, keys sorted, one newline at the end: ``magic`` "ameli-tui vault",
``format``, ``suite`` 1, ``vault`` (16 random bytes), ``slots``, ``mac``, ``sum``. With *compact* the same JSON
without white space: ``sum`` = SHA-256 of compact(all but ``sum``); it tells an accident from a wrong passphrase.
``mac`` = HMAC-SHA256(HKDF(VK, vault, "mac|header"), compact(all but ``mac`` and ``sum``)); it binds the whole set
of slots to the vault key VK (32 random bytes). A reader refuses any other spelling, and any ``format`` above its
own.

**A slot** wraps VK: ``wrap`` = nonce | AEAD(KEK, VK, aad = vault | compact(slot without ``wrap``)), 60 bytes. Each
has ``kind``, ``id`` and ``salt`` (32 bytes). ``passphrase``: KEK = Argon2id(NFC UTF-8 passphrase, salt;
``memory_kib``, ``iterations``, ``lanes``), refused outside 64 MiB..1 GiB, 3..16, 4..16 before it is run.
``recovery``: KEK = HKDF(128 random bits, salt, "slot|recovery|" | vault); the code is those bits in 26 Crockford
base32 signs, then 2 check signs (the low 5 bits of the first two bytes of SHA-256("ameli-tui vault 1|check|" |
bits)). Other kinds (a keyring, a security key) may stand beside them; a program keeps the slots it does not know.

**Encrypted files** begin with a head: magic (8) | length (4) | JSON | HMAC-SHA256 (32) of all before, under
HKDF(VK, vault, "mac|head"). The JSON has ``format`` and a random 32-byte ``salt``; the file's key is HKDF(VK, salt,
purpose | "|" | vault) with purpose "snapshot", "journal" or "blob". So no two files share a key. Snapshots
("AMVsnap\\n": ``gen``, ``after``, ``made``) and blobs ("AMVblob\\n": ``blob`` = the name) go on with sealed chunks:
64 KiB of plain text each, nonce = index (11 bytes) | 1 for the last chunk, else 0.

**Content** is a set of changes (see `agent.vault.changeset`): per table a line of JSON with ``table``, ``clear``,
``drop``, ``put`` and ``remove`` (keys), then one line of JSON for each key of ``put``. A snapshot is the changes
from nothing, perhaps several sets of them in a row. The table ``$blobs`` names the documents that count. The table
``$day`` is no content: the first record of a day puts the day there (``on``: ``{"on": "YYYY-MM-DD"}``, UTC).

**Journals** ("AMVjrnl\\n": ``gen``, ``n``, ``after``) go on with records, one per transaction: frame = length of
what follows the nonce (4) | number of the record from 1 (8); nonce (12, random); AEAD(plain, aad = frame). Plain =
chain value (16) | content | zeros, so that the record is a multiple of 512 bytes. The chain value is what the
record follows: the last 16 bytes of the record before, or of the head. ``after`` in a head is the place the file
continues: {``gen``, ``n``, ``records``, ``chain``}; the file before counts up to there and no further. ``n`` 0 is
the snapshot, whose chain value is the first 16 bytes of SHA-256(its head).

**Reading**: the highest generation's snapshot, then its journals in order. In the last journal an invalid record
ends the data if no valid record begins at a later multiple of 512 bytes: the power went while it was written, and
nobody was told it was saved. Anything else invalid is damage: refuse, write nothing. When the person asks for what is
left, each record that decrypts counts: see `agent.vault.salvage`.

**Writing**: never append to a journal that was closed; write new files under a temporary name, flush, rename, flush
the folder. A new snapshot is read back before it gets its name; the generation before is kept.

**high-water** is twice: "AMVhigh\\n" | vault (16) | gen (8) | n (8) | records (8) | chain (16) | HMAC-SHA256 of
that under HKDF(VK, vault, "mac|high-water"). It is written in turn after each commit, not flushed; the higher valid
slot counts. A vault that ends before it is an older copy, or has lost the end of its journal.

What it does not hide: how many changes were made, when, and their padded sizes; the number and sizes of documents. An
older passphrase still opens an older copy of the header.
"""

from agent.vault.errors import VaultError
from agent.vault.keys import KdfCost
from agent.vault.table import VaultDB, VaultTable
from agent.vault.vault import Vault

__all__ = ["KdfCost", "Vault", "VaultDB", "VaultError", "VaultTable"]
