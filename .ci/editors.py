"""Puts the schemas in front of the tools that read them, and the language server in front of our own client and of Neovim.

A tool that is not there is named and passed over; a wrong answer fails. Usage: editors.py SCOPES TOOLS, the program and the
folder that has a folder of npm packages for each tool.
"""

import bisect
import collections
import contextlib
import dataclasses
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent

# The longest that an answer may take, in seconds; a busy machine takes some of them.
PATIENCE = 20

# In parts, so that no scanner takes this file for a leak.
MATERIAL = "51HqLyjWDarjtT1zdp7dcXyZ"
SECRET = "sk_" + "live_" + MATERIAL


class Fault(Exception):
    """An answer other than the one expected."""


def expect(what, expected, came):
    if expected != came:
        raise Fault(f"{what}: expected {expected}, came {came}")


# Places in a text. The protocol counts lines and units from 0, in UTF-16 or UTF-8; `scopes check` counts both from 1, in
# characters.

LINE_END = re.compile(r"\r\n|\n|\r")


def units(text, encoding):
    return len(text.encode("utf-8")) if encoding == "utf-8" else len(text.encode("utf-16-le")) // 2


def starts_of(text, line_end=LINE_END):
    return [0] + [match.end() for match in line_end.finditer(text)]


def position_of(text, offset, encoding):
    starts = starts_of(text)
    line = bisect.bisect_right(starts, offset) - 1
    return {"line": line, "character": units(text[starts[line]:offset], encoding)}


def offset_of(text, position, encoding):
    """The character at a position, which must not be inside one or beyond its line."""
    starts = starts_of(text)
    if position["line"] >= len(starts):
        return len(text)
    start = starts[position["line"]]
    line = LINE_END.split(text[start:], maxsplit=1)[0]
    for length in range(len(line) + 1):
        if units(line[:length], encoding) == position["character"]:
            return start + length
    raise Fault(f"the position {position} in {encoding} is inside a character, or beyond the line {line[:80]!r}")


def place_of(text, offset):
    """The line and the column of `scopes check`."""
    starts = starts_of(text, re.compile("\n"))
    line = bisect.bisect_right(starts, offset) - 1
    return line + 1, offset - starts[line] + 1


def offset_of_place(text, line, column):
    starts = starts_of(text, re.compile("\n"))
    return starts[line - 1] + column - 1 if line <= len(starts) else len(text)


def replaced(text, edits):
    """A text with (start, end, replacement) replaced, none of which overlaps another."""
    limit = len(text)
    for start, end, replacement in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        if end > limit or start > end:
            raise Fault(f"edits overlap: {edits}")
        text, limit = text[:start] + replacement + text[end:], start
    return text


def edited(text, edits, encoding):
    """A text after the edits of a server."""
    def span(edit):
        return [offset_of(text, edit["range"][end], encoding) for end in ("start", "end")]
    return replaced(text, [(*span(edit), edit["newText"]) for edit in edits])


# Servers.


class Peer:
    """A process that speaks JSON-RPC over its standard input and output, framed as the Language Server Protocol says."""

    def __init__(self, command, folder, configuration=None):
        self.configuration = configuration or {}
        self.heard = []
        self.news = threading.Condition()
        self.turn = threading.Lock()
        self.numbers = itertools.count(1)
        self.complaints = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.complaints, start_new_session=True)
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def listen(self):
        message = {}
        while message is not None:
            try:
                message = read_message(self.process.stdout)
            except ValueError as error:
                message = {"unreadable": str(error)}
            with self.news:
                self.heard.append(message)
                self.news.notify_all()
            if message is not None and "method" in message and "id" in message:
                self.reply(message)
            if message is not None and "unreadable" in message:
                break

    def reply(self, asked):
        """Answers what a server asks of its client."""
        result = None
        if asked["method"] == "workspace/configuration":
            result = [self.configuration.get(item.get("section")) for item in asked["params"]["items"]]
        with contextlib.suppress(OSError):
            self.send({"id": asked["id"], "result": result})

    def write(self, data):
        # A server that does not read would keep us here for ever.
        watch = threading.Timer(60, self.process.kill)
        watch.start()
        try:
            with self.turn:
                self.process.stdin.write(data)
                self.process.stdin.flush()
        finally:
            watch.cancel()

    def send(self, message):
        self.write(framed(json.dumps({"jsonrpc": "2.0", **message}).encode()))

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params, seconds=PATIENCE):
        """The whole answer to a request, its error included."""
        number = next(self.numbers)
        self.send({"id": number, "method": method, "params": params})

        def is_answer(heard):
            return heard.get("id") == number and "method" not in heard

        return self.wait(f"an answer to {method}", is_answer, seconds)

    def request(self, method, params, seconds=PATIENCE):
        answer = self.ask(method, params, seconds)
        if "error" in answer:
            raise Fault(f"{method} failed: {answer['error']}")
        return answer.get("result")

    def wait(self, what, wanted, seconds=PATIENCE, since=0):
        """The first message after `since` that is wanted."""
        end = time.monotonic() + seconds
        with self.news:
            while True:
                for message in self.heard[since:]:
                    if message is None:
                        raise Fault(f"expected {what}, but the server ended{self.last_words()}")
                    if "unreadable" in message:
                        raise Fault(f"expected {what}, but the server wrote {message['unreadable']}")
                    if wanted(message):
                        return message
                since = len(self.heard)
                left = end - time.monotonic()
                if left <= 0:
                    raise Fault(f"expected {what}, and nothing came for {seconds} seconds")
                self.news.wait(left)

    def last_words(self):
        words = self.written_aside().strip().splitlines()
        return f" ({words[-1]})" if words else ""

    def written_aside(self):
        self.complaints.seek(0)
        return self.complaints.read().decode("utf-8", "replace")

    def everything(self):
        """All that the server said, as text."""
        with self.news:
            heard = [message for message in self.heard if message is not None]
        return json.dumps(heard, ensure_ascii=False) + self.written_aside()

    def ended(self, seconds=5):
        """The status with which the process ends, of which no process must be left."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Fault(f"the server is still there {seconds} seconds after it was told to go") from None
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return status
        raise Fault("the server ended, and left a process behind")

    def stop(self):
        """What is done in any case, whatever came before."""
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.listener.join()
        for stream in (self.process.stdin, self.process.stdout, self.complaints):
            with contextlib.suppress(OSError):
                stream.close()


def environment(home):
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}


def framed(body):
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def read_message(stream):
    """The next message, or nothing where there is no more."""
    length = None
    while True:
        line = stream.readline(1000)
        if not line and length is None:
            return None
        if line == b"\r\n":
            break
        name, colon, value = line.rstrip(b"\r\n").partition(b": ")
        if not colon or not line.endswith(b"\r\n"):
            raise ValueError(f"a header that is none: {line!r}")
        if name.lower() == b"content-length":
            length = int(value)
    if length is None:
        raise ValueError("a message without a length")
    message = json.loads(stream.read(length).decode("utf-8"))
    if message.get("jsonrpc") != "2.0":
        raise ValueError(f"a message of another protocol: {message}")
    return message


@dataclasses.dataclass
class Document:
    """A file as an editor has it open."""

    uri: str
    text: str
    version: int = 1
    since: int = 0


def uri_of(path):
    return "file://" + urllib.parse.quote(str(path))


LANGUAGES = {".yaml": "yaml", ".yml": "yaml", ".toml": "toml", ".json": "json"}


class Editor(Peer):
    """A client that has files open in a server."""

    # How long to listen for another list of diagnostics where a server does not say which text its list is of.
    quiet = 0.6
    encoding = "utf-16"
    sync = 1
    takes_snippets = False

    def initialize(self, folder, encodings=None, document_changes=False, markup=("markdown", "plaintext")):
        general = {} if encodings is None else {"general": {"positionEncodings": encodings}}
        answer = self.request("initialize", {
            "processId": os.getpid(),
            "rootUri": uri_of(folder),
            "workspaceFolders": [{"uri": uri_of(folder), "name": "folder"}],
            "capabilities": {
                **general,
                "workspace": {
                    "configuration": True,
                    "workspaceFolders": True,
                    "workspaceEdit": {"documentChanges": document_changes},
                },
                "textDocument": {
                    "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
                    "hover": {"contentFormat": list(markup)},
                    "completion": {"completionItem": {
                        "documentationFormat": list(markup), "snippetSupport": self.takes_snippets}},
                    "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
                },
            },
        })
        self.document_changes = document_changes
        self.capabilities = answer["capabilities"]
        self.encoding = self.capabilities.get("positionEncoding", "utf-16")
        sync = self.capabilities.get("textDocumentSync", 0)
        self.sync = sync.get("change", 0) if isinstance(sync, dict) else sync
        self.notify("initialized", {})

    def open(self, path, text, language=None):
        document = Document(uri_of(path), text, since=len(self.heard))
        language = language or LANGUAGES.get(pathlib.Path(path).suffix, "plaintext")
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": document.uri, "languageId": language, "version": 1, "text": text}})
        return document

    def change(self, document, text):
        """Sends what differs, where the server takes that."""
        change = {"text": text}
        if self.sync == 2:
            before = document.text
            start = len(os.path.commonprefix([before, text]))
            # Between the two halves of a line end there is no position.
            while start and (before[start - 1:start] == "\r" or text[start - 1:start] == "\r"):
                start -= 1
            end = len(before)
            added = text[start:]
            tail = len(os.path.commonprefix([before[start:][::-1], added[::-1]]))
            while tail and before[end - tail] == "\n":
                tail -= 1
            end, added = end - tail, added[:len(added) - tail]
            change = {
                "range": {
                    "start": position_of(before, start, self.encoding),
                    "end": position_of(before, end, self.encoding),
                },
                "text": added,
            }
        document.version += 1
        document.text = text
        document.since = len(self.heard)
        self.notify("textDocument/didChange", {
            "textDocument": {"uri": document.uri, "version": document.version}, "contentChanges": [change]})

    def close(self, document):
        document.since = len(self.heard)
        self.notify("textDocument/didClose", {"textDocument": {"uri": document.uri}})

    def diagnostics(self, document, seconds=PATIENCE):
        """The diagnostics of the text as it now is."""
        def is_its(message):
            params = message.get("params") or {}
            return message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == document.uri \
                and params.get("version") in (None, document.version)

        found = self.wait(f"diagnostics of version {document.version}", is_its, seconds, document.since)["params"]
        if found.get("version") is None:
            # It may be of an older text, with another to come.
            time.sleep(self.quiet)
            with self.news:
                found = [one["params"] for one in self.heard[document.since:] if one is not None and is_its(one)][-1]
        return found["diagnostics"]

    def at(self, document, offset):
        return {"textDocument": {"uri": document.uri}, "position": position_of(document.text, offset, self.encoding)}

    def hover(self, document, offset):
        """The text of a hover, without the escapes of Markdown."""
        hover = self.request("textDocument/hover", self.at(document, offset))
        return text_of(hover["contents"]).replace("\\", "") if hover else ""

    def complete(self, document, offset):
        answer = self.request("textDocument/completion", self.at(document, offset))
        return answer["items"] if isinstance(answer, dict) else answer or []

    def actions(self, document, diagnostic):
        return self.request("textDocument/codeAction", {
            "textDocument": {"uri": document.uri}, "range": diagnostic["range"],
            "context": {"diagnostics": [diagnostic], "only": ["quickfix"]}}) or []

    def leave(self):
        """The status after an orderly end."""
        expect("the answer to shutdown", None, self.request("shutdown", None))
        self.notify("exit", None)
        return self.ended()


def text_of(contents):
    if isinstance(contents, list):
        return "\n".join(text_of(part) for part in contents)
    return contents if isinstance(contents, str) else contents["value"]


def accepted(editor, document, offset, item):
    """The text after an item of a completion is taken."""
    edits = list(item.get("additionalTextEdits") or [])
    if "textEdit" in item:
        edits.append(item["textEdit"])
    else:
        # What a client without further word takes for the word that is being typed.
        start = offset - len(re.search(r"\w*$", document.text[:offset])[0])
        ends = [position_of(document.text, end, editor.encoding) for end in (start, offset)]
        edits.append({"range": dict(zip(("start", "end"), ends)), "newText": item.get("insertText", item["label"])})
    if item.get("insertTextFormat", 1) == 2:
        expect(f"whether {item['label']} is a snippet", editor.takes_snippets, True)
        edits = [{**edit, "newText": without_stops(edit["newText"])} for edit in edits]
    return edited(document.text, edits, editor.encoding)


def without_stops(snippet):
    """The text of a snippet whose placeholders are left as they are."""
    return re.sub(r"\\(.)|\$\{\d+:?([^}]*)\}|\$\d+", lambda match: match[1] or match[2] or "", snippet)


@contextlib.contextmanager
def running(editor):
    try:
        yield editor
    finally:
        editor.stop()


@contextlib.contextmanager
def scopes_server(program, folder, **options):
    with running(Editor([program, "lsp"], folder)) as editor:
        editor.initialize(folder, **options)
        yield editor
        expect("the status after shutdown and exit", 0, editor.leave())


# What `scopes` says by itself.


def run(command, folder, expected=(0,)):
    done = subprocess.run(
        command, cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=120, check=False)
    if done.returncode not in expected:
        raise Fault(f"{pathlib.Path(command[0]).name} {' '.join(command[1:])} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def schema(program, folder, *arguments):
    return json.loads(run([program, "schema", *arguments], folder))


def findings(program, folder, name, text, command="check"):
    """What `scopes check` finds in a file of this text."""
    path = folder / name
    path.write_bytes(text.encode())
    return json.loads(run([program, command, name, "--format", "json"], folder, (0, 1)))["findings"]


def marks_of_findings(found):
    def mark(one):
        return one["rule"], one["severity"], one["line"], one["column"], one["end_line"], one["end_column"]
    return sorted(mark(one) for one in found)


def mark_of(editor, document, diagnostic):
    """A diagnostic as `scopes check` would put it."""
    severity = {1: "error", 2: "warning", 3: "note", 4: "note"}.get(diagnostic.get("severity"), "unknown")
    ends = [offset_of(document.text, diagnostic["range"][end], editor.encoding) for end in ("start", "end")]
    return diagnostic.get("code"), severity, *place_of(document.text, ends[0]), *place_of(document.text, ends[1])


def marks_of(editor, document):
    return [mark_of(editor, document, diagnostic) for diagnostic in editor.diagnostics(document)]


def differences(expected, came):
    """What is missing in one of two lists of marks, as sentences."""
    expected, came = collections.Counter(expected), collections.Counter(came)

    def said(mark):
        rule, severity, line, column, end_line, end_column = mark
        return f"{severity} {rule} at {line}:{column} to {end_line}:{end_column}"

    for mark in expected - came:
        yield f"expected {said(mark)}, and it did not come"
    for mark in came - expected:
        yield f"came {said(mark)}, which is not expected"


# Texts that are right, and texts with faults.

GOOD = """\
provider: paxos
name: house-account
owner: treasury-platform
purpose: fund the house account and see what came of it
expires: 2099-12-31
labels: { ticket: SEC-118, teams: [a, b] }
needs:
  endpoints:
    - GET /profiles/{id}/balances
    - GET /profiles/7
    - GET https://api.paxos.com/v2/profiles
    - POST /transfer/internal
  scopes:
    - { scope: funding:read_bank_balance, because: support asked for it }
