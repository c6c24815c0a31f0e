"""``python -m agent``: the background process."""

import sys

from agent.daemon import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
