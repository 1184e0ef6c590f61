"""The documents say what the code says."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"


def sources():
    """Of the program: no tests and nothing that only tests use."""
    for path in sorted(SRC.rglob("*")):
        if path.suffix in (".h", ".cc") and not path.stem.endswith("_test") and "testing" not in path.parts:
            yield path, re.sub(r"//.*", "", path.read_text())


def declared_errors():
    """(file, constant, number) of each ErrorCode, wherever it is declared."""
    for path, text in sources():
        for match in re.finditer(r"\bErrorCode\s+(k\w+)\s*\{\s*(\d+)", text):
            yield path, match.group(1), int(match.group(2))


def documents():
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in tracked.stdout.split()]


def test_reference_pages_are_up_to_date():
    binary = os.environ.get("KINTSUGI_BINARY", ROOT / "build" / "dev" / "kintsugi")
    done = subprocess.run([binary, "docs", "--check", "--directory", ROOT / "docs"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_error_codes_are_declared_in_public_headers():
    """Where the table of all codes is made from, and where their comments become the reference."""
    for path, name, _ in declared_errors():
        assert path.suffix == ".h" and path.parent.parent == SRC, f"{path.relative_to(ROOT)}: {name} belongs into a header at the folder's top level"
        assert re.search(rf"^inline constexpr ErrorCode {name}\b", path.read_text(), re.M), f"{name}: inline constexpr, in column 0"


def test_errors_page_has_every_code():
    page = (ROOT / "docs" / "errors.md").read_text()
    shown = [int(number) for number in re.findall(r"^\| KT(\d+) \|", page, re.M)]
    assert sorted(shown) == sorted(number for _, _, number in declared_errors())
    assert len(shown) == len(set(shown)), "a number is given twice"


def test_every_error_code_is_used():
    texts = list(sources())
    for header, name, number in declared_errors():
        folder = header.relative_to(SRC).parts[0]
        inside = re.compile(rf"(?<![:\w]){name}\b|\b{folder}::{name}\b")
        outside = re.compile(rf"\b{folder}::{name}\b") if folder != "base" else inside
        used = any((inside if path.relative_to(SRC).parts[0] == folder else outside).search(text) for path, text in texts if path != header)
        assert used, f"nobody uses KT{number} {name} of src/{folder}: an error code exists only if somebody raises or reacts to it"


# What documents name that is not in the repository: made while building or running, or of somebody else.
MADE = {"my.cnf", "users.json", "state.json", "processes.json", "cluster.yaml", "allkeys.txt"}


def test_files_and_folders_that_documents_name_exist():
    """By their path from the root, from the page, or by its end: `pass/route.cc`."""
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = tracked.stdout.split("\n")
    folders = {f"{parent}/" for file in files for parent in Path(file).parents if str(parent) != "."}
    known = "\n".join(["", *files, *folders, ""])
    name = re.compile(r"`((?:[\w.-]+/)*[\w-][\w.-]*\.(?:h|cc|py|cmake|proto|ya?ml|md|sql|txt|js|in|cnf|json)|(?:[\w-]+/)+)`")
    for page in documents():
        if "worklog" in page.parts:
            continue
        for named in name.findall(page.read_text()):
            if named in MADE or (page.parent / named).exists():
                continue
            assert f"/{named}\n" in known or f"\n{named}\n" in known, f"{page.relative_to(ROOT)} names {named}, which is not there"
