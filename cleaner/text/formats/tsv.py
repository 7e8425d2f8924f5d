"""TSV: CSV whose fields are parted by tabs."""

from __future__ import annotations

from functools import partial

from cleaner.text.formats import csv

records = partial(csv.records, delimiters="\t")
prose = csv.prose
