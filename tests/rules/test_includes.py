"""Files include what they use, or something of ours that does. The build would not tell: precompiled headers (cmake/precompiled.h) give every
file most of the standard library."""

import re
from functools import cache
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src"
INCLUDE = re.compile(r'^#include ([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_TEXT = re.compile(r'//.*|"(?:[^"\\\n]|\\.)*"')
# A header, and the names of std:: that it gives. Where others are known to give a name too, it stands with each of them.
NAMES = {
    "algorithm": "all_of any_of clamp copy count count_if equal find find_if lower_bound max min none_of reverse sort stable_sort transform",
    "array": "array",
    "atomic": "atomic",
    "charconv": "from_chars to_chars",
    "chrono": "chrono",
    "coroutine": "coroutine_handle suspend_always",
    "cstdint": "int32_t int64_t uint8_t uint16_t uint32_t uint64_t",
    "cstdlib": "getenv strtoull",
    "deque": "deque erase_if",
    "functional": "function less ref",
    "map": "erase_if less map multimap",
    "memory": "enable_shared_from_this make_shared make_unique shared_ptr unique_ptr weak_ptr",
    "mutex": "lock_guard mutex unique_lock",
    "optional": "nullopt optional",
    "set": "erase_if less multiset set",
    "span": "span",
    "sstream": "istringstream ostringstream stringstream",
    "string": "erase_if string string_view to_string",
    "string_view": "string_view",
    "tuple": "tie tuple",
    "unordered_map": "erase_if unordered_map",
    "utility": "exchange",
    "variant": "get_if variant visit",
    "vector": "erase_if vector",
}
PROVIDERS = {name: {header for header, names in NAMES.items() if name in names.split()} for names in NAMES.values() for name in names.split()}


@cache
def includes(path):
    """Of a file: the headers of other projects, and the files of ours."""
    found = INCLUDE.findall(path.read_text())
    return {name for kind, name in found if kind == "<"}, [SRC / name for kind, name in found if kind == '"' and (SRC / name).exists()]


def reached(path):
    """Every header of other projects that the file gets, by itself or through ours."""
    seen, waiting, headers = set(), [path], set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            others, ours = includes(path)
            headers |= others
            waiting += ours
    return headers


def missing(path):
    headers = reached(path)
    code = COMMENT_OR_TEXT.sub("", path.read_text())
    for name in sorted(set(re.findall(r"\bstd::(\w+)", code))):
        if name in PROVIDERS and not PROVIDERS[name] & headers:
            yield f"{path.relative_to(SRC)} uses std::{name} without <{min(PROVIDERS[name])}>"
    for library, prefix in (("fmt", "fmt/"), ("tl", "tl/")):
        if re.search(rf"\b{library}::\w", code) and not any(header.startswith(prefix) for header in headers):
            yield f"{path.relative_to(SRC)} uses {library}:: without a header of it"


def test_files_include_what_they_use():
    files = sorted([*SRC.rglob("*.h"), *SRC.rglob("*.cc")])
    assert len(files) > 500
    found = [line for path in files for line in missing(path)]
    assert not found, "\n".join(found)


def test_a_missing_header_is_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "SRC", tmp_path)
    (tmp_path / "ours.h").write_text("#include <vector>\n")
    (tmp_path / "good.cc").write_text('#include "ours.h"\nstd::vector<int> all;  // std::map\n')
    (tmp_path / "bad.cc").write_text('#include "ours.h"\nstd::map<int, int> all;\n')
    assert not list(missing(tmp_path / "good.cc"))
    assert list(missing(tmp_path / "bad.cc")) == ["bad.cc uses std::map without <map>"]
