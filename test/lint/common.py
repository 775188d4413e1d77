"""What the lints share: the list of source files and a tolerant reader of C++ text."""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(os.environ.get("EMC_SRCDIR") or pathlib.Path(__file__).resolve().parents[2]).resolve()
OUR_FOLDERS = ("src", "qt", "test", "contrib", "depends", ".ci", "build-aux", "m4", "doc", "share")
SKIPPED = 77


def all_files():
    """Own files as paths relative to ROOT: what git tracks or would track; in a tarball, everything there."""
    try:
        out = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True, capture_output=True).stdout
        names = [n for n in out.decode().split("\0") if n]
        if names:
            return sorted(pathlib.PurePosixPath(n) for n in set(names) if (ROOT / n).is_file())
    except (OSError, subprocess.CalledProcessError):
        pass
    found = [p.relative_to(ROOT) for p in ROOT.iterdir() if p.is_file()]
    for folder in OUR_FOLDERS:
        found += [p.relative_to(ROOT) for p in (ROOT / folder).rglob("*")
                  if p.is_file() and "__pycache__" not in p.parts]
    return sorted(pathlib.PurePosixPath(p.as_posix()) for p in found)


def files_with(suffixes):
    return [p for p in all_files() if p.suffix in suffixes]


def read(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


_TOKEN = re.compile(
    r'//(?:[^\n\\]|\\\n|\\.)*'
    r'|/\*.*?\*/'
    r'|(?:u8|u|U|L)?R"(?P<delim>[^()\\\s]{0,16})\(.*?\)(?P=delim)"'
    r'|"(?:[^"\\\n]|\\.|\\\n)*"'
    r"|(?<![0-9A-Fa-f])(?:u8|u|U|L)?'(?:[^'\\\n]|\\.[^'\n]*)'",
    re.DOTALL)


def blank(text, keep_strings=False):
    """C++ text with comments (and, unless keep_strings, literals) overwritten by blanks; line breaks stay."""
    def replace(match):
        token = match.group(0)
        is_comment = token.startswith(("//", "/*"))
        if keep_strings and not is_comment:
            return token
        body = re.sub(r"[^\n]", " ", token)
        return body if is_comment or len(body) < 2 else '"' + body[1:-1] + '"'
    return _TOKEN.sub(replace, text)


def finish(lint, problems):
    """Print the problems and leave with the exit code the test harness expects."""
    for problem in problems:
        print(problem)
    if problems:
        print(f"{lint}: {len(problems)} problem(s)")
    else:
        print(f"{lint}: clean")
    sys.exit(1 if problems else 0)
