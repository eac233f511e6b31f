"""Reads a page of metrics by Prometheus' own parser for Python and says how many samples it found."""

import sys

from prometheus_client.parser import text_string_to_metric_families

with open(sys.argv[1], encoding="utf-8") as file:
    families = list(text_string_to_metric_families(file.read()))
assert all(family.documentation and family.type != "unknown" for family in families), families
print(sum(len(family.samples) for family in families))
