#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the man pages and the shells' completions to the executable and the schemas.

usage: manual_test.py ISOCHRONE FOLDER DOCS; FOLDER is where manual.py has written them.
Prints each fault, and ends with status 1 when there is one.
"""
import json
import pathlib
import re
import subprocess
import sys

program, folder, docs = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
faults = []


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def expect(good, text):
    if not good:
        faults.append(text)


def shown(page):
    """A page as a reader has it, in one line."""
    text = output_of("mandoc", "-T", "utf8", str(folder / page))
    return re.sub(r"\s+", " ", re.sub(".\x08", "", text))


def flags_of(text):
    """What stands at the margin of the options, and nothing that a text only mentions."""
    return set(re.findall(r"(?m)^  (?:-\w,)?(--[a-z-]+)", text))


def commands_of(text):
    return re.findall(r"(?m)^  ([a-z]+)  ", text[text.index("Subcommands:"):])


def completed(*words):
    """What bash offers for the last word."""
    script = f"""source {folder}/isochrone.bash; compopt() {{ :; }}
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _isochrone; printf '%s\\n' "${{COMPREPLY[@]}}" """
    return set(output_of("bash", "-c", script, "bash", *words).split())


def keys_of(schema, at, path=""):
    """The paths of all keys that a schema has by name: "tcp.idle"."""
    if "$ref" in at:
        yield from keys_of(schema, schema["$defs"][at["$ref"].split("/")[-1]], path)
    for name, value in at.get("properties", {}).items():
        yield path + name
        yield from keys_of(schema, value, path + name + ".")


def check_commands():
    page = shown("isochrone.8")
    help_ = output_of(program, "--help")
    commands = commands_of(help_)
    expect(len(commands) > 10 and "serve" in commands, f"the commands are not read: {commands}")
    expect(completed("isochrone", "") == set(commands), "bash does not complete all commands")
    fish = (folder / "isochrone.fish").read_text()
    for command in commands:
        expect(f"isochrone [OPTIONS] {command}" in page, f"isochrone(8) has no command {command}")
        text = output_of(program, command, "--help")
        flags = flags_of(text)
        expect("--help" in flags, f"the flags of {command} are not read")
        for flag in flags:
            expect(re.search(f"[ ,]{flag} ", page), f"isochrone(8) has no {flag}, of {command}")
            expect(f"from {command}' -l {flag[2:]} " in fish, f"fish does not complete {flag} of {command}")
        found = completed("isochrone", "--config", "a.json", command, "-")
        expect(found == flags | {"--config"}, f"bash completes {found ^ flags} otherwise after {command}")
    for flag in flags_of(help_):
        expect(f" {flag} " in page or f",{flag} " in page, f"isochrone(8) has no {flag}")


def check_keys(name, page):
    schema = json.loads((docs / name).read_text())
    text = shown(page)
    parts = [("", schema)] if page == "isochrone.json.5" else [("", schema), *schema["$defs"].items()]
    keys = {key if page == "isochrone.json.5" else key.split(".")[-1] for _, part in parts for key in keys_of(schema, part)}
    # All types of records are keys, and no page lists what a zone file may contain anyway.
    keys = {key for key in keys if not re.fullmatch(r"[A-Z0-9-]+", key)}
    expect(len(keys) > 30, f"the keys of {name} are not read: {keys}")
    for key in sorted(keys):
        expect(re.search(rf"(?<![\w.]){re.escape(key)}(?!\w)", text), f"{page} has no key {key}")


check_commands()
check_keys("isochrone.schema.json", "isochrone.json.5")
check_keys("zone.schema.json", "isochrone-zone.5")
for path in sorted(folder.glob("*.[58]")):
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "error", str(path)], capture_output=True, text=True)
    expect(lint.returncode == 0, lint.stdout)
    expect(path.stat().st_size > 5000, f"{path.name} is too short")
print("\n".join(faults) or "all flags, commands and keys are in the man pages")
sys.exit(1 if faults else 0)
