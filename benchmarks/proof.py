"""How long the proof of the shipped content takes, rule by rule, on one core.

python benchmarks/proof.py            # the whole proof: many minutes
python benchmarks/proof.py RULE ...   # some rules
"""

import argparse
import gc
import time

from dmadvisor.library import Library
from dmadvisor.store import find_root
from dmadvisor.verify.prover import Prover

SHOWN = 15


def main() -> None:
    """Measure and print: making the sets ready, the slowest rules, all rules together."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("rules", nargs="*", metavar="RULE", help="default: all")
    options = parser.parse_args()
    gc.disable()  # as the program does
    start = time.perf_counter()
    library = Library(find_root(None))
    prover = Prover(library, library.ids("PathwayId"))
    steps = len(prover.everybody.stages)
    ready = time.perf_counter() - start
    print(f"{steps} steps of {len(prover.everybody.reached)} pathways made ready: {ready:.2f} s")
    taken: dict[str, float] = {}
    for rule in options.rules or prover.rules:
        start = time.perf_counter()
        holds = prover.prove(rule).holds
        taken[rule] = time.perf_counter() - start
        if not holds:
            print(f"BROKEN: {rule}")
    slowest = sorted(taken, key=lambda rule: -taken[rule])[:SHOWN]
    print("".join(f"{taken[rule]:>8.2f} s  {rule}\n" for rule in slowest), end="")
    below = sum(seconds < 0.1 for seconds in taken.values())
    print(f"{len(taken)} rules in {sum(taken.values()):.1f} s, {below} of them below 0.1 s each")


if __name__ == "__main__":
    main()
