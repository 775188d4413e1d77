"""Options, tables, progress and binomial errors for the simulations; standard library only."""

import argparse
import math
import pathlib
import re
import sys
import time


def share(wins, trials):
    """Probability with its binomial error as text; without a win the bound that holds with 95 %."""
    if wins == 0:
        return f"< {-math.log(0.05) / trials:.4f}"
    probability = wins / trials
    error = math.sqrt(max(probability * (1 - probability), 0.5 / trials) / trials)
    digits = 4 if probability < 0.01 else 3
    return f"{probability:.{digits}f} ± {error:.{digits}f}"


def table(title, heads, rows, note=""):
    """A Markdown table with a caption."""
    lines = [f"**{title}**", "", "| " + " | ".join(heads) + " |", "|---" + "|---:" * (len(heads) - 1) + "|"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    if note:
        lines += ["", note]
    return "\n".join(lines)


def put_into(path, name, text):
    """Replaces what stands between `<!-- table NAME -->` and `<!-- end -->` in a document."""
    document = pathlib.Path(path)
    old = document.read_text(encoding="utf-8")
    pattern = re.compile(rf"(<!-- table {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    new, count = pattern.subn(lambda match: match.group(1) + text + "\n" + match.group(2), old)
    if count != 1:
        raise SystemExit(f"{path}: {count} places for the table '{name}'; one line '<!-- table {name} -->' is needed")
    document.write_text(new, encoding="utf-8")


class Progress:
    """Percent done and time left on stderr; one line that is rewritten on a terminal, else one line per tenth."""

    def __init__(self, name, steps, quiet=False):
        self.name, self.steps, self.done = name, max(1, steps), 0
        self.begin, self.shown, self.quiet = time.monotonic(), -1, quiet

    def step(self, count=1):
        self.done = min(self.steps, self.done + count)
        percent = 100 * self.done // self.steps
        every = 1 if sys.stderr.isatty() else 10
        if self.quiet or percent // every == self.shown:
            return
        self.shown = percent // every
        left = (time.monotonic() - self.begin) * (self.steps - self.done) / self.done
        end = "\r" if sys.stderr.isatty() and self.done < self.steps else "\n"
        sys.stderr.write(f"{self.name}: {percent:3d} %, {left:4.0f} s left  {end}")
        sys.stderr.flush()


def options(text, tables, trials, words):
    """The options every simulation takes, read from `words`. `tables` by name; `trials`: (default, least, its words)."""
    out = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual, least, needed = trials
    out.add_argument("--table", choices=["all", *tables], default="all", help="one table (default: all)")
    out.add_argument("--trials", type=int, default=usual, help=f"repetitions (default: {usual})")
    out.add_argument("--seed", type=int, default=1, help="seed of all random numbers (default: 1)")
    out.add_argument("--quick", action="store_true", help="few repetitions and coarse searches, for tests")
    out.add_argument("--quiet", action="store_true", help="no progress on stderr")
    out.add_argument("--self-test", action="store_true", help="check the model against the exact rules and exit")
    out.add_argument("--vectors", metavar="DIR", help="folder of published vectors, for --self-test")
    out.add_argument("--write", metavar="FILE", help="put each table into its place in a document")
    out.add_argument("--plots", metavar="DIR", help="write the plots into a folder instead of printing tables")
    found = out.parse_args(words)
    if found.trials < least:
        out.error(f"--trials {found.trials}: {needed} is needed")
    return found


def run(asked, tables, draw, check):
    """What was asked for: `check(vectors)`, `draw(asked)` or `tables[name](asked)`. Gives the exit status."""
    if asked.self_test:
        return check(asked.vectors)
    if asked.plots:
        draw(asked)
        return 0
    for name in tables if asked.table == "all" else [asked.table]:
        text = tables[name](asked)
        print(f"{text}\n", flush=True)
        if asked.write:
            put_into(asked.write, name, text)
    return 0
