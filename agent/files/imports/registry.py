"""Every kind of file that is read, the most certain mark first."""

from agent.files.imports import bank_file as bank
from agent.files.imports import har, statements
from agent.files.imports import insurer_file as insurer
from agent.files.imports.model import Reader

READERS: tuple[Reader, ...] = (statements.READER, har.READER, bank.OFX, insurer.READER, bank.CSV)
