"""The rules of the house that a machine can check. docs/development.md gives the reasons."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 500

# Longer than the rule where splitting would make them worse; each with its reason.
LONG_FILES = {
    # path relative to src: reason
    "topo/store_test.cc": "one suite that two stores share",
}
LONG_FUNCTIONS = {
    # "path:function": reason
}


def folders():
    return sorted(path for path in SRC.iterdir() if path.is_dir())


def sources(*suffixes):
    return [path for path in sorted(SRC.rglob("*")) if path.suffix in suffixes and path.is_file()]


def folder_order():
    """The folders of src in the order in which the top CMakeLists.txt lists them: arrows go upward only."""
    text = (ROOT / "CMakeLists.txt").read_text()
    return re.findall(r"\bsrc/([a-z]+)", text)


def uses(folder):
    text = (folder / "CMakeLists.txt").read_text()
    match = re.search(r"USES\s+([a-z\s]+?)(?:\s+[A-Z_]+\b|\))", text)
    return match.group(1).split() if match else []


def test_every_folder_has_readme_and_cmake():
    for folder in folders():
        assert (folder / "README.md").exists(), f"{folder} has no README.md"
        lines = (folder / "README.md").read_text().count("\n")
        assert lines <= 60, f"{folder}/README.md has {lines} lines: one screen (60) is the rule"
        assert (folder / "CMakeLists.txt").exists(), f"{folder} has no CMakeLists.txt"


def test_folders_are_in_the_order():
    order = folder_order()
    missing = [folder.name for folder in folders() if folder.name not in order]
    assert not missing, f"not listed in the top CMakeLists.txt: {missing}"


def test_dependencies_go_upward():
    order = folder_order()
    for folder in folders():
        for used in uses(folder):
            if used == "proto":
                continue
            assert used in order, f"src/{folder.name} uses an unknown folder {used}"
            assert order.index(used) < order.index(folder.name), f"src/{folder.name} uses {used}, which comes later"


def test_architecture_page_has_the_folder_map():
    page = (ROOT / "docs" / "architecture.md").read_text()
    mapped = re.findall(r"^\| `src/([a-z]+)` \|", page, re.M)
    assert sorted(mapped) == [folder.name for folder in folders()]


# Folders below a folder that are public all the same: parts of one header, for those who need only a part.
PUBLIC_PARTS = {"sql/tree"}


def test_only_top_level_headers_are_included_from_elsewhere():
    names = {folder.name for folder in folders()}
    for path in sources(".h", ".cc"):
        own = path.relative_to(SRC).parts[0]
        for target in re.findall(r'#include "([^"]+)"', path.read_text()):
            parts = target.split("/")
            if "/".join(parts[:2]) in PUBLIC_PARTS:
                continue
            if parts[0] in names and parts[0] != own and len(parts) > 2:
                allowed = parts[1] == "testing" and (path.stem.endswith("_test") or "testing" in path.parts)
                assert allowed, f"{path.relative_to(ROOT)} includes {target}, which is private to {parts[0]}"


def test_includes_name_a_used_folder():
    """A folder includes only from folders that its CMakeLists.txt names (or that those use in turn)."""
    direct = {folder.name: set(uses(folder)) for folder in folders()}

    def reach(name, seen=None):
        seen = seen if seen is not None else set()
        for used in direct.get(name, ()):
            if used not in seen:
                seen.add(used)
                reach(used, seen)
        return seen

    for path in sources(".h", ".cc"):
        own = path.relative_to(SRC).parts[0]
        if path.stem.endswith("_test") or "testing" in path.parts:
            continue
        allowed = reach(own) | {own}
        for target in re.findall(r'#include "([a-z]+)/', path.read_text()):
            if target in direct:
                assert target in allowed, f"{path.relative_to(ROOT)} includes from {target}, not among its USES"


def test_files_are_short():
    for path in sources(".h", ".cc"):
        relative = str(path.relative_to(SRC))
        lines = path.read_text().count("\n")
        if relative not in LONG_FILES:
            assert lines <= FILE_LINES_MAX, f"src/{relative} has {lines} lines; split it, or give the reason here"


def function_lengths(path):
    """(name, first line, lines) of each function body that starts in column 0, as clang-format leaves them."""
    lines = path.read_text().splitlines()
    start = None
    for number, line in enumerate(lines):
        if start is None and re.match(r"^[A-Za-z_].*\{$", line) and "(" in "".join(lines[max(0, number - 3) : number + 1]):
            if not re.match(r"^(namespace|class|struct|enum|union|extern|constexpr|const|static const|inline constexpr)\b", line):
                start = number
        elif start is not None and line.startswith("}"):
            name = next((lines[i] for i in range(start, -1, -1) if re.match(r"^[A-Za-z_]", lines[i])), "")
            yield name.strip(), start + 1, number - start + 1
            start = None


def test_functions_are_short():
    for path in sources(".cc"):
        if path.stem.endswith("_test"):
            continue  # a table of cases is as long as its cases
        for name, line, length in function_lengths(path):
            relative = str(path.relative_to(SRC))
            if any(key == f"{relative}:{line}" or (key.split(":")[0] == relative and key.split(":")[1] in name) for key in LONG_FUNCTIONS):
                continue
            assert length <= FUNCTION_LINES_MAX, f"src/{relative}:{line} has {length} lines: {name}"


def test_heavy_headers_stay_in_cc_files():
    heavy = re.compile(r"#include <(boost/asio|boost/beast|boost/json|yaml-cpp|CLI/|prometheus/|spdlog/|openssl/ssl)")
    for path in sources(".h"):
        if "detail" in path.parts:
            continue
        match = heavy.search(path.read_text())
        assert not match, f"{path.relative_to(ROOT)} includes a heavy header: {match.group(0)}"


def test_headers_have_pragma_once():
    for path in sources(".h"):
        assert path.read_text().startswith("#pragma once"), f"{path.relative_to(ROOT)} does not start with #pragma once"


def test_formatting():
    listed = subprocess.run(["git", "ls-files", "*.cc", "*.h"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = listed.stdout.split()
    done = subprocess.run(["clang-format-19", "--dry-run", "-Werror", *files], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, "run ./dev fmt:\n" + done.stderr[:2000]


def test_documents_link_to_what_exists():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *SRC.glob("*/README.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
            if "://" in target or target.startswith("mailto:"):
                continue
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}, which is not there"
