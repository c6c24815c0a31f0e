"""Copies that show a contributor how a file is laid out, and nothing of whom it is about.

``anonymise`` never edits an original in place: every copy is written anew from what was understood of the original, so
that what is hidden in it (metadata, attachments, older versions) cannot come along.
"""

from agent.files.anonymise.anonymise import SUFFIXES, Copy, anonymise, kind_of
from agent.files.anonymise.errors import NotAnonymised

__all__ = ["SUFFIXES", "Copy", "NotAnonymised", "anonymise", "kind_of"]
