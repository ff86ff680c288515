"""Holds `scopes` against other readers of YAML, JSON and TOML: no key file slips by.

Key files are changed at random (odd letters, structures, encodings, extensions) and written into one folder. Whatever
PyYAML (`safe_load` and every document of `safe_load_all`, by both loaders), `json` or `tomllib` reads as a mapping with
`provider` and `name` must be looked at by `scopes check FOLDER` and by `scopes diff --base`. And where `scopes` finds no
fault in the form of a file, it must have read the scopes and the allowances that PyYAML reads.

Called by `.ci/readers`; `--seed` and `--files` for longer runs.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import yaml

BREAKS = ["\n", "\r\n", "\r", "\u0085", "\u2028", "\u2029"]
LETTERS = BREAKS + [
    "\ufeff", "\t", "\0", "\x07", "\x7f", "\u00a0", "\u3000", "\u200b", "\u202e", "\ufffe", "\x85", "é", "😀", "\\", "#",
    "'", '"', "{", "}", "[", "]", ",", ":", "-", "?", "&", "*", "!", "|", ">", "%", "@", "`", "=", "~", " ", "  ", "<",
]
TOKENS = [
    "<<: *m\n", "<<: {name: merged}\n", "<<: [*m, *m]\n", "&m ", "*m", "!!str ", "!!map ", "! ", "!x ", "!!binary ", "? ", ": ", "- ",
    "---\n", "--- ", "...\n", "%YAML 1.1\n---\n", "%YAML 1.2\n---\n", "%TAG !e! tag:yaml.org,2002:\n---\n", "!e!str ",
    "# note ", " # note", "#", "\t", "NaN", "Infinity", "// note\n", "/* note */", ",", "{}", "[]", "null", "~", "|\n", ">-\n",
    "|2-\n", "'", '"', "''", '""', "\\u0076", "\\x76", "\\\n  ", "\\/", "'''", '"""', "0x10", "1_000", "2027-01-01", "yes",
    "name: other\n", "provider: other\n", "[" * 70, "]" * 70, "[" * 140 + "]" * 140, "{a: " * 70, " " * 70, "a: &m {name: y}\n",
    "labels: {a: &m {provider: paxos, name: z}}\n", "\n- x\n", "\nx\n", "{", "}", "}\n{", "1e999", "\\ud800",
]


def scope(dice):
    return f"zz{dice.randrange(10**6):06d}:read"


def key(dice, number):
    """A key file as a value. Its scopes are unknown to every catalog, so that findings tell which were read."""
    fields = {"provider": "paxos", "name": f"key {number}", "scopes": [scope(dice) for _ in range(dice.randrange(1, 4))]}
    if dice.random() < 0.5:
        fields["purpose"] = dice.choice(["watch # balances", "it's a \"test\"", "two\nlines", "a: b", "-", "é", "[x]", "<<"])
    if dice.random() < 0.4:
        fields["environments"] = {dice.choice(["sandbox", "production"]): {"scopes": scope(dice)}}
    if dice.random() < 0.4:
        end = {"reason": "r", "owner": "o", "until": "2999-01-01"}
        fields["allow"] = [{"rule": "unknown-scope", "scope": fields["scopes"][0], **end}]
    if dice.random() < 0.3:
        fields["labels"] = {"team": "a", "list": "b"}
    items = list(fields.items())
    dice.shuffle(items)
    return dict(items)


def toml_of(fields):
    value = lambda one: json.dumps(one, ensure_ascii=False) if not isinstance(one, (dict, list)) else (
        "[" + ", ".join(map(value, one)) + "]" if isinstance(one, list)
        else "{ " + ", ".join(f"{json.dumps(name)} = {value(of)}" for name, of in one.items()) + " }")
    return "".join(f"{name} = {value(of)}\n" for name, of in fields.items())


def written(dice, fields):
    """A key file in one of the ways in which people and programs write one: its text and its extension."""
    form = dice.randrange(9)
    if form < 3:
        return yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, default_flow_style=None if form else False), "yaml"
    if form == 3:
        return yaml.safe_dump(fields, sort_keys=False, default_flow_style=True, width=10**6), "yaml"
    if form == 4:
        style = dice.choice(["'", '"', "|", ">"])
        return yaml.safe_dump(fields, sort_keys=False, default_style=style), "yaml"
    if form == 5:
        return "".join(f"? {name}\n: {json.dumps(of)}\n" for name, of in fields.items()), "yaml"
    if form == 6:
        return toml_of(fields), "toml"
    return json.dumps(fields, indent=dice.choice([None, 2])), dice.choice(["json", "json", "yaml"])


