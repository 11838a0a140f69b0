"""The hard searches asked once each of an engine that has just been loaded.

Run as `python -m benchmarks.stages.cold HOME COMPANIES TURN TURNS`: the order of the searches begins TURN / TURNS of
the way through them. Prints JSON, in the order of the workload.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.stages.loaded import Loaded
from benchmarks.workloads import load
from letrics.settings import Home


def main() -> None:
    home, companies, turn, turns = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    searches = load("hard", companies)
    start = len(searches) * turn // turns
    order = [*range(start, len(searches)), *range(start)]
    loaded = Loaded(Home(home))
    loaded.warm()
    asked = {}
    for at in order:
        search = searches[at]
        if search.depth is not None:  # which page that is, the total tells
            search = search.at(loaded.total(search))
        asked[at] = loaded.asked(search)
    print(json.dumps([asked[at] for at in range(len(searches))]))


if __name__ == "__main__":
    main()
