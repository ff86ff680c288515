"""Types into real shells, in a fresh home that the lines of the README have set up, and reads what they complete.

A shell that is not there is named and passed over; a wrong completion fails. Usage: completions.py FOLDER-OF-SCOPES
"""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# What is typed, with how many tabs, and what the line becomes.
TYPED = [
    ("scopes explain wallets:nfts.r", 1, "scopes explain wallets:nfts.read"),
    ("scopes explain -p paxos tax:read_tax_f", 1, "scopes explain -p paxos tax:read_tax_form"),
    ("scopes show pax", 1, "scopes show paxos"),
    ("scopes show paxos endp", 1, "scopes show paxos endpoints"),
    ("scopes recommend --recipe follow", 1, "scopes recommend --recipe follow-orders"),
    ("scopes rule missing-sc", 1, "scopes rule missing-scope"),
    ("scopes check --key-file exam", 1, "scopes check --key-file examples/"),
    ("scopes check --key-file examples/tr", 1, "scopes check --key-file examples/treasury.yaml"),
    ("scopes check --key-file examples/treasury.yaml -e prod", 1,
     "scopes check --key-file examples/treasury.yaml -e production"),
    ("scopes explain -p paxos tax:read_tax_form,tax:read_tax_l", 1,
     "scopes explain -p paxos tax:read_tax_form,tax:read_tax_lot"),
    ("scopes explain -p elebne --key-type pub", 1, "scopes explain -p elebne --key-type publishable"),
    ("scopes diff --base HEA", 1, "scopes diff --base HEAD"),
    ("scopes comp", 1, "scopes completions"),
]

READ = {
    "bash": (["bash", "--noprofile", "--rcfile", "{home}/.bashrc", "-i"], "\x18p"),
    "zsh": (["zsh", "-i"], "\x18p"),
    "fish": (["fish", "-i"], "\x18p"),
}

# Each writes its line to a file at the press of one key.
SETUP = {
    "bash": "bind -x '\"\\C-xp\": printf %s \"$READLINE_LINE\" > {home}/line'\n",
    "zsh": "_line() {{ print -rn -- \"$BUFFER\" > {home}/line }}\nzle -N _line\nbindkey '^Xp' _line\n",
    "fish": "function fish_user_key_bindings; bind \\cxp 'commandline > {home}/line'; end\n",
}

RC = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}


def install_lines(shell):
    """The lines of the README that install the completions of a shell."""
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        blocks = re.findall(r"```sh\n(.*?)```", file.read(), re.S)
    block = next(block for block in blocks if "scopes completions bash" in block)
    parts = re.split(r"^# (bash|zsh|fish)\b.*\n", block, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))[shell]


def environment(home, binaries):
    return {
        "HOME": home,
        "PATH": f"{binaries}:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TERM": "xterm",
        "COLUMNS": "200",
    }


class Typist:
    """A shell behind a terminal."""

    def __init__(self, shell, home, binaries):
        self.shell = shell
        self.home = home
        self.text = ""
        command = [part.format(home=home) for part in READ[shell][0]]
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(ROOT)
            os.execvpe(command[0], command, environment(home, binaries))
        self.read(2.0)

    def read(self, longest, quiet=0.35):
        """What is printed until nothing more comes."""
        end = time.monotonic() + longest
        text = ""
        while time.monotonic() < end:
            ready, _, _ = select.select([self.terminal], [], [], quiet)
            if not ready:
                if text:
                    break
                continue
            try:
                data = os.read(self.terminal, 65536).decode("utf-8", "replace")
            except OSError:
                break
            # fish asks the terminal what it is, and waits for the answer.
            if "\x1b[c" in data or "\x1b[0c" in data:
                os.write(self.terminal, b"\x1b[?62;c")
            text += data
        self.text += text
        return text

    def line(self, typed, tabs):
        """What a line becomes, and what is printed meanwhile."""
        os.write(self.terminal, b"\x15")
        self.read(0.5, 0.1)
        os.write(self.terminal, typed.encode())
        self.read(1.0, 0.15)
        printed = ""
        for _ in range(tabs):
            os.write(self.terminal, b"\t")
            printed += self.read(3.0)
        path = os.path.join(self.home, "line")
        if os.path.exists(path):
            os.remove(path)
        os.write(self.terminal, READ[self.shell][1].encode())
        for _ in range(40):
            self.read(0.1, 0.05)
            if os.path.exists(path) and os.path.getsize(path):
                break
        with open(path, encoding="utf-8") as file:
            return file.read().rstrip("\n"), printed

    def close(self):
        os.close(self.terminal)
        try:
            os.kill(self.process, 9)
        except ProcessLookupError:
            pass
        os.waitpid(self.process, 0)


def files_of(home):
    found = {}
    for folder, _, names in os.walk(home):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, home)] = file.read()
    return found


def tried(shell, binaries):
    """Faults of one shell."""
    faults = []
    # A first fish goes on reading manual pages into its home for a while after it ends.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        if shell == "bash":
            # Debian's own completion loads a command's at its first use; so does this line where it is not installed.
            with open(os.path.join(home, ".bashrc"), "w", encoding="utf-8") as file:
                file.write("[ -r /usr/share/bash-completion/bash_completion ] && . /usr/share/bash-completion/bash_completion\n")
        lines = install_lines(shell)
        for number in range(2):
            run = subprocess.run(["bash", "-ec", lines], env=environment(home, binaries), cwd=ROOT,
                                 capture_output=True, text=True, check=False)
            if run.returncode != 0 or run.stderr:
                faults.append(f"the lines of the README fail: {run.stderr}")
            if number == 0:
                before = files_of(home)
        if files_of(home) != before:
            faults.append("the lines of the README change something the second time")
        path = os.path.join(home, RC[shell])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "a", encoding="utf-8") as file:
            if shell == "bash" and not os.path.exists("/usr/share/bash-completion/bash_completion"):
                file.write(". ~/.local/share/bash-completion/completions/scopes\n")
            file.write(SETUP[shell].format(home=home))
        typist = Typist(shell, home, binaries)
        for typed, tabs, expected in TYPED:
            line, _ = typist.line(typed, tabs)
            if line.rstrip() != expected:
                faults.append(f"{typed!r} became {line!r}, not {expected!r}")
        # The first tab writes what both names have in common.
        _, printed = typist.line("scopes explain wallets:nfts.", 2)
        printed = re.sub("\x1b(\\[[0-9;?]*[A-Za-z]|\\(B)", "", printed)
        for name in ("nfts.read", "nfts.transfer"):
            if name not in printed:
                faults.append(f"two tabs behind wallets:nfts. do not list {name}: {printed!r}")
        line, _ = typist.line("scopes recommend -p paxos --endpoint 'GET /tax/tax-form-r", 1)
        if "GET /tax/tax-form-revisions" not in line:
            faults.append(f"an endpoint in quotes became {line!r}")
        typist.close()
    return faults


def main():
    binaries = sys.argv[1]
    failed = False
    for shell in READ:
        if shutil.which(shell) is None:
            print(f"{shell}: not installed here, so not tried")
            continue
        faults = tried(shell, binaries)
        print(f"{shell}: {'; '.join(faults) if faults else 'completes'}")
        failed = failed or bool(faults)
    sys.exit(1 if failed else 0)


main()