never:
  - DELETE /**
scopes:
  - funding:read_profile
  - funding:read_bank_balance
  - transfer:write_internal_transfer
environments:
  sandbox:
    needs:
      endpoints:
        - POST /sandbox/fiat-deposits
    scopes: transfer:write_sandbox_fiat_deposit
  production: {}
"""

GOOD_TOML = """\
provider = "elebne"
name = "shop"
key_type = "secret"
expires = 2099-12-31
scopes = ["pay.intents:read", "pay.intents:write"]
bundles = []

[needs]
recipes = ["take-payments"]
"""

GOOD_JSON = """\
{
  "provider": "elebne",
  "name": "shop",
  "key_type": "secret",
  "scopes": ["store.orders:read", "webhooks.endpoints:manage"],
  "needs": { "recipes": ["follow-orders"] }
}
"""

GOOD_OF = {"yaml": GOOD, "toml": GOOD_TOML, "json": GOOD_JSON}

# A name whose letters are one, two and four bytes long, and one and two units of UTF-16.
LONG_NAME = "a\u00e9\U0001d4b3"

ACME = """\
provider: acme
key_types:
  browser: { exposure: public, prefixes: [pub_] }
  server: { prefixes: [sec_] }
environments:
  test: {}
  live: { production: true }
scopes:
  repo: { summary: "see \\e[31mrepositories [here](https://acme.example/x) <b>now</b> ![x](y) \\u202e" }
  read:org: { summary: see teams }
  write:org: { summary: change teams, implies: [read:org], key_types: [server], risk: high, because: it adds members }
bundles:
  reading: { scopes: [repo, read:org] }
endpoints:
  GET /orgs/{org}/teams: read:org
  POST /orgs/{org}/teams: write:org
  GET /orgs/{org}/repos: { any: [repo, write:org] }
"""


@dataclasses.dataclass
class Case:
    """A file with faults, and what stands beside it."""

    name: str
    text: str
    beside: dict = dataclasses.field(default_factory=dict)


CASES = [
    Case("misspelt.yaml", """\
provider: paxos
name: misspelt
owner: treasury-platform
needs:
  endpoints:
    - POST /orchestration/rules
    - GET /orchestration/orchestrations/{id}
    - POST /transfer/fiat-withdrawals
scopes:
  - orchestration:read_orchestation
  - orchestration:write_orchestration_rule
  - transfer:write_fiat_withdrawal
environments:
  sandbox: {}
  production:
    scopes:
      - transfer:write_fiat_account
"""),
    Case("letters.yaml", f"""\
provider: paxos
name: "{LONG_NAME}"   # {LONG_NAME}
needs: {{ recipes: [mnt], endpoints: ["GET /{LONG_NAME}", "GET /profils", "GET /profiles"] }}
scopes: ["{LONG_NAME}:a", funding:read_profil, "funding:read_profile", transfer:read_transfer] # {LONG_NAME}
never: ["* /{LONG_NAME}/**", "GET /profiles/**"]
"""),
    Case("lines.yaml", f"""\
# {LONG_NAME}
provider: paxos
name: lines
onwer: {LONG_NAME}
needs:
  endpoints: ["GET /{LONG_NAME}", GET /profiles]
scopes:
  - "{LONG_NAME}"
  - funding:read_profile
  - funding:read_profile
environments:
  staging: {{ scopes: [transfer:write_sandbox_fiat_deposit] }}
  production: {{ scopes: [transfer:write_sandbox_fiat_deposit] }}
""".replace("\n", "\r\n")),
    Case("shop.toml", f"""\
provider = "elebne"
name = "{LONG_NAME}"
key_type = "publishable"
scopes = ["{LONG_NAME}", "enterprise.ledger:read", "pay.intents:write", "pay.intents:red"]
bundles = ["stroe"] # {LONG_NAME}
needs = {{ recipes = ["take-payments", "{LONG_NAME}"], events = ["order.nwe"] }}
[[allow]]
rule = "unneeded-scope"
scope = "store.products:read"
"""),
    Case("shop.json", f"""\
{{ "provider": "elebne", "name": "{LONG_NAME}", "key_type": "secrt",
  "labels": "{LONG_NAME}", "scopes": ["{LONG_NAME}", "pay.intents:red", 7], "expires": "2020-01-31",
  "needs": {{ "endpoints": ["GET /dev/intents/{{ref}}", "{LONG_NAME}"] }}, "onwer": "{LONG_NAME}"
}}
"""),
    # A line ends here for an editor, and not for a person.
    Case("returns.json", '{ "provider": "paxos",\r  "name": "a",\r\n  "needs": { "endpoints": ["GET /profiles"] },\r'
                         '  "scopes": ["funding:read_profile", "funding:read_profil"] }'),
    Case("allowed.yaml", """\
provider: paxos
name: allowed
expires: 2020-01-31
needs:
  endpoints: [GET /conversion/stablecoins, GET /markets, GET /travelrule/vasps]
scopes: conversion:read_conversion_stablecoin, tax:read_tax_lot funding:write_profile
allow:
  - { rule: unneeded-scope, scope: funding:write_profile, reason: month-end audit, owner: treasury, until: 2020-10-31 }
  - { rule: unknown-scope, scope: funding:write_profile }
"""),
    Case("twice.yaml", "provider: paxos\nname: twice\nscopes: [funding:read_profile]\nname: again\nneeds: [GET /a]\n"),
    Case("broken.yaml", "provider: paxos\nname: broken\nscopes:\n  - funding:read_profile\n - {\n"),
    Case("unclosed.json", '{ "provider": "paxos", "name": "\U0001d4b3", "scopes": ["funding:read_profile" }'),
    Case("nowhere.yaml", "provider: paxo\nname: nowhere\nneeds: { endpoints: [GET /a] }\nscopes: [funding:read_profile]\n"),
    Case("desk.yaml", """\
provider: paxos
name: desk
needs:
  endpoints: [POST /settlement/transactions, POST /identity/accounts]
scopes: [settlement:write_transaction, identity:write_account, tax:read_tax_form]
""", {"scopes.toml": '[rules]\nunneeded-scope = "note"\n[budget]\nexcess-writes = 1\nreachable = 3\n'}),
    Case("own.yaml", """\
provider: ./acme.yaml
name: own
key_type: browser
needs: { endpoints: ["GET /orgs/{org}/repos"] }
bundles: [reading]
scopes: ["write:org", repo, "repo*"]
environments: { test: {}, live: { scopes: [read:org] } }
""", {"acme.yaml": ACME}),
    Case("leaky.yaml", f"""\
provider: elebne
name: "leaky \u00e9"
key_type: secret
purpose: "\U0001d4b3 {SECRET} and more"
needs: {{ recipes: [take-payments] }}
scopes: [pay.intents:read, {SECRET}, pay.intents:write, pay.intents:writ]
"""),
    Case("escapes.yaml", """\
provider: paxos
name: "red \\e[31m \\u202e name"
"unknown \\e[31m \\x9b field": 1
needs: { endpoints: ["GET /\\e[2J\\u202e/x", GET /profiles], recipes: ["\\e]0;title\\a"] }
scopes: ["\\e[31m:\\u2066scope", "funding:read_profil\\e"]
"""),
]

# What these files must show together, so that comparing them says something.
RULES_SHOWN = 25


# The sub-checks. Each is given the program, the folder of tools and a fresh folder, and yields its faults.


YAML_SETTINGS = {
    "yaml": {
        "validate": True,
        "completion": True,
        "hover": True,
        # Nothing is to be fetched from anywhere.
        "schemaStore": {"enable": False},
        "kubernetesCRDStore": {"enable": False},
    },
    "http": {"proxy": "", "proxyStrictSSL": True},
}

BAD = """\
provider: paxos
name: bad
onwer: treasury
needs:
  recipes: [mnt]
scopes:
  - funding:read_profile
  - funding:read_profil
environments:
  sandbox:
    needs: [mint]
"""

# What the schema of every provider can tell, and the lines where it does.
SHAPE_LINES = {3, 11}
NAME_LINES = {5, 8}

BAD_CATALOG = """\
provider: acme
key_types:
  browser: { exposure: everybody }
scopes:
  read:code: { summary: see files, acces: read }
  read:org: see teams
endpoints:
  GET /orgs: { any: read:org, auth: sometimes }
"""


def modeline(name, text):
    return f"# yaml-language-server: $schema={name}\n{text}"


def yaml_language_server(program, tools, folder):
    """The schemas in yaml-language-server: what it marks, and what it completes."""
    for name, arguments in {
        "paxos-key.schema.json": ["key", "-p", "paxos"], "elebne-key.schema.json": ["key", "-p", "elebne"],
        "key.schema.json": ["key"], "catalog.schema.json": ["catalog"],
    }.items():
        (folder / name).write_text(json.dumps(schema(program, folder, *arguments)), encoding="utf-8")
    server = tools / "yaml-language-server/node_modules/yaml-language-server/bin/yaml-language-server"
    with running(Editor(["node", str(server), "--stdio"], folder, YAML_SETTINGS)) as editor:
        editor.takes_snippets = True
        editor.initialize(folder)
        yield from yaml_marks(editor, folder)
        yield from yaml_completes(editor, folder)


def yaml_lines(editor, folder, name, text):
    """The lines that get a diagnostic, with what they get."""
    document = editor.open(folder / name, text)
    lines = {}
    for found in editor.diagnostics(document):
        lines.setdefault(found["range"]["start"]["line"] + 1, []).append(found["message"])
    editor.close(document)
    return lines


def yaml_marks(editor, folder):
    paxos, key, catalog = "paxos-key.schema.json", "key.schema.json", "catalog.schema.json"
    good = {
        "good-paxos.yaml": modeline(paxos, GOOD),
        "good-key.yaml": modeline(key, GOOD),
        "field-paxos.yaml": f'"$schema": {paxos}\n{GOOD}',
        "field-key.yaml": f"$schema: ./{key}\n{GOOD}",
    }
    for path in sorted((ROOT / "catalogs").glob("*.yaml")):
        good[f"catalog-{path.name}"] = modeline(catalog, path.read_text(encoding="utf-8"))
    for name, text in good.items():
        lines = yaml_lines(editor, folder, name, text)
        if lines:
            yield f"{name}: expected no diagnostics, came {lines}"
    # The first line is the modeline, or the field.
    bad = {
        "bad-paxos.yaml": (modeline(paxos, BAD), SHAPE_LINES | NAME_LINES),
        "bad-key.yaml": (modeline(key, BAD), SHAPE_LINES),
        "bad-field.yaml": (f"$schema: {paxos}\n{BAD}", SHAPE_LINES | NAME_LINES),
        "bad-catalog.yaml": (modeline(catalog, BAD_CATALOG), {3, 5, 6, 8}),
    }
    for name, (text, expected) in bad.items():
        lines = yaml_lines(editor, folder, name, text)
        expected = {line + 1 for line in expected}
        if set(lines) != expected:
            yield f"{name}: expected diagnostics on the lines {sorted(expected)}, came {lines}"


YAML_COMPLETIONS = [
    ("scopes:\n  - \u2038", "funding:read_profile", "  - funding:read_profile"),
    ("scopes:\n  - funding:re\u2038", "funding:read_profile", "  - funding:read_profile"),
    ("scopes: [\u2038]", "funding:read_profile", "scopes: [funding:read_profile]"),
    ("needs:\n  recipes: [\u2038", "mint", "  recipes: [mint"),
    ("needs:\n  recipes: [\u2038]", "mint", "  recipes: [mint]"),
    ("needs:\n  endpoints:\n    - \u2038", "GET /profiles", "    - GET /profiles"),
    ("key_type: \u2038", "client", "key_type: client"),
    ("environments:\n  \u2038", "sandbox", "  sandbox:"),
    ("pur\u2038", "purpose", "purpose:"),
]


# What a provider has no other of.
YAML_ONLY = [
    ("provider: \u2038", {"elebne"}),
    ("key_type: \u2038", {"publishable", "secret"}),
    ("bundles:\n  - \u2038", {"pay", "store", "full"}),
    ("needs:\n  recipes:\n    - \u2038", {"take-payments", "follow-orders"}),
    ("environments:\n  \u2038", {"test", "live"}),
]


def yaml_completes(editor, folder):
    head = modeline("paxos-key.schema.json", "provider: paxos\nname: a\n")
    for number, (typed, label, line) in enumerate(YAML_COMPLETIONS):
        yield from completes(editor, folder / f"completion-{number}.yaml", head + typed, label, line)
    head = modeline("elebne-key.schema.json", "name: a\n")
    for number, (typed, expected) in enumerate(YAML_ONLY):
        typed = head + typed
        document = editor.open(folder / f"only-{number}.yaml", typed.replace("\u2038", ""))
        came = {item["label"] for item in editor.complete(document, typed.index("\u2038"))} - {"null", ""}
        if came != expected:
            yield f"{typed[len(head):]!r}: expected that {sorted(expected)} are offered, came {sorted(came)}"
        editor.close(document)


def completes(editor, path, typed, label, line, before=None):
    """Completes at the caret: the item must be offered, and make the line what it is to be."""
    offset = typed.index("\u2038")
    text = typed.replace("\u2038", "")
    document = editor.open(path, before or text)
    if before:
        # What the names are of could be read before.
        editor.diagnostics(document)
        editor.change(document, text)
    shown = typed[typed.rfind("\n", 0, offset) + 1:].partition("\n")[0]
    items = editor.complete(document, offset)
    item = next((item for item in items if item["label"].strip().rstrip(":") == label), None)
    if item is None:
        yield f"{path.suffix}, {shown!r}: expected {label}, came {len(items)} others, such as {labels(items)}"
    else:
        number = document.text.count("\n", 0, offset)
        came = accepted(editor, document, offset, item).split("\n")[number]
        if came.rstrip() != line and not (line.endswith(":") and came.startswith(line)):
            yield f"{path.suffix}, {shown!r}: expected {line!r} when {label} is taken, came {came!r}"
    editor.close(document)


def labels(items):
    return [item["label"] for item in items[:5]]


GOOD_CONFIG = """\
keys     = ["keys/**/*.{yaml,yml,toml,json}"]
catalogs = ["catalogs/*.yaml"]
baseline = "scopes-baseline.json"
fail-on  = "warning"

