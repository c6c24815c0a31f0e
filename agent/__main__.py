"""``python -m agent``: the background process."""

import sys

from agent.daemon.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
