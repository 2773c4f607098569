"""`python -m storeward.cli`: what bin/storeward runs."""

import sys

from storeward.cli.main import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
