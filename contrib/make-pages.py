#!/usr/bin/env python3
"""Makes the man pages and bash completions in share/ from the programs' own tables.

Options come from -help of the programs of a build, calls from the call tables in src/rpc. With
--check nothing is written; files that are not current are named and the exit code is 1.
"""

import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
SUMMARY = {
    "emercoind": "telephony node: numbers and names on a block chain, answered by DNS",
    "emercoin-cli": "command-line client of emercoind",
    "emercoin-qt": "wallet with windows, with a telephony node inside",
    "emercoin-wallet": "looks at wallet files, makes, dumps and rescues them",
    "emercoin-tx": "makes and changes raw transactions without a node",
    "emercoin-util": "tries nonces of a header, turns scripts into hex and back",
}
FILES = {
    "emercoind": [
        ("~/.emercoin/emercoin.conf", "options, one name=value a line, sections [main], [test], [regtest]"),
        ("~/.emercoin/debug.log", "log; reopened on SIGHUP"),
        ("~/.emercoin/.callweb-cookie", "token for the page of -callweb"),
        ("~/.emercoin/wallets/wallet.dat", "the wallet: keys. Save it with backupwallet"),
    ],
    "emercoin-qt": [
        ("~/.emercoin/emercoin.conf", "options of the node, as for emercoind; written at the first start"),
        ("~/.config/Emercoin/Emercoin-Qt.conf", "size of the window, columns, choices"),
    ],
    "emercoin-cli": [
        ("~/.emercoin/.cookie", "user and password of the running node; test and regtest have their own folders"),
    ],
    "emercoin-wallet": [
        ("~/.emercoin/wallets/wallet.dat", "the wallet without a name; others have folders of their names beside it"),
    ],
}
SEE_ALSO = {"emercoind": "emercoin-cli", "emercoin-cli": "emercoind", "emercoin-wallet": "emercoind", "emercoin-tx": "emercoin-cli",
            "emercoin-util": "emercoin-tx", "emercoin-qt": "emercoind"}
COMMANDS = "Commands"  # heading of what is no option
CALL_ROW = re.compile(r'\{"([a-z_0-9]+)",\s*"([A-Z][A-Za-z ]+)",\s*CallKind::')


def path_of(build, program):
    return build / ("qt" if program == "emercoin-qt" else "src") / program


def help_text(build, program):
    done = subprocess.run([str(path_of(build, program)), "-help"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def read_help(lines):
    """(version, usage lines, [(heading, [(option, text)])])"""
    version = lines[0].split()[-1].lstrip("v")
    usage, groups = [], []
    for line in lines[3:]:
        if line.startswith(("Usage:", "       ")) and not groups:
            usage.append(line[7:].strip())
        elif re.fullmatch(r"\S.*:", line):
            groups.append((line[:-1], []))
        elif re.match(r"  \S", line):
            groups[-1][1].append([line.strip(), ""])
        elif line.startswith("       "):
            option = groups[-1][1][-1]
            option[1] = (option[1] + " " + line.strip()).strip()
    return version, usage, groups


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def man_page(program, lines):
    version, usage, groups = read_help(lines)
    out = [f'.TH {program.upper()} 1 "" "emercoin {version}" "User commands"', ".SH NAME",
           f"{roff(program)} \\- {SUMMARY[program]}", ".SH SYNOPSIS"]
    for line in usage:
        words = line.split(" ", 1)
        out += [f".B {roff(words[0])}", f".RI {chr(34)}{roff(words[1])}{chr(34)}", ".br"]
    out.append(".SH OPTIONS")
    for heading, options in groups:
        out.append(f".SS {roff(heading)}")
        for option, text in options:
            out += [".TP", f".B {roff(option)}", roff(text) + "."]
    if program == "emercoin-cli":
        out += [".SH CALLS", f"{roff('emercoin-cli help')} lists all, {roff('emercoin-cli help')} and a name explains one.",
                ".PP", roff(", ".join(call_names())) + "."]
    if program in FILES:
        out.append(".SH FILES")
    for path, text in FILES.get(program, []):
        out += [".TP", f".I {roff(path)}", roff(text) + "."]
    out += [".SH SEE ALSO", f".BR {roff(SEE_ALSO[program])} (1)"]
    return "\n".join(out) + "\n"


def call_names():
    """Every call of the tables that help shows."""
    names = set()
    for path in sorted((ROOT / "src" / "rpc").glob("calls*.cpp")):
        for name, category in CALL_ROW.findall(path.read_text(encoding="utf-8")):
            if category != "Hidden":
                names.add(name)
    return sorted(names)


def words_of(program, groups):
    """What may stand behind the options."""
    if program == "emercoin-cli":
        return ["help"] + [name for name in call_names() if name != "help"]
    words = [word for heading, rows in groups if heading == COMMANDS for word, _ in rows]
    return [re.sub(r"[ <].*", "", word) for word in words]


def completion(program, lines):
    _, _, groups = read_help(lines)
    options = [option.split("=")[0] + ("=" if "=" in option else "")
               for heading, rows in groups if heading != COMMANDS for option, _ in rows]
    words = words_of(program, groups)
    function = "_" + program.replace("-", "_")
    out = [f"# bash completion of {program}", f"{function}()", "{", '    local word=${COMP_WORDS[COMP_CWORD]} options calls',
           "    COMPREPLY=()", "    options='" + " ".join(options) + "'"]
    if words:
        out += ["    calls='" + " ".join(words) + "'"]
    out += ['    case $word in', "    -*)", '        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")', "        ;;"]
    if words:
        out += ["    *)", '        mapfile -t COMPREPLY < <(compgen -W "$calls" -- "$word")', "        ;;"]
    out += ["    esac", "    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi", "}",
            f"complete -F {function} {program}"]
    text = "\n".join(out) + "\n"
    return text if words else text.replace(" options calls", " options")


def pages(build):
    for program in SUMMARY:
        if not path_of(build, program).is_file():
            continue  # built without wallets or windows
        lines = help_text(build, program)
        yield ROOT / "share" / "man" / f"{program}.1", man_page(program, lines)
        yield ROOT / "share" / "bash-completion" / program, completion(program, lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path, help="build directory with the programs")
    parser.add_argument("--check", action="store_true", help="compare only")
    args = parser.parse_args()
    stale = 0
    for path, text in pages(args.build):
        if args.check:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                print(f"{path.relative_to(ROOT)}:1: not current; run contrib/make-pages.py {args.build}")
                stale = 1
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main())
