"""Files a person brings in: what kind a file is, what it holds, and how that joins what the vault knows.

A reader recognises a file by its content, never by its name; reads it without the vault (so in a thread); then keeps
what it read in one durable step. A file that cannot be read is told with its reason, and nothing of it is kept.
"""

from agent.files.imports.importer import take_file
from agent.files.imports.model import Desk, Note, Reader, Taken

__all__ = ["Desk", "Note", "Reader", "Taken", "take_file"]
