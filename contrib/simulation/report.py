"""Tables, progress and binomial errors for the simulations; standard library only."""

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
