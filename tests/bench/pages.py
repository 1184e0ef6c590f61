"""Pages of docs that hold what was measured."""

import re


def put_between_marks(page, name, text):
    """Replaces what stands between the marks of that name in the page."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    whole = page.read_text()
    assert begin in whole and end in whole, f"{page} has no place for {name}"
    page.write_text(re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{text}\n{end}", whole, flags=re.S))


PICTURE_STYLE = """
text { font: 13px sans-serif; fill: #333 }
.axis, .whisker { stroke: #888; stroke-width: 1 }
.grid { stroke: #888; stroke-width: 1; opacity: 0.25 }
.round { fill: #888; opacity: 0.55 } .goal { stroke: #c0504d; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } }
"""
