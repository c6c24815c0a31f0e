"""The vault's two speed targets, by hand: ``python -m tests.benchmarks.bench_vault [payments]``.

1. Opening 100,000 payments costs at most twice reading, decrypting and parsing one file of the same size.
2. Adding one payment to 100,000 costs at most 3 times adding one to 1,000, and writes at most 64 KiB.

The key derivation is left out: it is slow on purpose, and the same for every size.
"""

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from agent.vault import KdfCost, Vault
from agent.vault.fs import File, RealFs

CHEAP = KdfCost(8, 1, 1)
SMALL = 1_000


def payment(number: int) -> dict[str, Any]:
    """Return a payment of about 570 bytes as JSON."""
    return {
        "id": f"pay-{number:08d}",
        "paid_on": f"20{number % 12 + 14}-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        "amount": f"{number % 90 + 10}.{number % 100:02d}",
        "label": "Consultation d'un médecin généraliste",
        "to": "assure",
        "lines": [
            {
                "date": "2026-10-02",
                "act": f"Acte {number % 50}",
                "beneficiary": "CAMILLE DURAND",
                "paid": "30.00",
                "base": "30.00",
                "rate": "70 %",
                "reimbursed": "19.00",
            }
            for _ in range(3)
        ],
    }


class CountingFs(RealFs):
    """The real disk, counting what is written."""

    def __init__(self) -> None:
        self.written = 0

    def create(self, path: Path) -> File:
        return _Counting(self, super().create(path))

    def open(self, path: Path) -> File:
        return _Counting(self, super().open(path))


class _Counting:
    def __init__(self, fs: CountingFs, file: File) -> None:
        self._fs, self._file = fs, file
        self.sync, self.close = file.sync, file.close

    def write(self, data: bytes | memoryview) -> int:
        self._fs.written += len(data)
        return self._file.write(data)

    def write_at(self, offset: int, data: bytes) -> int:
        self._fs.written += len(data)
        return self._file.write_at(offset, data)


def timed(action: Callable[[], Any], runs: int) -> float:
    """Return the median time of ``action`` in seconds; what it returned is let go outside the measure."""
    spent = []
    for _ in range(runs):
        gc.collect()
        start = time.perf_counter()
        kept = action()
        spent.append(time.perf_counter() - start)
        if isinstance(kept, Vault):
            kept.lock()
        del kept
    return statistics.median(spent)


def fill(folder: Path, payments: int) -> None:
    vault, _ = Vault.create(folder, "x", kdf_cost=CHEAP)
    vault.db.table("payments").put_many({f"pay-{n:08d}": payment(n) for n in range(payments)})
    vault.compact()
    vault.lock()


def opening(folder: Path) -> tuple[float, float, float, int]:
    """Return the seconds to unlock, to read every payment, and for one file of that size, and the size in bytes."""
    vault = Vault.unlock(folder, passphrase="x", kdf_floor=CHEAP)
    rows = dict(vault.db.table("payments").items())
    vault.lock()
    key = bytes(32)
    one = folder.parent / "one-file"
    one.write_bytes(ChaCha20Poly1305(key).encrypt(bytes(12), orjson.dumps({"payments": rows}), None))
    del rows
    plain = timed(lambda: orjson.loads(ChaCha20Poly1305(key).decrypt(bytes(12), one.read_bytes(), None)), 5)
    ours = timed(lambda: Vault.unlock(folder, passphrase="x", kdf_floor=CHEAP), 5)
    vault = Vault.unlock(folder, passphrase="x", kdf_floor=CHEAP)
    every = timed(lambda: [row for _, row in vault.db.table("payments").items()], 3)
    vault.lock()
    return ours, every, plain, one.stat().st_size


def adding(folder: Path) -> tuple[float, int]:
    """Return the median time to add one payment, in seconds, and the most bytes one of them wrote."""
    fs = CountingFs()
    vault = Vault.unlock(folder, passphrase="x", kdf_floor=CHEAP, fs=fs)
    table = vault.db.table("payments")
    spent, most = [], 0
    for number in range(201):
        before, start = fs.written, time.perf_counter()
        table.put(f"new-{number}", payment(number))
        spent.append(time.perf_counter() - start)
        most = max(most, fs.written - before)
    vault.lock()
    return statistics.median(spent), most


def main() -> None:
    payments = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        large, small = Path(name, "large", "vault"), Path(name, "small", "vault")
        fill(large, payments)
        fill(small, SMALL)
        ours, every, plain, size = opening(large)
        print(f"{payments} payments, {size / 1e6:.1f} MB")
        print(f"opening: {ours:.3f} s, and reading every payment: {every:.3f} s more")
        print(f"one file of that size read, decrypted and parsed: {plain:.3f} s")
        print(f"ratio {ours / plain:.2f}, with every payment read {(ours + every) / plain:.2f} (at most 2)")
        of_small, _ = adding(small)
        of_large, most = adding(large)
        print(
            f"adding one: {of_large * 1e3:.3f} ms to {payments}, {of_small * 1e3:.3f} ms to {SMALL}; "
            f"ratio {of_large / of_small:.2f} (at most 3); most written {most} bytes (at most 65536)"
        )


if __name__ == "__main__":
    main()
