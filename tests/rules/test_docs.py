"""The reference pages are what the tables in the code say."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_reference_pages_are_up_to_date():
    binary = os.environ.get("KINTSUGI_BINARY", ROOT / "build" / "dev" / "kintsugi")
    done = subprocess.run([binary, "docs", "--check", "--directory", ROOT / "docs"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
