# SPDX-License-Identifier: Apache-2.0
"""The schema of zone files against good and bad files: schema_test.py PROJECT_FOLDER

The C++ tests run the parser over the same files, so that schema and parser cannot drift apart."""

import json
import re
import sys
import unittest
from pathlib import Path

from jsonschema import Draft202012Validator

PROJECT = Path(sys.argv.pop(1))
DATA = PROJECT / "tests/data/zones"
SCHEMA = json.loads((PROJECT / "docs/zone.schema.json").read_text(encoding="utf-8"))


def load(path):
    string_or_comment = r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/'
    keep_strings = lambda found: found[0] if found[0].startswith('"') else " "
    text = path.read_text(encoding="utf-8")
    return json.loads(re.sub(string_or_comment, keep_strings, text, flags=re.DOTALL))


def faults(path):
    found = Draft202012Validator(SCHEMA).iter_errors(load(path))
    return [f"{path.name}: {fault.json_path}: {fault.message}" for fault in found]


def subschemas(value):
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from subschemas(member)
    elif isinstance(value, list):
        for item in value:
            yield from subschemas(item)


class ZoneSchema(unittest.TestCase):
    def files(self, folder):
        found = sorted((DATA / folder).glob("*.json"))
        self.assertGreater(len(found), 5)
        return found

    def test_is_a_schema_of_draft_2020_12(self):
        self.assertEqual(SCHEMA["$schema"], "https://json-schema.org/draft/2020-12/schema")
        Draft202012Validator.check_schema(SCHEMA)

    def test_every_key_has_a_title_and_a_description_for_the_editor(self):
        for schema in subschemas(SCHEMA):
            if schema.get("additionalProperties") is not False:
                continue
            keys = {**schema.get("properties", {}), **schema.get("patternProperties", {})}
            for key, value in keys.items():
                with self.subTest(key=key):
                    self.assertTrue(value.get("title"))
                    self.assertTrue(value.get("description"))

    def test_every_reference_leads_to_a_definition_and_every_definition_is_used(self):
        used = {schema["$ref"] for schema in subschemas(SCHEMA) if isinstance(schema.get("$ref"), str)}
        self.assertEqual(used, {f"#/$defs/{name}" for name in SCHEMA["$defs"]})

    def test_accepts_the_example(self):
        for path in sorted((PROJECT / "zones").glob("*.json")):
            self.assertEqual(faults(path), [])

    def test_accepts_good_files(self):
        for path in self.files("good"):
            with self.subTest(path.name):
                self.assertEqual(faults(path), [])

    def test_refuses_files_of_a_bad_shape(self):
        for path in self.files("bad-shape"):
            with self.subTest(path.name):
                self.assertNotEqual(faults(path), [])

    def test_accepts_files_whose_faults_only_the_parser_can_see(self):
        for path in self.files("bad-meaning"):
            with self.subTest(path.name):
                self.assertEqual(faults(path), [])


if __name__ == "__main__":
    unittest.main()
