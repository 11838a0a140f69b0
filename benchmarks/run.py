"""The benchmark, from any directory and without an installed package.

python benchmarks/run.py --contacts 1000000 --companies 100000
python benchmarks/run.py compare --against COMMIT --contacts 1000000 --companies 100000
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    root = Path(__file__).parents[1]
    sys.path[:0] = [str(root / "src"), str(root)]
    if sys.argv[1:2] == ["compare"]:
        from benchmarks.compare import main
    else:
        from benchmarks.command import main

    main()
