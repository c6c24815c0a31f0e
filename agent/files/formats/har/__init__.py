"""Browser recordings (HAR 1.2): what the account service answered, without the secrets that such a file holds.

``read_har(data)`` gives a ``Recording``: the answers of the data host alone, addresses and headers made harmless, and
a count of all that was left out before anything was kept.
"""

from agent.files.formats.har.model import Dropped, Entry, Recording, Unread
from agent.files.formats.har.reader import looks_like_har, read_har
from agent.files.formats.har.scanner import Why

__all__ = ["Dropped", "Entry", "Recording", "Unread", "Why", "looks_like_har", "read_har"]