[rules]
environment-drift = "off"
wildcard-scope    = "forbid"

[allow]
max-days = 366

[budget]
excess-writes = 3
reachable     = 40
"""

# One fault in each.
BAD_CONFIGS = {
    "level": GOOD_CONFIG.replace('"forbid"', '"forbidden"'),
    "field": GOOD_CONFIG.replace("reachable ", "reachble "),
    "number": GOOD_CONFIG.replace("= 366", '= "a year"'),
    "list": GOOD_CONFIG.replace('["catalogs/*.yaml"]', '"catalogs/*.yaml"'),
    "rule": GOOD_CONFIG.replace("environment-drift", "environment-drit"),
}

BAD_TOML_KEYS = {
    "name": GOOD_TOML.replace('name = "shop"\n', ""),
    "scope": GOOD_TOML.replace('"pay.intents:read"', '"pay.intents:reed"'),
    "recipe": GOOD_TOML.replace('"take-payments"', '"take-payment"'),
    "field": GOOD_TOML.replace("key_type", "key-type"),
    "needs": GOOD_TOML.replace("[needs]", "[[needs]]"),
}


def taplo(program, tools, folder):
    """The schemas in taplo: TOML that is right, and TOML with one fault."""
    (folder / "config.schema.json").write_text(json.dumps(schema(program, folder, "config")), encoding="utf-8")
    (folder / "key.schema.json").write_text(json.dumps(schema(program, folder, "key", "-p", "elebne")), encoding="utf-8")
    files = {"good-config": ("config", GOOD_CONFIG, True), "good-key": ("key", GOOD_TOML, True)}
    files |= {f"bad-config-{name}": ("config", text, False) for name, text in BAD_CONFIGS.items()}
    files |= {f"bad-key-{name}": ("key", text, False) for name, text in BAD_TOML_KEYS.items()}
    files["good-field"] = ("key", f'"$schema" = "./key.schema.json"\n{GOOD_TOML}', True)
    for name, (kind, text, _) in files.items():
        first = "" if "$schema" in text else f"#:schema ./{kind}.schema.json\n"
        (folder / f"{name}.toml").write_text(first + text, encoding="utf-8")
    cli = tools / "taplo/node_modules/@taplo/cli/dist/cli.js"
    said = subprocess.run(
        ["node", str(cli), "lint", "--no-auto-config", "--colors", "never", *(f"{name}.toml" for name in files)], cwd=folder,
        env=environment(folder), capture_output=True, text=True, timeout=120, check=False).stderr
    faulty = set(re.findall(r'invalid file .*path="(?:.*/)?([^/"]+)\.toml"', said))
    for name, (_, _, is_good) in files.items():
        if is_good == (name in faulty):
            faults = sorted(set(re.findall(r"^error: (.*)", said, re.M)))
            yield f"{name}.toml: expected {'no fault' if is_good else 'a fault'}, came the other; in all files: {faults}"


# Words that editors know besides those of JSON Schema; every other word must be one of JSON Schema.
VALIDATE = """
const Ajv = require('ajv'), formats = require('ajv-formats'), YAML = require('yaml');
const { schemas, documents } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const validators = {}, broken = {};
for (const [name, schema] of Object.entries(schemas)) {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
  (formats.default || formats)(ajv);
  ajv.addVocabulary(['markdownDescription', 'defaultSnippets', 'enumDescriptions', 'markdownEnumDescriptions',
    'deprecationMessage', 'doNotSuggest', 'errorMessage', 'x-taplo']);
  try { validators[name] = ajv.compile(schema); } catch (error) { broken[name] = error.message; }
}
const faults = ({ schema, text }) => {
  const validate = validators[schema], value = YAML.parse(text, { logLevel: 'error' });
  return !validate || validate(value) ? [] : validate.errors.map(error => (error.instancePath || '/') + ' ' + error.message);
};
console.log(JSON.stringify({ broken, faults: documents.map(faults) }));
"""


@dataclasses.dataclass
class Sample:
    """A document, and whether its schema is to accept it."""

    name: str
    schema: str
    text: str
    is_good: bool


def ajv(program, tools, folder):
    """The schemas in ajv: they are draft-07 to the letter, and tell right documents from wrong ones."""
    schemas = {name: schema(program, folder, name) for name in ("catalog", "key", "config", "baseline", "report")}
    for path in (ROOT / "catalogs").glob("*.yaml"):
        schemas[f"key of {path.stem}"] = schema(program, folder, "key", "-p", path.stem)
    for name, text in schemas.items():
        if text.get("$schema") != "http://json-schema.org/draft-07/schema#":
            yield f"the schema of a {name} is not of draft-07: {text.get('$schema')}"
    samples = [*baselines(program, folder), *reports(program, folder), *keys(), *pages(program, folder)]
    done = subprocess.run(
        ["node", "-e", VALIDATE], cwd=folder, env={**environment(folder), "NODE_PATH": str(tools / "ajv/node_modules")},
        input=json.dumps({"schemas": schemas, "documents": [vars(sample) for sample in samples]}),
        capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise Fault(f"ajv ended with {done.returncode}: {done.stderr.strip()}")
    answer = json.loads(done.stdout)
    for name, problem in answer["broken"].items():
        yield f"the schema of a {name}: expected a schema, came one of which ajv says: ... {problem[-200:]}"
    for sample, faults in zip(samples, answer["faults"]):
        if sample.schema not in answer["broken"] and sample.is_good == bool(faults):
            expected = "no fault" if sample.is_good else "a fault"
            yield f"{sample.name}: expected {expected} by the schema of a {sample.schema}, came {faults[:4] or 'none'}"


def with_change(document, path, value):
    """A JSON document with one value put in, or taken out where it is None."""
    document = json.loads(json.dumps(document))
    part = document
    for name in path[:-1]:
        part = part[name]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return json.dumps(document)


def baselines(program, folder):
    key = folder / "treasury.yaml"
    shutil.copy(ROOT / "examples/treasury.yaml", key)
    run([program, "check", key.name, "--write-baseline", "baseline.json", "--reason", "adoption", "--until", "2027-06-30",
         "--today", "2026-12-01"], folder)
    baseline = json.loads((folder / "baseline.json").read_text(encoding="utf-8"))
    yield Sample("a baseline", "baseline", json.dumps(baseline), True)
    yield Sample("a baseline with $schema", "baseline", with_change(baseline, ["$schema"], "./baseline.schema.json"), True)
    for path, value in [
        (["until"], "soon"), (["reason"], None), (["findings", 0, "rule"], None), (["findings", 0, "line"], 3),
        (["findings"], {}), (["version"], "1"), (["kind"], "report"),
    ]:
        yield Sample(f"a baseline with {path} = {value}", "baseline", with_change(baseline, path, value), False)


# Something of every kind that `--format json` prints.
REPORTS = {
    "check": ["check", "treasury.yaml"],
    "check, accepted": ["check", "treasury.yaml", "--baseline", "baseline.json", "--today", "2026-12-01"],
    "check, files": ["check", ".", "--show-files"],
    "lint": ["lint", "acme.yaml"],
    "list": ["list"],
    "show": ["show", "paxos"],
    "show, own": ["show", "./acme.yaml"],
    "expand": ["expand", "-p", "elebne", "store"],
    "explain, scopes": ["explain", "-p", "elebne", "pay", "--key-type", "publishable"],
    "explain, endpoint": ["explain", "-p", "paxos", "POST /rewards/payout-groups"],
    "explain, call": ["explain", "-p", "paxos", "funding:read_profile", "GET /profiles"],
    "explain, key": ["explain", "--key-file", "treasury.yaml"],
    "recommend": ["recommend", "-p", "paxos", "--recipe", "mint"],
    "diff": ["diff", "-p", "paxos", "funding:read_profile", "tax:read_tax_form"],
    "diff, environments": ["diff", "treasury.yaml"],
    "diff, catalogs": ["diff", "paxos", "elebne"],
    "rule": ["rule", "unneeded-scope"],
    "rules": ["rule"],
}


def reports(program, folder):
    shutil.copy(ROOT / "examples/treasury.yaml", folder / "treasury.yaml")
    (folder / "acme.yaml").write_text(ACME, encoding="utf-8")
    for name, command in REPORTS.items():
        yield Sample(f"the report of {name}", "report", run([program, *command, "--format", "json"], folder, (0, 1)), True)
    report = json.loads(run([program, *REPORTS["check"], "--format", "json"], folder, (0, 1)))
    for path, value in [
        (["findings", 0, "severity"], "fatal"), (["findings", 0, "line"], "9"), (["findings", 0, "rule"], None),
        (["summary", "errors"], -1), (["version"], 99), (["summary"], None),
    ]:
        yield Sample(f"a report with {path} = {value}", "report", with_change(report, path, value), False)


def keys():
    in_a_text = "provider: paxos\nname: a\nscopes: funding:read_profile, tax:read_tax_lot\n"
    for name, kind, text, is_good in [
        ("a key file", "key", GOOD, True), ("a key file", "key of paxos", GOOD, True),
        ("a key file in JSON", "key", GOOD_JSON, True), ("a key file in JSON", "key of elebne", GOOD_JSON, True),
        ("a key file with $schema", "key", f"$schema: ./key.schema.json\n{GOOD}", True),
        ("a key file of another provider", "key of elebne", GOOD, False),
        ("a key file with faults", "key", BAD, False), ("a key file with faults", "key of paxos", BAD, False),
        ("names in a text", "key of paxos", in_a_text, True),
        ("a key file without a name", "key", "provider: paxos\n", False),
    ]:
        yield Sample(name, kind, text, is_good)


SHAPE = {"unknown-field", "missing-field", "wrong-type", "malformed-path"}


def pages(program, folder):
    """The files that the pages of the rules show: a schema finds fault with a shape where `scopes` does."""
    for page in sorted((ROOT / "src/lint/rules").glob("*.md")):
        for section in re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.M)[1:]:
            title = section.partition("\n")[0]
            files = dict(re.findall(r"^```yaml (\S+)\n(.*?)^```", section, re.M | re.S))
            inside = folder / page.stem / title
            inside.mkdir(parents=True)
            for name, text in files.items():
                (inside / name).write_text(text, encoding="utf-8")
            for name, text in files.items():
                kind, command = ("key", "check") if re.search(r"^name:", text, re.M) else ("catalog", "lint")
                rules = {found["rule"] for found in findings(program, inside, name, text, command)}
                # What is no YAML, or YAML that readers take for different things, is no matter of a schema.
                if not rules & {"syntax-error", "duplicate-field"}:
                    yield Sample(f"{page.stem}, {title}, {name}", kind, text, not rules & SHAPE)


def case_folder(folder, case, number):
    """A fresh folder with what stands beside a file."""
    inside = folder / f"case-{number}"
    inside.mkdir()
    for name, text in case.beside.items():
        (inside / name).write_bytes(text.encode())
    return inside


def language_server_finds(program, _tools, folder):
    """The diagnostics are those of `scopes check`, and a text that is right has none."""
    rules = set()
    for number, (case, encodings) in enumerate(itertools.product(CASES, [None, ["utf-8", "utf-16"], ["utf-16"]])):
        inside = case_folder(folder, case, number)
        found = findings(program, inside, case.name, case.text)
        rules |= {one["rule"] for one in found}
        # The text of the editor counts, not that of the disk.
        (inside / case.name).write_text("provider: paxos\nname: stale\n", encoding="utf-8")
        with scopes_server(program, inside, encodings=encodings) as editor:
            expected = "utf-8" if encodings and "utf-8" in encodings else "utf-16"
            if editor.encoding != expected:
                yield f"expected positions in {expected} where {encodings} is offered, came {editor.encoding}"
            document = editor.open(inside / case.name, case.text)
            for difference in differences(marks_of_findings(found), marks_of(editor, document)):
                yield f"{case.name} in {editor.encoding}: {difference}"
            if "scopes.toml" not in case.beside:
                yield from finds_nothing(editor, document)
    if len(rules) < RULES_SHOWN:
        yield f"expected findings of {RULES_SHOWN} rules in the cases, came {len(rules)}: {sorted(rules)}"


def finds_nothing(editor, document):
    """A document is made right, in two ways."""
    kind = document.uri.rpartition(".")[2]
    for text in (GOOD_OF[kind], with_field(kind)):
        editor.change(document, text)
        left = editor.diagnostics(document)
        if left:
            yield f"expected no diagnostics of {text[:60]!r} and so on, came {left}"


def with_field(kind):
    """A text that is right, with the schema that editors are to use."""
    field = {"yaml": "$schema: ./a.json\n", "toml": '"$schema" = "./a.json"\n', "json": '"$schema": "./a.json",\n'}[kind]
    good = GOOD_OF[kind]
    return good.replace("{\n", "{\n" + field, 1) if kind == "json" else field + good


def language_server_reads_other_files(program, _tools, folder):
    """Catalogs and `scopes.toml` have diagnostics too; a file that is none of these has none."""
    catalog = ACME.replace("summary: see teams", "sumary: see teams").replace("any: [repo, ", f'any: ["{LONG_NAME}", repo, ')
    found = findings(program, folder, "acme.yaml", catalog, "lint")
    with scopes_server(program, folder) as editor:
        document = editor.open(folder / "acme.yaml", catalog)
        for difference in differences(marks_of_findings(found), marks_of(editor, document)):
            yield f"a catalog: {difference}"
        for name, text in BAD_CONFIGS.items():
            document = editor.open(folder / "scopes.toml", text)
            lines = {one["range"]["start"]["line"] for one in editor.diagnostics(document)}
            pairs = zip(text.split("\n"), GOOD_CONFIG.split("\n"))
            expected = {at for at, (line, good) in enumerate(pairs) if line != good}
            if lines != expected:
                yield f"scopes.toml with a fault ({name}): expected the lines {expected}, came {lines}"
            editor.change(document, GOOD_CONFIG)
            expect("diagnostics of a scopes.toml that is right", [], editor.diagnostics(document))
            editor.close(document)
        document = editor.open(folder / "compose.yaml", "services:\n  web: { image: a, scopes: [b] }\nname: a\n")
        editor.request("textDocument/hover", editor.at(document, 0))
        time.sleep(editor.quiet)
        published = [params["diagnostics"] for params in published_in(editor) if params["uri"] == document.uri]
        if any(published):
            yield f"expected nothing about a file that is no key, came {published}"


def published_in(editor):
    """What a server has published so far."""
    with editor.news:
        heard = [message for message in editor.heard if message is not None]
    return [message["params"] for message in heard if message.get("method") == "textDocument/publishDiagnostics"]


HOVERS = [
    ("a.yaml", GOOD, "transfer:write_internal",
     ["move assets between profiles", "high", "moves assets", "POST /transfer/internal"]),
    ("a.yaml", GOOD, "funding:read_profile", ["see profiles and their balances", "low", "GET /profiles"]),
    ("a.yaml", GOOD, "POST /transfer/internal", ["transfer:write_internal_transfer"]),
    ("a.yaml", GOOD, "GET /profiles/7", ["funding:read_profile"]),
    ("a.toml", GOOD_TOML, "pay.intents:write", ["refund", "high", "refunds payments", "POST /dev/intents"]),
    ("a.json", GOOD_JSON, "store.orders:read", ["list orders", "GET /dev/store/orders"]),
    ("b.yaml", f'provider: paxos\nname: a\nscopes: ["{LONG_NAME}", transfer:write_fiat_withdrawal] # {LONG_NAME}\n',
     "transfer:write_fiat", ["withdraw fiat", "critical", "pays out", "POST /transfer/fiat-withdrawals"]),
    ("b.yaml", f'provider: paxos\nname: a\nneeds: {{ endpoints: ["GET /{LONG_NAME}", POST /transfer/fiat-withdrawals] }}\n',
     "POST /transfer", ["transfer:write_fiat_withdrawal"]),
]


def language_server_tells(program, _tools, folder):
    """Hovers say what a scope opens and why it is risky, and what an endpoint needs."""
    for encodings in (None, ["utf-8"]):
        with scopes_server(program, folder, encodings=encodings) as editor:
            for name, text, target, parts in HOVERS:
                document = editor.open(folder / name, text)
                for offset in (text.index(target), text.index(target) + len(target) - 1):
                    shown = editor.hover(document, offset)
                    missing = [part for part in parts if part not in shown]
                    if missing:
                        yield f"{name}: a hover on {target}, in {editor.encoding}: expected {missing}, came {shown!r}"
                nothing = editor.hover(document, text.index("provider") + 1)
                if "POST /" in nothing:
                    yield f"{name}: expected no endpoint in a hover on `provider`, came {nothing!r}"
                editor.close(document)
    with scopes_server(program, folder, markup=["plaintext"]) as editor:
        document = editor.open(folder / "a.yaml", GOOD)
        answer = editor.request("textDocument/hover", editor.at(document, GOOD.index("funding:read_profile")))
        if isinstance(answer["contents"], dict) and answer["contents"].get("kind") == "markdown":
            yield "expected a hover in plain text, which is all that the client takes, came Markdown"


PAXOS = "provider: paxos\nname: a\n"
ELEBNE = "provider: elebne\nname: a\nkey_type: secret\n"

COMPLETIONS = [
    ("yaml", "name: a\nprovider: \u2038\n", "paxos", "provider: paxos"),
    ("yaml", "name: a\nprovider: pa\u2038\n", "paxos", "provider: paxos"),
    # The first line of a file, before it is a key file.
    ("yaml", "provider: \u2038\n", "paxos", "provider: paxos"),
    ("toml", 'provider = "\u2038"\n', "paxos", 'provider = "paxos"'),
    ("yaml", PAXOS + "scopes:\n  - \u2038\n", "funding:read_profile", "  - funding:read_profile"),
    ("yaml", PAXOS + "scopes:\n  - funding:re\u2038\n", "funding:read_profile", "  - funding:read_profile"),
    ("yaml", PAXOS + 'scopes:\n  - "funding:re\u2038"\n', "funding:read_profile", '  - "funding:read_profile"'),
    ("yaml", PAXOS + "scopes: [tax:read_tax_lot, funding:re\u2038]\n", "funding:read_profile",
     "scopes: [tax:read_tax_lot, funding:read_profile]"),
    ("yaml", PAXOS + "scopes: [tax:read_tax_lot, funding:re\u2038\n", "funding:read_profile",
     "scopes: [tax:read_tax_lot, funding:read_profile"),
    ("yaml", PAXOS + f'scopes: ["{LONG_NAME}", funding:re\u2038] # {LONG_NAME}\n', "funding:read_profile",
     f'scopes: ["{LONG_NAME}", funding:read_profile] # {LONG_NAME}'),
    ("yaml", ELEBNE + "bundles:\n  - \u2038\n", "store", "  - store"),
    ("yaml", ELEBNE + "bundles: [st\u2038]\n", "store", "bundles: [store]"),
    ("yaml", PAXOS + "needs:\n  endpoints:\n    - GET /prof\u2038\n", "GET /profiles", "    - GET /profiles"),
    ("yaml", PAXOS + "needs:\n  endpoints:\n    - \u2038\n", "GET /profiles", "    - GET /profiles"),
    ("yaml", PAXOS + "needs:\n  recipes: [\u2038\n", "mint", "  recipes: [mint"),
    ("yaml", PAXOS + "needs:\n  recipes: [\u2038]\n", "mint", "  recipes: [mint]"),
    ("yaml", ELEBNE + "needs:\n  events:\n    - order.\u2038\n", "order.new", "    - order.new"),
    ("yaml", "provider: elebne\nname: a\nkey_type: \u2038\n", "secret", "key_type: secret"),
    ("yaml", "provider: elebne\nname: a\nkey_type: se\u2038\n", "secret", "key_type: secret"),
    ("yaml", PAXOS + "environments:\n  \u2038\n", "sandbox", "  sandbox:"),
    ("yaml", PAXOS + "environments:\n  sandb\u2038\n", "sandbox", "  sandbox:"),
    ("yaml", PAXOS + "environments:\n  sandbox:\n    scopes:\n      - tax:read_tax_f\u2038\n", "tax:read_tax_form",
     "      - tax:read_tax_form"),
    ("toml", 'provider = "paxos"\nname = "a"\nscopes = ["funding:re\u2038"]\n', "funding:read_profile",
     'scopes = ["funding:read_profile"]'),
    ("toml", 'provider = "paxos"\nname = "a"\n[environments.\u2038]\n', "sandbox", "[environments.sandbox]"),
    ("toml", 'provider = "paxos"\nname = "a"\n[needs]\nrecipes = ["\u2038"]\n', "mint", 'recipes = ["mint"]'),
    ("json", '{ "provider": "paxos", "name": "a",\n"scopes": ["funding:re\u2038"] }\n', "funding:read_profile",
     '"scopes": ["funding:read_profile"] }'),
    ("json", '{ "provider": "elebne", "name": "a",\n"key_type": "\u2038" }\n', "secret", '"key_type": "secret" }'),
    ("catalog.yaml", ACME + "  GET /x: read:\u2038\n", "read:org", "  GET /x: read:org"),
    ("catalog.yaml", ACME + "recipes:\n  r:\n    endpoints:\n      - GET /orgs/\u2038\n", "GET /orgs/{org}/teams",
     "      - GET /orgs/{org}/teams"),
    ("catalog.yaml", ACME.replace("[repo, read:org]", "[re\u2038]"), "repo", "  reading: { scopes: [repo] }"),
    ("catalog.yaml", ACME.replace("implies: [read:org]", "implies: [re\u2038]"), "read:org",
     "  write:org: { summary: change teams, implies: [read:org], key_types: [server], risk: high, because: it adds members }"),
]


def language_server_completes(program, _tools, folder):
    """Names are offered where they may stand, and taking one writes it as it should be."""
    for encodings in (None, ["utf-8"]):
        with scopes_server(program, folder, encodings=encodings) as editor:
            for number, (kind, typed, label, line) in enumerate(COMPLETIONS):
                path = folder / f"completion-{number}.{kind}"
                yield from completes(editor, path, typed, label, line, ACME if "acme" in typed else None)


def language_server_fixes(program, _tools, folder):
    """Every finding with a fix has a quick fix, which does what the fix does."""
    fixes = 0
    for number, (case, documents) in enumerate(itertools.product(CASES, [False, True])):
        inside = case_folder(folder, case, number)
        found = findings(program, inside, case.name, case.text)
        encodings = ["utf-8"] if documents else None
        with scopes_server(program, inside, encodings=encodings, document_changes=documents) as editor:
            document = editor.open(inside / case.name, case.text)
            shown = [(mark_of(editor, document, one), one) for one in editor.diagnostics(document)]
            for finding in found:
                if not finding["fix"]:
                    continue
                fixes += 1
                mark = marks_of_findings([finding])[0]
                diagnostic = next((one for its, one in shown if its == mark), None)
                yield from fixed(editor, document, finding, diagnostic, found, lambda text: findings(
                    program, inside, case.name, text))
            for _, diagnostic in shown:
                for action in editor.actions(document, diagnostic):
                    if not action.get("kind", "").startswith("quickfix") or "edit" not in action:
                        yield f"{case.name}: expected a quick fix with its edit, came {action}"
    if fixes < 20:
        yield f"expected at least 20 fixes in the cases, came {fixes}"


def fixed(editor, document, finding, diagnostic, before, look):
    """Whether one of the quick fixes of a diagnostic is the fix of its finding."""
    what = f"{document.uri.rpartition('/')[2]}, {finding['rule']} at {finding['line']}:{finding['column']}"
    actions = editor.actions(document, diagnostic) if diagnostic else []
    if not actions:
        yield f"{what}: expected a quick fix, came none"
        return
    wanted = replaced(document.text, [
        (offset_of_place(document.text, edit["line"], edit["column"]),
         offset_of_place(document.text, edit["end_line"], edit["end_column"]), edit["replacement"])
        for edit in finding["fix"]["edits"]])
    results = []
    for action in actions:
        edit = action.get("edit") or {}
        if "documentChanges" in edit and not editor.document_changes:
            yield f"{what}: expected an edit of a kind that the client takes, came {sorted(edit)}"
        results.append(edited(document.text, edits_of(edit, document), editor.encoding))
    # Another edit will do where it leaves no such finding and makes no other.
    if wanted not in results and not any(said_by(look(result)) < said_by(before) for result in results):
        yield f"{what}: expected that a quick fix makes the text {wanted!r}, came {results!r}"


def said_by(found):
    """What findings say, wherever they stand."""
    return collections.Counter((one["rule"], one["message"]) for one in found)


def edits_of(edit, document):
    """The edits of a document in a WorkspaceEdit, which must be of no other."""
    changes = dict(edit.get("changes") or {})
    for change in edit.get("documentChanges") or []:
        expect("the version of an edit", True, change["textDocument"]["version"] in (document.version, None))
        changes.setdefault(change["textDocument"]["uri"], []).extend(change["edits"])
    expect("the documents of an edit", [document.uri], list(changes))
    return changes[document.uri]


def language_server_fixes_as_check(program, _tools, folder):
    """Taking the only fix of a file makes it what `scopes check --fix` makes it."""
    text = PAXOS + f"# {LONG_NAME}\nneeds:\n  endpoints: [GET /profiles]\nscopes: ['funding:read_profil'] # {LONG_NAME}\n"
    path = folder / "one.yaml"
    expect("the rules of the file", ["unknown-scope"], [one["rule"] for one in findings(program, folder, path.name, text)])
    run([program, "check", path.name, "--fix"], folder, (0, 1))
    wanted = path.read_text(encoding="utf-8")
    with scopes_server(program, folder) as editor:
        document = editor.open(path, text)
        diagnostic = editor.diagnostics(document)[0]
        result = edited(text, edits_of(editor.actions(document, diagnostic)[0]["edit"], document), editor.encoding)
        if result != wanted or wanted == text:
            yield f"expected {wanted!r} as `scopes check --fix` writes it, came {result!r}"
        editor.change(document, result)
        expect("diagnostics after the fix", [], editor.diagnostics(document))


def language_server_follows(program, _tools, folder):
    """A file that is typed, cut off, gone from the disk or closed."""
    text = CASES[1].text + "environments:\n  sandbox:\n    scopes: transfer:write_sandbox_fiat_deposit\n  production: {}\n"
    path = folder / "typed.yaml"
    inside = folder / "inside"
    inside.mkdir()
    with scopes_server(program, folder) as editor:
        document = editor.open(path, "")
        for cut in [len(text) * part // 40 for part in range(1, 41)]:
            editor.change(document, text[:cut])
            expected, came = marks_as_in_folder(program, inside, path.name, text[:cut]), marks_of(editor, document)
            # A server may take for a key what is not one yet.
            for difference in differences(expected, came) if expected is not None else ():
                yield f"after {cut} characters, behind {text[:cut][-20:]!r}: {difference}"
            editor.complete(document, cut)
            editor.hover(document, cut)
        yield from typed_by_letter(editor, folder / "letters.yaml", text, program, inside)
        yield from gone_and_closed(editor, folder / "gone.yaml", program, inside)


def marks_as_in_folder(program, folder, name, text):
    """What `scopes check` says about the only file of a folder; nothing where that is no key file yet."""
    path = folder / name
    path.write_bytes(text.encode())
    said = subprocess.run([program, "check", ".", "--format", "json"], cwd=folder, env=environment(folder),
                          capture_output=True, text=True, timeout=60, check=False)
    path.unlink()
    return marks_of_findings(json.loads(said.stdout)["findings"]) if said.returncode < 2 else None


def typed_by_letter(editor, path, text, program, folder):
    document = editor.open(path, "")
    for end in range(1, len(text) + 1):
        editor.change(document, text[:end])
    # And letters are taken out of the middle and put in again.
    for at in range(0, len(text), 7):
        editor.change(document, text[:at] + text[at + 1:])
        editor.change(document, text)
    for difference in differences(marks_as_in_folder(program, folder, path.name, text), marks_of(editor, document)):
        yield f"typed letter by letter: {difference}"


def gone_and_closed(editor, path, program, folder):
    text = CASES[0].text
    path.write_text(text, encoding="utf-8")
    document = editor.open(path, text)
    editor.diagnostics(document)
    path.unlink()
    changed = text.replace("write_fiat_account", "write_fiat_acount")
    editor.change(document, changed)
    for difference in differences(marks_as_in_folder(program, folder, path.name, changed), marks_of(editor, document)):
        yield f"a file that is gone from the disk: {difference}"
    editor.close(document)
    left = editor.diagnostics(document)
    if left:
        yield f"expected that didClose clears diagnostics, came {left}"


def language_server_bears(program, _tools, folder):
    """What a client may send by mistake or in bad faith: it is answered as the protocol says, and nothing dies of it."""
    with scopes_server(program, folder) as editor:
        yield from unknown_messages(editor)
        yield from wrong_parameters(editor, folder)
        yield from unopened_documents(editor, folder)
        yield from large_text(editor, folder)
    yield from order_of_life(program, folder)


def code_of(answer):
    return answer.get("error", {}).get("code", "a result")


def unknown_messages(editor):
    for method in ("scopes/unknown", "$/unknown", "textDocument/implementation", "workspace/symbol"):
        code = code_of(editor.ask(method, {}))
        if code != -32601:
            yield f"expected MethodNotFound (-32601) for {method}, came {code}"
    editor.notify("scopes/unknown", {"a": [1]})
    editor.notify("$/unknown", None)
    editor.notify("$/cancelRequest", {"id": 12345})
    # An answer to nothing.
    editor.send({"id": 999, "result": None})


def wrong_parameters(editor, folder):
    for method, params in [
        ("textDocument/hover", None), ("textDocument/hover", {}), ("textDocument/hover", [1, 2]),
        ("textDocument/completion", "a"), ("textDocument/codeAction", {"textDocument": {"uri": 7}, "range": None}),
        ("textDocument/hover", {**editor.at(Document(uri_of(folder / "a.yaml"), ""), 0), "position": {"line": -1}}),
    ]:
        code = code_of(editor.ask(method, params))
        if code != -32602:
            yield f"expected InvalidParams (-32602) for {method} with {params}, came {code}"
    for method in ("didOpen", "didChange", "didClose"):
        for params in (None, [], {"textDocument": {}}, {"textDocument": {"uri": "no address", "version": "a"}}):
            editor.notify(f"textDocument/{method}", params)
    # A header that is not needed, and a number that is none.
    body = b'{"jsonrpc": "2.0", "id": "text", "method": "scopes/unknown"}'
    editor.write(b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n" + framed(body))
    editor.wait("an answer to a request with a text for its number", lambda heard: heard.get("id") == "text")


def unopened_documents(editor, folder):
    document = Document(uri_of(folder / "never.yaml"), GOOD)
    for asked in ("hover", "completion"):
        editor.ask(f"textDocument/{asked}", editor.at(document, 30))
    editor.change(document, GOOD)
    editor.close(document)
    # One that is open, at places where it has nothing.
    document = editor.open(folder / "short.yaml", PAXOS + f"scopes: [{LONG_NAME}]\n")
    editor.diagnostics(document)
    for line, character in [(0, 9999), (9999, 0), (2, 12), (2**31 - 1, 2**31 - 1)]:
        position = {"line": line, "character": character}
        for asked in ("hover", "completion"):
            answer = editor.ask(f"textDocument/{asked}", {"textDocument": {"uri": document.uri}, "position": position})
            if "error" in answer and answer["error"]["code"] != -32602:
                yield f"{asked} at {position}: expected an answer, came {answer['error']}"
    editor.close(document)
    # Addresses as editors write them, and one of a file that is on no disk.
    for uri in [f"file://{folder}/a%20b%C3%A9.yaml", f"file://{folder}/a%3Ab.yaml", "untitled:Untitled-1"]:
        document = Document(uri, "provider: paxos\nname: a\nscopes: [funding:read_profil]\n", since=len(editor.heard))
        editor.notify("textDocument/didOpen", {"textDocument": {
            "uri": uri, "languageId": "yaml", "version": 1, "text": document.text}})
        rules = [one["code"] for one in editor.diagnostics(document)]
        if "unknown-scope" not in rules:
            yield f"expected unknown-scope for {uri}, came {rules}"


def large_text(editor, folder):
    """10 MB, which are above every limit: the server must say so, or nothing, and go on."""
    line = "  - funding:read_profile\n"
    for name, line in [("long.yaml", line), ("wide.yaml", line.replace("\n", " # " + "a" * 5000 + "\n"))]:
        text = PAXOS + "scopes:\n" + line * (10_000_000 // len(line))
        begun = time.monotonic()
        document = editor.open(folder / name, text)
        editor.ask("textDocument/hover", editor.at(document, 40))
        editor.complete(document, 40)
        taken = time.monotonic() - begun
        if taken > PATIENCE:
            yield f"expected answers about {name} within {PATIENCE} seconds, came some after {taken:.0f}"
        editor.close(document)


LAST_WORDS = [
    b"", b"Content-Le", b"Content-Length: 100\r\n\r\n{", framed(b"{]"), framed(b"[]"), framed(b'{"jsonrpc": "2.0", "id": 7.5}'),
]


def order_of_life(program, folder):
    """Before initialize, after shutdown, and how it ends."""
    with running(Editor([program, "lsp"], folder)) as editor:
        code = code_of(editor.ask("textDocument/hover", {}))
        if code != -32002:
            yield f"expected ServerNotInitialized (-32002) before initialize, came {code}"
        editor.initialize(folder)
        if "result" in editor.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}}):
            yield "expected that a second initialize is refused"
        editor.request("shutdown", None)
        code = code_of(editor.ask("textDocument/hover", {}))
        if code != -32600:
            yield f"expected InvalidRequest (-32600) after shutdown, came {code}"
        editor.notify("exit", None)
        expect("the status after shutdown and exit", 0, editor.ended())
    with running(Editor([program, "lsp"], folder)) as editor:
        editor.initialize(folder)
        editor.notify("exit", None)
        expect("the status after exit without shutdown", 1, editor.ended())
    # An editor that died says no more, in the middle of a message or not. What is no message may end a server too.
    for last in LAST_WORDS:
        with running(Editor([program, "lsp"], folder)) as editor:
            editor.initialize(folder)
            editor.write(last)
            editor.process.stdin.close()
            editor.ended()


def language_server_keeps_secrets(program, _tools, folder):
    """Key material that is typed into a file is in no message, wherever it stands."""
    texts = {
        "key.yaml": f"provider: elebne\nname: {SECRET}\nkey_type: secret\n{SECRET}: 1\npurpose: 'it is {SECRET}'\n"
                    f"needs:\n  endpoints: [GET /dev/{SECRET}] # {SECRET}\n  recipes: [{SECRET}]\n"
                    f"scopes:\n  - {SECRET}\n  - pay.intents:red\n"
                    f"allow:\n  - {{ rule: unneeded-scope, scope: {SECRET}, reason: {SECRET} }}\n",
        "key.toml": f'provider = "elebne"\nname = "a"\nkey_type = "{SECRET}"\nscopes = ["{SECRET}", "pay.intents:red"]\n',
        "key.json": f'{{ "provider": "elebne", "name": "a", "{SECRET}": 1, "scopes": ["{SECRET}"], }}',
        "acme.yaml": ACME + f"  GET /x: {SECRET}\n  GET /{SECRET}: {{ auth: {SECRET} }}\n",
        "scopes.toml": f'keys = ["{SECRET}"]\n[rules]\n{SECRET} = "{SECRET}"\n',
        "broken.yaml": f"provider: elebne\nname: a\nscopes: [{SECRET}\n - {SECRET}",
    }
    with scopes_server(program, folder) as editor:
        for name, text in texts.items():
            document = editor.open(folder / name, text)
            for diagnostic in editor.diagnostics(document):
                editor.actions(document, diagnostic)
            for found in re.finditer(re.escape(SECRET), text):
                editor.hover(document, found.start() + 5)
                editor.complete(document, found.end())
            editor.close(document)
        # As it is typed.
        document = editor.open(folder / "typed.yaml", PAXOS)
        for end in range(len(SECRET) + 1):
            editor.change(document, ELEBNE + f"scopes: [{SECRET[:end]}]\n")
            editor.diagnostics(document)
        document = editor.open(folder / "hidden.yaml", GOOD)
        editor.diagnostics(document)
        said = editor.everything()
    for part in (SECRET, MATERIAL[-12:]):
        if part in said:
            yield f"expected that no message has the secret, came {said[max(0, said.index(part) - 120):][:160]!r}"


# What moves a terminal's cursor, or turns the direction of what is read.
HARMFUL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# A link, a picture or a tag that Markdown would show as one.
MARKUP = re.compile(r"(?<!\\)\]\(|(?<!\\)<[a-zA-Z/!]")


def language_server_cleans(program, _tools, folder):
    """What is shown has no control character, and no link that a file has put there."""
    (folder / "acme.yaml").write_text(ACME, encoding="utf-8")
    own = next(case for case in CASES if case.name == "own.yaml").text
    texts = {case.name: case.text for case in CASES if case.name == "escapes.yaml"} | {
        "own.yaml": own,
        "bad.toml": 'provider = "paxos"\nname = "\\u001b[31m"\nscopes = ["\\u001b[31m"]\n"\\u001b[2J" = 1\n',
        "raw.yaml": "provider: paxos\nname: a\x1b[31m\nscopes: [\x1b[31m]\n",
    }
    with scopes_server(program, folder) as editor:
        for name, text in texts.items():
            document = editor.open(folder / name, text)
            for diagnostic in editor.diagnostics(document):
                editor.actions(document, diagnostic)
            for found in re.finditer(r"[\w:]+", text):
                editor.hover(document, found.start())
                editor.complete(document, found.end())
        heard = list(editor.heard)
    for kind, text in shown_in([message for message in heard if message]):
        if HARMFUL.search(text):
            yield f"expected no control character in what is shown, came {text!r}"
        if kind == "markdown" and MARKUP.search(re.sub(r"(`+).+?\1", "", text, flags=re.S)):
            yield f"expected no link or tag of a file in Markdown, came {text!r}"


UNSEEN = {"newText", "insertText", "filterText", "sortText", "uri", "data"}


def shown_in(value, kind=None):
    """The texts of messages that somebody sees, each with its kind of markup; an edit is not shown, but written."""
    if isinstance(value, str):
        yield kind, value
    elif isinstance(value, list):
        for part in value:
            yield from shown_in(part, kind)
    elif isinstance(value, dict):
        for field, part in value.items():
            if field not in UNSEEN:
                yield from shown_in(part, value.get("kind", kind))


# Types into Neovim: waits for diagnostics, asks for a hover, takes the first quick fix, completes a name, and writes down
# what it saw. Between the keys Neovim gets its turn, so it all happens in a coroutine.
DRIVE = """\
local seen = {}
local resume
local function wait(what, holds)
  local tries = 0
  while not holds() do
    tries = tries + 1
    if tries > 600 then error('waited in vain for ' .. what) end
    vim.defer_fn(resume, 25)
    coroutine.yield()
  end
