"""How the connector's requests travel: each way is an ``httpx.AsyncBaseTransport``, and nothing else.

``direct`` is httpx's own. ``browser`` asks a visible browser to fetch from inside a page of the service. ``recorded``
answers from a recorded session. ``sandbox`` is the stand-in, in the same process.
"""
