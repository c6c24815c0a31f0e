"""What one caller of the socket may cost."""


class Limits:
    """What one caller may cost. Sizes in bytes, times in seconds."""

    header = 16 * 1024
    body = 1024 * 1024
    file = 12 * 1024 * 1024
    """Of a paper for a request."""
    imported = 128 * 1024 * 1024
    """Of a file taken in, held whole."""
    recorded = 2 << 30
    """Of a recorded session, which is sifted as it comes: it holds every page with its pictures."""
    connections = 32
    receive_s = 10.0
    """From the first byte of a request to its last; of a recorded session that is sifted, from one part to the next."""
    idle_s = 30.0
    send_s = 10.0
    """A reader that takes nothing for this long is dropped."""
    linger_s = 0.5
    """How long a refused caller is heard out."""
    heartbeat_s = 15.0
    """Silence after which an event stream says that it lives."""
