#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the man pages and the shells' completions, of what there is: the help of the executable, and the pages
in docs.

usage: manual.py ISOCHRONE DOCS FOLDER
Writes isochrone.8, isochrone.json.5 and isochrone-zone.5, with a compressed copy each, and isochrone.bash and
isochrone.fish.
"""
import gzip
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as xml


def escaped(text):
    """Text as roff has it, in the middle of a line."""
    return text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha")


def on_lines(text):
    """A line must not begin with what commands begin with."""
    return re.sub(r"(?m)^(?=[.'])", r"\\&", text)


class Page:
    """A man page out of pieces of Markdown, which cmark-gfm reads."""

    def __init__(self, name, section, about, version):
        self.out = [f'.TH "{name.upper()}" {section} "" "Isochrone {version}" "Isochrone"', ".SH NAME",
                    f"{escaped(name)} \\- {escaped(about)}"]

    def add(self, *lines):
        self.out.extend(lines)

    def add_code(self, text):
        self.add(".PP", ".RS 4", ".EX", on_lines(escaped(text.rstrip("\n"))), ".EE", ".RE")

    def inline(self, element):
        """The text of an element, with its bold and its slanted words."""
        text = "".join(self.word(child) for child in element)
        return on_lines(re.sub(r" *\n *", "\n", text).strip())

    def word(self, element):
        kind = element.tag
        inner = "".join(self.word(child) for child in element)
        if kind == "text":
            return escaped(element.text)
        if kind == "code":
            return f"\\fB{escaped(element.text)}\\fR"
        if kind in ("strong", "emph"):
            return f"\\f{'B' if kind == 'strong' else 'I'}{inner}\\fR"
        if kind in ("softbreak", "linebreak"):
            return "\n"
        target = element.get("destination", "")
        return f"{inner} ({escaped(target)})" if target.startswith("http") else inner

    def add_markdown(self, text):
        """Headings of the second level become sections, and deeper ones subsections."""
        run = subprocess.run(["cmark-gfm", "-t", "xml", "-e", "table"], check=True, capture_output=True, text=True,
                             input=text)
        for element in xml.fromstring(re.sub(r'<document xmlns="[^"]*"', "<document", run.stdout)):
            self.add_block(element)

    def add_block(self, element):
        kind = element.tag
        if kind == "heading":
            title = re.sub(r"\\f.", "", self.inline(element)).replace('"', "\\(dq")
            self.add(f'.{"SH" if element.get("level") == "2" else "SS"} "{title}"')
        elif kind == "paragraph":
            self.add(".PP", self.inline(element))
        elif kind == "code_block":
            self.add_code(element.text)
        elif kind == "list":
            self.add_list(element)
        elif kind == "table":
            heads = [self.inline(cell) for cell in element[0]]
            for row in element[1:]:
                self.add_row(heads, [self.inline(cell) for cell in row])
        else:
            sys.exit(f"docs: no man page can have a {kind} yet")

    def add_list(self, element):
        for number, item in enumerate(element, int(element.get("start", 1))):
            self.add(f".IP {number}. 4" if element.get("type") == "ordered" else ".IP \\(bu 2")
            self.add(self.inline(item[0]))
            for further in item[1:]:
                self.add(".RS")
                self.add_block(further)
                self.add(".RE")

    def add_row(self, heads, cells):
        """The first cell of a row of a table is the term, and the others what is said of it."""
        self.add(".TP", cells[0] or "\\&")
        for number, (head, cell) in enumerate(zip(heads, cells)):
            if number == 1 and head != "Needed":
                self.add(cell or "\\&")
            elif number > 0 and cell:
                self.add(*[".br"] * (number > 1), f"\\fI{head}:\\fR {cell}" if head else cell)

    def write(self, path):
        text = ("\n".join(self.out) + "\n").encode()
        path.write_bytes(text)
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(text, 9, mtime=0))


def section(text, heading):
    """What stands in docs below a heading of the second level, without it."""
    found = re.search(rf"(?ms)^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text)
    if not found:
        sys.exit(f"docs: there is no heading \"{heading}\"")
    return found.group(1)


class Help:
    """What the executable says of itself, or of one of its commands."""

    def __init__(self, program, *command):
        text = subprocess.run([program, *command, "--help"], check=True, capture_output=True, text=True).stdout
        self.about, _, rest = text.partition("Usage: ")
        self.usage = rest.split("\n", 1)[0]
        self.positionals = self.entries(rest, "Positionals:")
        self.options = self.entries(rest, "Options:")
        self.commands = [name for name, _ in self.entries(rest, "Subcommands:")]

    @staticmethod
    def entries(text, title):
        """Names with their text. A long name has its text on the next line."""
        block = re.search(rf"(?ms)^{title}\n(.*?)(?=^\S|\Z)", text)
        found = []
        for line in (block.group(1) if block else "").splitlines():
            entry = re.match(r"  (\S.*?)(?:  +(\S.*))?$", line)
            if entry:
                found.append([entry.group(1), entry.group(2) or ""])
            elif line.strip():
                found[-1][1] = (found[-1][1] + "\n" + line.strip()).strip()
        return found

    def flags(self):
        """Each flag, whether a value follows it, and what it is for."""
        for name, about in self.options:
            spelling = name.split()[0].split(",")[-1]
            yield spelling, " " in name and "Excludes" not in name.split()[1], about.split("\n")[0]


def add_flags(page, entries):
    for name, about in entries:
        shown = re.sub(r" ?(Excludes: \S+|REQUIRED|\.\.\.|:INT in \[.*\])", "", name)
        page.add(".TP", f"\\fB{escaped(shown)}\\fR", on_lines(escaped(about)))


def command_page(helps, operations, version):
    program = helps[""]
    page = Page("isochrone", 8, "geo-aware authoritative DNS server", version)
    page.add(".SH SYNOPSIS")
    for name in program.commands:
        page.add(f"\\fBisochrone\\fR [\\fIOPTIONS\\fR] \\fB{name}\\fR "
                 + escaped(re.sub(r"^isochrone \S+ ?", "", helps[name].usage)), ".br")
    page.add(".SH DESCRIPTION", on_lines(escaped(program.about.strip())), ".SH OPTIONS", "Of all commands:")
    add_flags(page, program.options)
    page.add(".SH COMMANDS")
    for name in program.commands:
        help_ = helps[name]
        about, _, examples = help_.about.strip().partition("\n  ")
        page.add(f".SS {name}", on_lines(escaped(about)))
        if examples:
            page.add_code("  " + examples)
        add_flags(page, help_.positionals + [o for o in help_.options if not o[0].startswith("-h")])
    page.add(".SH EXIT STATUS")
    page.add_markdown(re.search(r"(?ms)^\| Command \|.*?\n\n", section(operations, "Commands")).group(0))
    page.add(".PP", "An unknown flag or command, and a value that a flag does not take, end with status 2.")
    for heading in ("Signals", "Reload", "Log", "Limits"):
        page.add(f".SH {heading.upper()}")
        page.add_markdown(section(operations, heading))
    page.add(".SH FILES", ".TP", "\\fI/etc/isochrone/isochrone.json\\fR", "Settings: isochrone.json(5).",
             ".TP", "\\fI/etc/isochrone/zones\\fR", "Zone files: isochrone\\-zone(5).",
             ".TP", "\\fI/var/lib/isochrone\\fR", "What is kept over restarts, and the socket of commands.",
             ".SH SEE ALSO", "isochrone.json(5), isochrone\\-zone(5), dig(1)")
    return page


def settings_page(operations, version):
    page = Page("isochrone.json", 5, "settings of the isochrone server", version)
    page.add(".SH DESCRIPTION")
    page.add_markdown(section(operations, "isochrone.json"))
    for heading in ("What the nodes of a zone tell each other", "DNS cookies", "Rate limit"):
        page.add(f".SH {heading.upper()}")
        page.add_markdown(section(operations, heading))
    page.add(".SH SEE ALSO", "isochrone(8), isochrone\\-zone(5)")
    return page


def zone_page(docs, version):
    page = Page("isochrone-zone", 5, "zone files of the isochrone server", version)
    page.add(".SH DESCRIPTION")
    for name in ("zone-format.md", "policies.md"):
        text = (docs / name).read_text()
        page.add_markdown(text.split("\n", 1)[1])
    page.add(".SH SEE ALSO", "isochrone(8), isochrone.json(5)")
    return page


def bash_completion(helps):
    rows = []
    for name, help_ in helps.items():
        flags = [flag for flag, _, _ in help_.flags()]
        valued = [flag for flag, value, _ in help_.flags() if value]
        rows.append(f"        {name or chr(34) * 2}) flags='{' '.join(flags)}' valued='{' '.join(valued)}' ;;")
    commands = " ".join(helps[""].commands)
    return f"""# Completion of isochrone for bash.
