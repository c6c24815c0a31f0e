"""Every kind of file that is read, the most certain mark first."""

from agent.incoming import bank, har, insurer, statements
from agent.incoming.model import Reader

READERS: tuple[Reader, ...] = (statements.READER, har.READER, bank.OFX, insurer.READER, bank.CSV)
