"""Verifying every byte of a vault, by hand: ``python -m tests.benchmarks.bench_verify [payments] [documents]``.

Verifying 10,000 payments with 300 documents of 100 kB costs at most 12 times reading the same bytes plainly, from the
system's memory, and decrypts each of them once. Two generations are kept, so the payments are read twice.
"""

import random
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from agent.vault import Vault
from agent.vault.fs import RealFs
from tests.benchmarks.bench_vault import CHEAP, payment, timed


def fill(folder: Path, payments: int, documents: int) -> Vault:
    """Make the vault: two generations, and a journal of some changes since."""
    dice = random.Random(7)
    vault, _ = Vault.create(folder, "x", kdf_cost=CHEAP)
    table = vault.db.table("payments")
    table.put_many({f"pay-{n:08d}": payment(n) for n in range(payments)})
    for number in range(documents):
        with vault.transaction():
            blob = vault.put_blob(dice.randbytes(dice.randint(50_000, 150_000)))
            vault.db.table("documents").put(f"d{number}", {"blob": blob})
    vault.compact()
    vault.compact()
    for number in range(100):
        table.put(f"new-{number}", payment(number))
    return vault


def main() -> None:
    payments = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    documents = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "vault"
        vault = fill(folder, payments, documents)
        fs, files = RealFs(), sorted(path for path in folder.rglob("*") if path.is_file())
        report = vault.integrity.check()
        assert (report.findings, report.leftovers) == ([], [])
        ours = timed(vault.integrity.check, 7)
        tables = timed(lambda: vault.integrity.check(documents=False), 7)
        plain = timed(lambda: [len(fs.read(path)) for path in files], 7)
        cipher, chunk = ChaCha20Poly1305(bytes(32)), bytes(64 * 1024)
        sealed, count = cipher.encrypt(bytes(12), chunk, None), report.size // len(chunk)
        decrypted = timed(lambda: [cipher.decrypt(bytes(12), sealed, None) for _ in range(count)], 7)
        vault.lock()
    print(f"{payments} payments, {documents} documents: {report.checked} files, {report.size / 1e6:.1f} MB")
    print(f"verified in {ours:.3f} s, without the documents in {tables:.3f} s")
    print(f"read plainly in {plain:.3f} s: ratio {ours / plain:.1f} (at most 12)")
    print(f"as many bytes decrypted in memory: {decrypted:.3f} s, so {ours / (plain + decrypted):.2f} times both")


if __name__ == "__main__":
    main()
