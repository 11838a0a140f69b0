"""`python -m letrics.cli`. With `python -P -m letrics.cli`, Python imports nothing from the working directory."""

import sys

from letrics.child import trusted_path
from letrics.cli import main

if not sys.flags.safe_path:
    sys.path[:1] = [entry for entry in sys.path[:1] if entry in trusted_path()]
main()