_isochrone() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
    local commands='{commands}' command='' flags='' valued='' word i
    for ((i = 1; i < COMP_CWORD; ++i)); do
        word=${{COMP_WORDS[i]}}
        if [[ $word == --config ]]; then ((++i)); continue; fi
        if [[ " $commands " == *" $word "* ]]; then command=$word; break; fi
    done
    case $command in
{chr(10).join(rows)}
    esac
    COMPREPLY=()
    if [[ $previous == --config || " $valued " == *" $previous "* ]]; then
        compopt -o default
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$flags --config" -- "$current" | sort -u)
    elif [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
    else
        compopt -o default
    fi
}}
complete -F _isochrone isochrone
"""


def fish_completion(helps):
    def quoted(text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    lines = ["# Completion of isochrone for fish."]
    for name, help_ in helps.items():
        when = f"-n '__fish_seen_subcommand_from {name}' " if name else ""
        if name:
            about = help_.about.split("\n")[0]
            lines.append(f"complete -c isochrone -n __fish_use_subcommand -f -a {name} -d {quoted(about)}")
        for flag, value, about in help_.flags():
            lines.append(f"complete -c isochrone {when}-l {flag[2:]}{' -r' if value else ''} -d {quoted(about)}")
    return "\n".join(lines) + "\n"


def main():
    program, docs, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    helps = {"": Help(program)}
    for name in helps[""].commands:
        helps[name] = Help(program, name)
    operations = (docs / "operations.md").read_text()
    folder.mkdir(parents=True, exist_ok=True)
    command_page(helps, operations, version).write(folder / "isochrone.8")
    settings_page(operations, version).write(folder / "isochrone.json.5")
    zone_page(docs, version).write(folder / "isochrone-zone.5")
    (folder / "isochrone.bash").write_text(bash_completion(helps))
    (folder / "isochrone.fish").write_text(fish_completion(helps))


main()
