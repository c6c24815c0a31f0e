"""ameliBot: answers from a guide written for this program and from the person's own data, offline.

Pure: what it knows of the person comes through ``Data``, the day is a parameter. It gives no medical advice, and says
so when it does not know.
"""

from agent.assistant.account_view import Data
from agent.assistant.answer import Answer, ask
from agent.assistant.glossary import Term, glossary, look_up

__all__ = ["Answer", "Data", "Term", "ask", "glossary", "look_up"]
