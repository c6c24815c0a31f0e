"""Every kind of file that is read, the most certain mark first."""

from agent.incoming import har
from agent.incoming.model import Reader

READERS: tuple[Reader, ...] = (har.READER,)