def disguised(dice, text):
    """A name of a field in another spelling that means the same to some reader."""
    name = dice.choice(["provider", "name", "scopes"])
    at = dice.randrange(len(name))
    letter = ord(name[at])
    code = dice.choice([f"\\u{letter:04x}", f"\\x{letter:02x}", f"\\U{letter:08x}"])
    new = dice.choice([
        f'"{name[:at]}{code}{name[at + 1:]}"', f"'{name}'", f'"{name}"', f"!!str {name}", f"&n {name}", f"? {name}\n", f"!!str '{name}'",
        f'"{name[:at]}\\\n  {name[at:]}"', f"{name} ", f"*n ", f"! {name}", f"!<tag:yaml.org,2002:str> {name}", f"? |-\n  {name}\n",
    ])
    return re.sub(rf"(?m)(^|[{{,] ?)[\"']?{name}[\"']?(?= ?[:=])", lambda found: found[1] + new, text, count=1)


def mutated(dice, text):
    spot = lambda: dice.randrange(len(text) + 1)
    kind = dice.randrange(13)
    at = spot()
    if kind == 0:
        return text[:at] + dice.choice(LETTERS) + text[at:]
    if kind == 1:
        return text[:at] + dice.choice(TOKENS) + text[at:]
    if kind in (2, 3):
        starts = [0] + [found.end() for found in re.finditer("\n", text)]
        at = dice.choice(starts)
        return text[:at] + dice.choice(TOKENS + [dice.choice(LETTERS)]) + text[at:]
    if kind == 4:
        new = dice.choice(BREAKS)
        return text.replace("\n", new, dice.choice([1, 2, -1]))
    if kind == 5:
        return disguised(dice, text)
    if kind == 6:
        end = min(len(text), at + dice.randrange(1, 4))
        return text[:at] + text[end:]
    if kind == 7:
        lines = text.splitlines(keepends=True)
        dice.shuffle(lines)
        return "".join(lines)
    if kind == 8:
        return text + dice.choice(TOKENS + ["---\n" + text, "...\n" + text, " {}", "\n[]", text])
    if kind == 9:
        return dice.choice(TOKENS) + text
    if kind == 10:
        return "# a note" + dice.choice(BREAKS) + text
    if kind == 11:
        first, _, rest = text.partition("\n")
        return "\n".join(["base: &m {" + first + "}", "<<: " + dice.choice(["*m", "[*m]", "{" + first + "}"]), rest])
    return text.replace(" ", dice.choice(["\t", "  ", "\u00a0"]), dice.choice([1, 3]))


def encoded(dice, text):
    bytes_ = text.encode("utf-8", "surrogatepass")
    kind = dice.randrange(40)
    if kind == 0:
        return b"\xef\xbb\xbf" + bytes_
    if kind in (1, 2, 3):
        name = ["utf-16", "utf-16-le", "utf-32"][kind - 1]
        return text.encode(name, "surrogatepass")
    if kind == 4:
        return b"\xfe\xff" + text.encode("utf-16-be", "surrogatepass")
    if kind == 5:
        at = dice.randrange(len(bytes_) + 1)
        return bytes_[:at] + bytes([dice.randrange(256)]) + bytes_[at:]
    return bytes_


def is_key(value):
    return isinstance(value, dict) and "provider" in value and "name" in value


def readings(data):
    """What each reader has: its name, and every value that it reads before it fails."""
    loaders = [("PyYAML", yaml.SafeLoader)]
    if hasattr(yaml, "CSafeLoader"):
        loaders.append(("PyYAML in C", yaml.CSafeLoader))
    for name, loader in loaders:
        values = []
        try:
            for value in yaml.load_all(data, Loader=loader):
                values.append(value)
        except Exception:
            pass
        yield name + ", every document", values
        try:
            yield name, [yaml.load(data, Loader=loader)]
        except Exception:
            yield name, []
    try:
        yield "json", [json.loads(data)]
    except Exception:
        yield "json", []
    try:
        yield "tomllib", [tomllib.loads(data.decode())]
    except Exception:
        yield "tomllib", []


def names(value):
    """The scopes that a value means, or None where it is none of texts."""
    if value is None:
        return set()
    if isinstance(value, str):
        return set(re.split(r"[\s,]+", value)) - {""}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return {part for item in value for part in names(item)}
    return None


def scopes_of(value):
    """All scopes of a key as another reader has it; None where some of them are of another type."""
    all_ = names(value.get("scopes"))
    environments = value.get("environments") or {}
    if all_ is None or not isinstance(environments, dict):
        return None
    for environment in environments.values():
        more = names(environment.get("scopes")) if isinstance(environment, dict) else None
        if more is None:
            return None
        all_ = all_ | more
    return all_


def allowed(value):
    entries = value.get("allow") or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return None
    return {entry.get("scope") for entry in entries if entry.get("rule") == "unknown-scope"}


FORM = {"syntax-error", "unknown-field", "missing-field", "duplicate-field", "wrong-type", "secret-in-file", "possible-secret"}


