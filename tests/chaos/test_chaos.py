"""Three short schedules of faults; `./dev chaos` runs longer ones, and others."""

import pytest

from machines import is_possible
from run import Run

pytestmark = pytest.mark.skipif(not is_possible(), reason="network namespaces need root and iproute2")


@pytest.mark.parametrize("seed", (1, 2, 3))
def test_seed(seed):
    run = Run(seed, duration=10, shards=2)
    violations = run.run()
    assert not violations, f"again: {run.again()}; the run's folder: {run.folder}\n" + "\n".join(violations)
