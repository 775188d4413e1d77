#!/usr/bin/env python3
"""Checks words and the look of messages in own sources.

No marks of unfinished work; no blanks at line ends, no tabs in C++, Python and shell; a line break at the end of every file; UTF-8 only; and
in message texts of C++ no double blank, no blank at the end, no double period, no frequent misspelling.
"""

import re
import sys

import common

CODE = {".cpp", ".h", ".py", ".sh", ".ac", ".am", ".inc", ".m4", ".txt", ".md"}
NO_TABS = {".cpp", ".h", ".py", ".sh"}
THIS_FILE = "test/lint/words.py"
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|TBD|WIP)\b")
MISSPELLED = {
    "adress": "address", "allready": "already", "recieve": "receive", "recieved": "received", "occured": "occurred",
    "occurence": "occurrence", "seperate": "separate", "seperator": "separator", "succesful": "successful",
    "sucess": "success", "sucessful": "successful", "unknwon": "unknown", "lenght": "length", "wich": "which",
    "teh": "the", "existant": "existent", "neccessary": "necessary", "paramter": "parameter", "invaild": "invalid",
    "transacton": "transaction", "signiture": "signature", "singature": "signature", "maximun": "maximum",
    "mininum": "minimum", "arguement": "argument", "dont": "do not", "doesnt": "does not", "cant": "cannot",
    "couldnt": "could not", "priviledge": "privilege", "responce": "response", "untill": "until", "begining": "beginning",
}
MESSAGE = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
WORD = re.compile(r"[A-Za-z]+")
NOT_A_SENTENCE = re.compile(r"%|\{|=|;|:|\\|^\s|^[^A-Za-z]")


def check_line(line, where, suffix, problems):
    found = UNFINISHED.search(line)
    if found:
        problems.append(f"{where}: '{found.group(1)}'; finish it, or describe the limit in plain words")
    if line != line.rstrip() and not (suffix == ".md" and line.endswith("  ")):
        problems.append(f"{where}: blank at the end of the line; remove it")
    if suffix in NO_TABS and "\t" in line:
        problems.append(f"{where}: tab; use four blanks (or \\t in a text)")


def check_messages(text, path, problems):
    """Texts that read like messages: several words, no format or protocol syntax around."""
    plain = common.blank(text, keep_strings=True)
    for number, line in enumerate(plain.splitlines(), 1):
        for match in MESSAGE.finditer(line):
            message = match.group(1)
            where = f"{path}:{number}"
            for word in WORD.findall(message):
                if word.lower() in MISSPELLED:
                    problems.append(f"{where}: '{word}' in a text; write '{MISSPELLED[word.lower()]}'")
            if len(message.split()) < 3 or NOT_A_SENTENCE.search(message):
                continue
            if re.search(r"[a-z,.]  [a-z]", message):
                problems.append(f"{where}: two blanks in a row in a message; write one")
            if re.search(r"[^.]\.\.$", message):
                problems.append(f"{where}: message ends with two periods; write one")


def main():
    problems = []
    for path in common.all_files():
        if path.suffix not in CODE or "corpora" in path.parts or str(path) == THIS_FILE:
            continue
        raw = (common.ROOT / path).read_bytes()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            problems.append(f"{path}:{line}: not UTF-8; save the file as UTF-8")
            continue
        if text and not text.endswith("\n"):
            problems.append(f"{path}:{text.count(chr(10)) + 1}: no line break at the end of the file; add one")
        for number, line in enumerate(text.split("\n"), 1):
            check_line(line, f"{path}:{number}", path.suffix, problems)
        if path.suffix in (".cpp", ".h"):
            check_messages(text, path, problems)
    common.finish("words", problems)


if __name__ == "__main__":
    sys.exit(main())
