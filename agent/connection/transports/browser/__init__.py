"""A visible browser that the person drives, asked over its debugging port to fetch pages of the account.

The program never reads what is typed into a page: it sets no script that lasts, asks for no form and no key, and knows
of the sign-in only that afterwards the account's pages open.
"""

from agent.connection.transports.browser.browser import Browser
from agent.connection.transports.browser.transport import BrowserTransport

__all__ = ["Browser", "BrowserTransport"]