def run(seed, count, binary):
    dice = random.Random(seed)
    faults = []
    with tempfile.TemporaryDirectory() as top:
        top = Path(top)
        git = ["git", "-C", str(top), "-c", "user.name=test", "-c", "user.email=test@example.com"]
        subprocess.run(git + ["init", "-q"], check=True)
        subprocess.run(git + ["commit", "-q", "--allow-empty", "-m", "base"], check=True)
        folder = top / "keys"
        folder.mkdir()
        files = {}
        for number in range(count):
            text, extension = written(dice, key(dice, number))
            for _ in range(dice.choice([1, 1, 2, 2, 3, 5])):
                text = mutated(dice, text)
            if dice.random() < 0.15:
                extension = dice.choice(["yaml", "yml", "json", "toml", "YAML", "Json", "TOML"])
            name = f"{dice.choice(['', '', '', '.'])}{number}.{extension}"
            files[name] = encoded(dice, text)
            (folder / name).write_bytes(files[name])
        keys, counts, values = {}, {}, {}
        for name, data in files.items():
            for reader, read in readings(data):
                found = [value for value in read if is_key(value)]
                if found:
                    keys.setdefault(name, []).append(reader)
                    counts[reader] = counts.get(reader, 0) + 1
                    values.setdefault(name, []).append((reader, found))

        def scopes(*arguments):
            done = subprocess.run([binary, *arguments], cwd=top, capture_output=True, timeout=600)
            if done.returncode not in (0, 1, 2):
                faults.append(f"`scopes {' '.join(arguments)}` ended with {done.returncode}: {done.stderr[-300:]!r}")
            return done

        listed = json.loads(scopes("check", "keys", "--show-files", "--format", "json").stdout)["files"]
        looked_at = {Path(one["file"]).name for one in listed if one["checked"]}
        for name in sorted(set(keys) - looked_at):
            faults.append(f"{name}: passed over by `check`, and {keys[name]} read a key: {files[name]!r}")
        checked = scopes("check", "keys", "--format", "json", "--fail-on", "never")
        report = json.loads(checked.stdout)
        refused = checked.stderr.decode()
        number = report["summary"]["files"] + refused.count("error: ")
        if number < len(looked_at):
            faults.append(f"`check` judged or refused {number} files of {len(looked_at)}")
        changed = scopes("diff", "--base", "HEAD", "--format", "json", "keys")
        compared = changed.stdout.decode() + changed.stderr.decode()
        mentioned = set(re.findall(r"keys/(\.?\d+\.\w+)", compared))
        for name in sorted(set(keys) - mentioned):
            faults.append(f"{name}: passed over by `diff --base`, and {keys[name]} read a key: {files[name]!r}")
        # What scopes were read, in files of whose form nothing is said.
        form, unknown, accepted = set(), {}, {}
        for finding in report["findings"]:
            name = Path(finding["file"]).name
            if finding["rule"] in FORM:
                form.add(name)
            if finding["rule"] == "unknown-scope":
                unknown.setdefault(name, set()).add(finding["scope"])
        for one in report["accepted"]:
            name = Path(one["file"]).name
            if one["rule"] == "unknown-scope":
                accepted.setdefault(name, set()).add(one["scope"])
        held = 0
        for name, of_file in values.items():
            if name in form or f"keys/{name}" in refused:
                continue
            for reader, found in of_file:
                if len(found) != 1 or not isinstance(found[0]["provider"], str) or found[0]["provider"] != "paxos":
                    continue
                theirs, by_them = scopes_of(found[0]), allowed(found[0])
                if theirs is None or by_them is None:
                    continue
                held += 1
                # A list may have several names in one of its texts, which one finding is about.
                ours = names(sorted(unknown.get(name, set()) | accepted.get(name, set())))
                if theirs != ours:
                    faults.append(f"{name}: {reader} reads the scopes {theirs}, and scopes {ours}: {files[name]!r}")
                # One that names no scope accepts every one of its rule.
                if None not in by_them and not accepted.get(name, set()) <= by_them:
                    faults.append(f"{name}: accepted {accepted[name]}, and {reader} {by_them}: {files[name]!r}")
        print(f"seed {seed}: {count} files; keys for {', '.join(f'{reader}: {n}' for reader, n in sorted(counts.items()))}")
        print(f"  {len(keys)} are keys for any of them; check looks at {len(looked_at)} files, diff --base at {len(mentioned)};")
        print(f"  {held} readings of files without a fault in their form held against PyYAML, json and tomllib")
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, action="append")
    parser.add_argument("--files", type=int, default=1500)
    parser.add_argument("--binary", default="target/debug/scopes")
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    loaders = "both loaders" if hasattr(yaml, "CSafeLoader") else "no loader in C"
    print(f"readers: PyYAML {yaml.__version__} ({loaders}), json and tomllib of Python {sys.version.split()[0]}")
    start = time.monotonic()
    faults = [fault for seed in arguments.seed or [1, 2] for fault in run(seed, arguments.files, binary)]
    print(f"readers: {len(faults)} faults in {time.monotonic() - start:.0f} s")
    for fault in faults[:20]:
        print("error:", fault[:1500], file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
