#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes the keys of the package's isochrone.json in, one by one and all together, and holds the result to the schema.

usage: settings_test.py PROJECT
"""
import json
import pathlib
import re
import sys

import jsonschema

project = pathlib.Path(sys.argv[1])
lines = (project / "dnsd/install/isochrone.json").read_text().splitlines()
schema = json.loads((project / "docs/isochrone.schema.json").read_text())
offered = [number for number, line in enumerate(lines) if line.startswith("    // , ")]
assert len(offered) >= 5, "no keys are found"


def settings_with(taken):
    text = [re.sub(r"^    // , ", "    , ", line) if number in taken else line for number, line in enumerate(lines)]
    return json.loads("\n".join(line for line in text if not line.lstrip().startswith("//")))


assert settings_with([]).keys() == {"$schema"}, "a key is set by default"
for taken in [[], *([number] for number in offered), offered]:
    settings = settings_with(taken)
    assert len(settings) == len(taken) + 1
    jsonschema.validate(settings, schema)
print(f"{len(offered)} keys are good")
