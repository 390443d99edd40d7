"""Reads all formats with pandas, polars and pyarrow, runs the module that was written, and checks what they give."""

import importlib.util
import json
import sys
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(sys.argv[1])
NAMES = ["record", "wave", "person", "group", "well", "well_missing", "hours", "hours_missing", "note_1"]
GROUPS = [
    "north",
    "NA",
    "=1+1",
    "it's \"so\", he said",
    "two\nlines",
    "`echo' $HOME %s {x} \\n",
    "Zürich 東京 😀",
    "'=1",
]
REASONS = ["refused", "not_asked", "lost"]
WELL = [None, None, 0, 0, 1, None, 1, 0]
WELL_MISSING = ["refused", None, "not_asked", None, None, "lost", None, None]
HOURS = [0.1 + 0.2, 1e-7, None, None, 0.0, 0.0, -12.5, 123456789.125]
HOURS_MISSING = [None, None, "refused", None, "not_asked", None, None, None]
NOTE = [None, "NA", "0", "@x", "null", " blank ", "a,b", "ä"]


def check(columns, harmless=False):
    """`columns`: lists by name, with None where there is no value."""
    assert list(columns) == NAMES, list(columns)
    assert columns["record"][:2] == ["S-000000000000", "S-000000000011"]
    assert columns["wave"] == [1, 2, 3, 4, 5, 1, 2, 3]
    assert columns["person"] == [1, -2, 3, 2**52, 5, 6, 7, 8]
    assert columns["group"] == GROUPS, columns["group"]
    assert columns["well"] == WELL, columns["well"]
    assert columns["well_missing"] == WELL_MISSING, columns["well_missing"]
    assert columns["hours"] == HOURS, columns["hours"]
    assert columns["hours_missing"] == HOURS_MISSING
    # The one thing that is other in CSV: free texts keep the apostrophe of what a spreadsheet would run.
    assert columns["note_1"] == ["'@x" if harmless and n == "@x" else n for n in NOTE], columns["note_1"]


def lists(frame):
    """Cells of a DataFrame of pandas."""
    return {n: [None if pd.isna(v) else v for v in frame[n].tolist()] for n in frame.columns}


spec = importlib.util.spec_from_file_location("load", folder / "load.py")
load = importlib.util.module_from_spec(spec)
spec.loader.exec_module(load)

frame = load.load_pandas("observed")
check(lists(frame), harmless=True)
assert frame["group"].cat.categories.tolist() == GROUPS
assert frame["well_missing"].cat.categories.tolist() == REASONS
assert frame.attrs["provenance"]["eclosion.note"] == "synthetic: no real person"
assert frame.attrs["columns"]["well"]["label"] == "felt well"
assert frame.attrs["columns"]["well"]["reasons"] == "well_missing"
assert frame.attrs["columns"]["hours"]["unit"] == "hours"

frame = load.load_polars("observed", folder)
check({n: frame[n].to_list() for n in frame.columns}, harmless=True)
assert frame["group"].dtype == pl.Enum(GROUPS)

lines = [json.loads(line) for line in (folder / "observed.jsonl").read_text(encoding="utf-8").splitlines()]
assert [list(line) for line in lines] == [NAMES] * 8
check({n: [line[n] for line in lines] for n in NAMES})
frame = pl.read_ndjson(folder / "observed.jsonl")
check({n: frame[n].to_list() for n in frame.columns})

for name in ["observed.csv", "observed.jsonl"]:
    metadata = json.loads((folder / f"{name}-metadata.json").read_text(encoding="utf-8"))
    assert metadata["url"] == name
    assert [c["titles"] for c in metadata["tableSchema"]["columns"]] == NAMES

if (folder / "observed.parquet").exists():
    parquet = pq.read_table(folder / "observed.parquet")
    with pa.OSFile(str(folder / "observed.arrow")) as file:
        arrow = pa.ipc.open_file(file).read_all()
    for table in [parquet, arrow]:
        table.validate(full=True)
        check(table.to_pydict())
        assert table.schema.metadata[b"eclosion.note"] == b"synthetic: no real person"
        assert table.schema.metadata[b"eclosion.seed"] == b"7"
        well, hours = table.schema.field("well"), table.schema.field("hours")
        assert well.metadata[b"label"] == b"felt well" and well.metadata[b"reasons"] == b"well_missing"
        assert table.schema.field("well_missing").metadata[b"reasons_of"] == b"well"
        assert hours.metadata[b"unit"] == b"hours"
        assert table.schema.field("wave").type == pa.int8()
        frame = table.to_pandas()
        check(lists(frame))
        # All levels in their order, used or not.
        assert frame["well_missing"].cat.categories.tolist() == REASONS
    for frame in [pl.read_parquet(folder / "observed.parquet"), pl.read_ipc(folder / "observed.arrow")]:
        check({n: frame[n].to_list() for n in frame.columns})
    check(lists(pd.read_parquet(folder / "observed.parquet")))
