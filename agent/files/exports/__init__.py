"""Everything the account holds, in other programs' terms: one file per format, all made from one ``Account``.

Pure: objects in the contract's shapes in, bytes out; the clock is ``Account.made_at``.
"""

from agent.files.exports.account import Account, Filters, Lang
from agent.files.exports.registry import FORMATS, make

__all__ = ["FORMATS", "Account", "Filters", "Lang", "make"]
