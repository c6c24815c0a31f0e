"""``python -m agent.sandbox``: the stand-in as a program."""

import sys

from agent.sandbox.serve import main

sys.exit(main())
