"""Each public header compiles by itself. A file that includes it before anything else proves that already when it is built; the
others are compiled here."""

import json
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def compile_flags():
    """The flags that the build gives to the last folder's files: they hold every include path there is."""
    for entry in json.loads((ROOT / "build" / "dev" / "compile_commands.json").read_text()):
        if entry["file"].endswith("/app/main.cc") or entry["file"].endswith("/runtime/loop.cc"):
            words = shlex.split(entry["command"])
            yield [word for word in words if word.startswith(("-I", "-isystem", "-std", "-D"))] + [
                word for previous, word in zip(words, words[1:]) if previous == "-isystem" for word in ("-isystem", word)
            ]


def check(header, flags):
    source = f'#include "{header.relative_to(ROOT / "src")}"\n#include "{header.relative_to(ROOT / "src")}"\n'
    done = subprocess.run(
        ["clang++-19", "-fsyntax-only", "-x", "c++", *flags, f"-I{ROOT}/src", f"-I{ROOT}/build/dev/proto", "-"],
        input=source, capture_output=True, text=True,
    )
    return header, done


def is_proven(header):
    """Its own .cc or test begins with it."""
    own = f'#include "{header.relative_to(ROOT / "src")}"'
    for suffix in (".cc", "_test.cc"):
        source = header.with_name(header.stem + suffix)
        if source.exists() and own == next((line for line in source.read_text().splitlines() if line.startswith("#include")), ""):
            return True
    return False


def test_public_headers_are_self_contained():
    flags = [flag for flag in next(iter(compile_flags())) if flag != "-isystem"]
    headers = [header for header in sorted((ROOT / "src").glob("*/*.h")) if not is_proven(header)]
    assert headers
    with ThreadPoolExecutor(2) as pool:
        failures = [
            f"{header.relative_to(ROOT)}:\n{done.stderr[:800]}"
            for header, done in pool.map(lambda each: check(each, flags), headers)
            if done.returncode != 0
        ]
    assert not failures, "\n".join(failures)
