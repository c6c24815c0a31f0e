"""Who is at the other end of a unix socket."""

import socket
import struct
import sys


def peer_uid(connection: socket.socket) -> int:
    """Return the user at the other end of a unix socket, as the kernel vouches for it. Raises OSError."""
    if sys.platform == "linux":
        size = struct.calcsize("3i")
        _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
        return int(uid)
    # struct xucred {u_int version; uid_t uid; …} of LOCAL_PEERCRED (1) at level SOL_LOCAL (0), on macOS and the BSDs
    _, uid = struct.unpack("2I", connection.getsockopt(0, 1, 76)[:8])
    return int(uid)
