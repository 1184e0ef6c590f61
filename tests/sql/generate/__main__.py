"""`./dev sql-random N --seed S`: that many random queries on a cluster of their own."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "cluster"))

from cluster import running_cluster  # noqa: E402
from generate.run import QUERIES_PER_WORLD, CallingRun, Run, WriteRun  # noqa: E402
from keyspaces import plain_connection, sharded_connections, spec  # noqa: E402


class Progress:
    """Prints each difference when it is found, and how far the run is."""

    def __init__(self, seed):
        self.seed, self.cases, self.next = seed, 0, 10_000

    def __call__(self, report):
        for case in report.cases[self.cases:]:
            print(case, flush=True)
        self.cases = len(report.cases)
        if report.queries >= self.next:
            print(f"# {report.queries} queries of seed {self.seed}, {self.cases} differences", flush=True)
            self.next += 10_000


def main():
    parser = argparse.ArgumentParser(prog="./dev sql-random", description=__doc__)
    parser.add_argument("queries", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-world", type=int, default=QUERIES_PER_WORLD, metavar="N", help="queries over the same tables (default %(default)s)")
    parser.add_argument("--writes", action="store_true", help="INSERT, REPLACE, UPDATE and DELETE rather than queries; each is undone again")
    parser.add_argument("--functions", action="store_true", help="queries that call stored functions which gates run")
    options = parser.parse_args()
    kind = WriteRun if options.writes else CallingRun if options.functions else Run
    with running_cluster(spec()) as cluster:
        run = kind(plain_connection(cluster), sharded_connections(cluster), options.seed, Progress(options.seed), options.per_world)
        report = run.run(options.queries)
    print(f"{report.queries} queries of seed {options.seed}, {report.refused} refused by both, {report.left_open} left open, {len(report.cases)} differences")
    return 1 if report.cases else 0


sys.exit(main())
