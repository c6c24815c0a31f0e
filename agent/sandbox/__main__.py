"""``python -m agent.sandbox``: the stand-in as a program."""

import sys

from agent.sandbox.server.serve import main

sys.exit(main())