end
local function rules()
  local rules = {}
  for _, found in ipairs(vim.diagnostic.get(0)) do
    local code = found.code or (found.user_data and found.user_data.lsp and found.user_data.lsp.code)
    table.insert(rules, { code, found.lnum + 1, found.col })
  end
  return rules
end
local function lines() return vim.api.nvim_buf_get_lines(0, 0, -1, false) end
local function float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then return window end
  end
end
local function press(keys, pattern)
  if pattern then
    vim.fn.cursor(1, 1)
    if vim.fn.search(pattern) == 0 then error('no ' .. pattern) end
  end
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), 'm', false)
end
vim.ui.select = function(items, options, choose)
  seen.titles = {}
  for _, item in ipairs(items) do table.insert(seen.titles, (options.format_item(item))) end
  choose(items[1], 1)
end
local function run()
  wait('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
  seen.before = rules()
  press('K', 'funding:read_profile')
  wait('a hover', float)
  seen.hover = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float()), 0, -1, false), '\\n')
  vim.api.nvim_win_close(float(), true)
  local tick = vim.b.changedtick
  press('gra', 'tax:read_tax_fo')
  wait('an edit', function() return vim.b.changedtick ~= tick end)
  seen.fixed = lines()
  wait('fewer diagnostics', function() return #vim.diagnostic.get(0) < #seen.before end)
  press('A<C-x><C-o>', 'write_sand')
  wait('a completion', function() return vim.fn.getline('.') ~= seen.fixed[vim.fn.line('.')] end)
  press('<C-y><Esc>')
  seen.completed = lines()
end
local thread = coroutine.create(function()
  local done, problem = pcall(run)
  if not done then seen.problem = problem end
  local file = io.open(vim.env.SEEN, 'w')
  file:write(vim.json.encode(seen))
  file:close()
  vim.schedule(function() vim.cmd('qall!') end)
end)
resume = function() coroutine.resume(thread) end
resume()
"""

NEOVIM_KEY = f"""\
# {LONG_NAME}
provider: paxos
name: "{LONG_NAME}"
needs:
  endpoints: [GET /profiles, GET /tax/tax-forms, POST /sandbox/fiat-deposits]
scopes: ["{LONG_NAME}", funding:read_profile, tax:read_tax_fom]
environments:
  sandbox:
    scopes:
      - transfer:write_sand
"""


def neovim_lines(version):
    """The lines of docs/editors.md for this version of Neovim."""
    path = ROOT / "docs/editors.md"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    wanted = "vim.lsp.config" if version >= (0, 11) else "vim.lsp.start_client"
    for block in re.findall(r"^```lua\n(.*?)^```", text, re.M | re.S):
        if wanted in block:
            return block
    raise Fault(f"expected lines for Neovim with {wanted} in docs/editors.md, came none")


def neovim(program, _tools, folder):
    """Neovim, set up by the lines of docs/editors.md: it shows diagnostics and a hover, takes a fix, and completes."""
    said = run(["nvim", "--version"], folder)
    version = tuple(int(part) for part in re.match(r"NVIM v(\d+)\.(\d+)", said).groups())
    (folder / "init.lua").write_text(neovim_lines(version), encoding="utf-8")
    (folder / "drive.lua").write_text(DRIVE, encoding="utf-8")
    (folder / ".git").mkdir()
    path = folder / "key.yaml"
    path.write_text(NEOVIM_KEY, encoding="utf-8")
    found = findings(program, folder, path.name, NEOVIM_KEY)
    binaries = folder / "bin"
    binaries.mkdir()
    (binaries / "scopes").write_text(f'#!/bin/sh\necho $$ >> "{folder}/numbers"\nexec "{program}" "$@"\n', encoding="utf-8")
    (binaries / "scopes").chmod(0o755)
    seen = folder / "seen.json"
    done = subprocess.run(
        ["nvim", "--headless", "-u", "init.lua", "-n", "key.yaml", "-c", "luafile drive.lua"], cwd=folder,
        env={**environment(folder), "PATH": f"{binaries}:{os.environ['PATH']}", "SEEN": str(seen)}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=90, check=False)
    if not seen.exists() or "Error" in done.stderr:
        raise Fault(f"expected that Neovim runs, came {done.stderr.strip()[:1000]!r}")
    yield from neovim_saw(json.loads(seen.read_text(encoding="utf-8")), found)
    yield from neovim_left(folder / "numbers")


def neovim_saw(seen, found):
    if "problem" in seen:
        yield f"expected that Neovim sees everything, came {seen['problem']}"
    rows = NEOVIM_KEY.split("\n")
    # Neovim counts the bytes of a line, from 0.
    expected = sorted([one["rule"], one["line"], len(rows[one["line"] - 1][:one["column"] - 1].encode())] for one in found)
    if sorted(seen.get("before", [])) != expected:
        yield f"expected the diagnostics {expected}, came {seen.get('before')}"
    hover = seen.get("hover", "").replace("\\", "")
    if "see profiles and their balances" not in hover:
        yield f"expected the summary of the scope in a hover, came {hover!r}"
    fixed = NEOVIM_KEY.replace("tax_fom", "tax_form")
    completed = fixed.replace("write_sand\n", "write_sandbox_fiat_deposit\n")
    for name, text in (("fixed", fixed), ("completed", completed)):
        lines = text.rstrip("\n").split("\n")
        if seen.get(name, lines) != lines:
            yield f"expected the lines {lines} when {name}, came {seen[name]} (offered: {seen.get('titles')})"


def neovim_left(numbers):
    """The processes that Neovim started and did not end."""
    end = time.monotonic() + 5
    for number in map(int, numbers.read_text(encoding="utf-8").split()):
        while os.path.exists(f"/proc/{number}") and time.monotonic() < end:
            time.sleep(0.05)
        if os.path.exists(f"/proc/{number}"):
            yield "expected that Neovim leaves no server behind, came one"


# What each sub-check is called when it is done, and what it needs besides `scopes`.
CHECKS = [
    ("yaml-language-server completes and marks", yaml_language_server, "yaml-language-server"),
    ("taplo tells right TOML from wrong", taplo, "taplo"),
    ("ajv takes the schemas, and tells right documents from wrong", ajv, "ajv"),
    ("scopes lsp finds what scopes check finds", language_server_finds, None),
    ("scopes lsp reads catalogs and scopes.toml", language_server_reads_other_files, None),
    ("scopes lsp tells what a scope opens and an endpoint needs", language_server_tells, None),
    ("scopes lsp completes names", language_server_completes, None),
    ("scopes lsp offers the fixes of scopes check", language_server_fixes, None),
    ("scopes lsp fixes as scopes check --fix does", language_server_fixes_as_check, None),
    ("scopes lsp follows a file that is typed, gone or closed", language_server_follows, None),
    ("scopes lsp bears what a client should not send", language_server_bears, None),
    ("scopes lsp keeps secrets", language_server_keeps_secrets, None),
    ("scopes lsp shows no control character", language_server_cleans, None),
    ("Neovim shows diagnostics and hovers, takes a fix, and completes", neovim, "nvim"),
]

# Of one sub-check, and letters of one fault; more say the same.
MOST_FAULTS = 10
LONGEST_FAULT = 600


def is_there(tool, tools):
    if tool == "nvim":
        return shutil.which("nvim") is not None
    return tool is None or (shutil.which("node") is not None and (tools / tool / "node_modules").is_dir())


def faults_of(check, program, tools):
    """What a sub-check finds, without the paths of this machine."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder).resolve()
        faults = []
        try:
            faults.extend(check(program, tools, folder))
        except Fault as fault:
            faults.append(str(fault))
        except Exception as error:  # An answer of another shape shows itself in many ways, and each is a fault.
            faults.append(f"{type(error).__name__}: {error}")
        for path in (folder, ROOT, tools, pathlib.Path(program).parent):
            faults = [fault.replace(str(path), "...") for fault in faults]
        return faults


def main():
    program, tools = sys.argv[1], pathlib.Path(sys.argv[2])
    failed = False
    for name, check, tool in CHECKS:
        if not is_there(tool, tools):
            print(f"editors: {tool} is not installed here, so not tried", flush=True)
            continue
        faults = faults_of(check, program, tools)
        failed = failed or bool(faults)
        if not faults:
            print(f"editors: {name}", flush=True)
            continue
        print(f"editors: not so: {name}", flush=True)
        for fault in faults[:MOST_FAULTS]:
            print(f"  {fault[:LONGEST_FAULT]}", flush=True)
        if len(faults) > MOST_FAULTS:
            print(f"  and {len(faults) - MOST_FAULTS} more", flush=True)
    sys.exit(1 if failed else 0)


main()
