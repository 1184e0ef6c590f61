#!/usr/bin/python3
"""Loads for a gate that counts what it runs: what `./dev profile` makes cmake/gate.profdata of. They are those that `./dev bench proxy` measures, on one
server and on two shards, with every way of bringing rows together.

usage: ./dev profile
"""

import os
import sys

import proxy
from proxies import running_place

CONNECTIONS = 8
SECONDS = 5


def main():
    if "LLVM_PROFILE_FILE" not in os.environ:
        sys.exit("training.py: run ./dev profile, which builds the gate that counts and says where the counts go")
    with running_place() as place:
        for load in proxy.LOADS:
            for way in ("gate", "gate, 2 shards"):
                taken = proxy.measure_load(place, place.ways[way], load, CONNECTIONS, SECONDS)
                print(f"{load}, {way}: {taken['qps']:.0f} queries/s", flush=True)
        for other in (proxy.scattered, proxy.connect_storm, proxy.large_result):
            other(place, 1, SECONDS)


if __name__ == "__main__":
    main()
