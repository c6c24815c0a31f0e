"""What a backup costs, by hand: ``python -m tests.benchmarks.bench_backup [payments [documents]]``.

1. Making one of 10,000 payments and 300 documents takes 3 s at most on the machine where this was written.
2. That is at most four times reading the same bytes from as many files, sealing them once and writing one file: it
   opens each document, seals it again, and then reads the whole again to compare it.

Making and restoring are measured; the key derivation of the restoring is left out, as it is slow on purpose.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from agent.vault import Vault
from agent.vault.backup import write_backup
from agent.vault.restore import restore_vault
from tests.benchmarks.bench_vault import CHEAP, payment

DOCUMENT = 120 * 1024
"""Bytes: a monthly statement."""
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def filled(folder: Path, payments: int, documents: int) -> Vault:
    """Return an open vault with so many payments and documents, folded."""
    vault, _ = Vault.create(folder, "bench", kdf_cost=CHEAP)
    for start in range(0, payments, 1000):
        vault.db.table("payments").put_many({f"p{n}": payment(n) for n in range(start, min(start + 1000, payments))})
    for number in range(documents):
        with vault.transaction():
            vault.db.table("documents").put(f"d{number}", {"blob": vault.put_blob(os.urandom(DOCUMENT))})
    vault.compact()
    return vault


def sealed_once(folder: Path, out: Path) -> None:
    """Read every file, seal its bytes, write them to one file, flush it: the least that a copy costs."""
    cipher = ChaCha20Poly1305(bytes(32))
    with out.open("wb") as file:
        number = 0
        for path in sorted(one for one in folder.rglob("*") if one.is_file() and one.name != "lock"):
            data = path.read_bytes()
            for at in range(0, len(data), 65536):
                file.write(cipher.encrypt(number.to_bytes(12, "big"), data[at : at + 65536], None))
                number += 1
        file.flush()
        os.fsync(file.fileno())


def median(action: Callable[[], object], runs: int = 5) -> float:
    """Return the median time in seconds."""
    spent = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def main(payments: int, documents: int) -> int:
    """Measure and print; 1 when a goal is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        vault = filled(folder / "vault", payments, documents)
        file = folder / "x.backup"

        def make() -> None:
            with vault.moment() as moment:
                write_backup(moment, file, NOW)

        def bring_back() -> None:
            for number in range(100):
                home = folder / f"home-{number}"
                if not home.exists():
                    restore_vault(file, home / "vault", NOW, passphrase="bench", kdf_floor=CHEAP)
                    return

        making, least = median(make), median(lambda: sealed_once(folder / "vault", folder / "least"))
        back = median(bring_back, 3)
        size = file.stat().st_size / (1 << 20)
        print(f"{payments} payments, {documents} documents, {size:.1f} MiB")
        print(f"making {making:.2f} s, restoring {back:.2f} s; reading, sealing and writing once {least:.2f} s:"
              f" {making / least:.1f} times")
        return int(making / least > 4)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 10_000, int(sys.argv[2]) if sys.argv[2:] else 300))
