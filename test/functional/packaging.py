#!/usr/bin/env python3
"""What carries the programs to machines: units of systemd, logrotate, the container, the Debian package, completion, rpcauth."""

import configparser
import os
import pathlib
import pty
import re
import shlex
import signal
import subprocess

from framework import check
from framework.suite import need, run

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CONTRIB = ROOT / "contrib"
PROGRAMS = ("emercoind", "emercoin-cli", "emercoin-wallet", "emercoin-tx", "emercoin-util")


def unit(name):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string((CONTRIB / "init" / name).read_text())
    return parser


def options_of(env, program="emercoind"):
    text = subprocess.run([str(env.programs / program), "-help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^  -([a-z?0-9-]+)", text, re.MULTILINE))


def known_options(env, command, what):
    """The options of a command line of the node exist."""
    words = [word for word in command if word.startswith("-")]
    known = options_of(env)
    for word in words:
        name = word.lstrip("-").split("=")[0]
        check.true(name in known or name.removeprefix("no") in known, f"{what}: {word} is no option")
    return words


def test_units(env):
    service = unit("emercoind.service")["Service"]
    command = shlex.split(service["ExecStart"])
    check.equal(pathlib.Path(command[0]).name, "emercoind")
    known_options(env, command[1:], "emercoind.service")
    check.contains(service["ExecReload"], "-HUP")
    names = {unit(f"emercoind-{kind}.socket")["Socket"]["FileDescriptorName"] for kind in ("dns", "dns-tls")}
    check.equal(names, {"dns", "dns-tls"})
    for kind in ("dns", "dns-tls"):
        check.equal(unit(f"emercoind-{kind}.socket")["Socket"]["Service"], "emercoind.service")


def test_units_as_systemd_reads_them(env):
    """systemd-analyze finds nothing wrong; the program and its user are those of this machine."""
    analyze = need("systemd-analyze")
    folder = env.path("units")
    folder.mkdir()
    for path in (CONTRIB / "init").iterdir():
        if path.suffix in (".service", ".socket"):
            text = path.read_text().replace("/usr/bin/emercoind", str(env.programs / "emercoind"))
            (folder / path.name).write_text(re.sub(r"(?m)^(User|Group)=.*$", r"\1=root", text))
    done = subprocess.run([analyze, "verify", "--man=no", *map(str, folder.iterdir())], capture_output=True, text=True, check=False)
    check.equal((done.returncode, done.stderr), (0, ""))


def test_desktop(env):
    """The entry of the menu, the type of files and the picture, as desktops read them."""
    share = ROOT / "share"
    subprocess.run([need("desktop-file-validate"), str(share / "emercoin-qt.desktop")], check=True)
    lint = need("xmllint")
    for name in ("emercoin-qt.xml", "emercoin.svg"):
        subprocess.run([lint, "--noout", str(share / name)], check=True)
    entry = (share / "emercoin-qt.desktop").read_text(encoding="utf-8")
    check.contains(entry, "x-scheme-handler/emercoin;")
    check.contains(entry, "Icon=emercoin\n")


def test_logrotate(env):
    """logrotate itself rotates a running node's log with the file of contrib/init, adapted to this folder."""
    rotate = need("logrotate")
    node = env.start()
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True).stdout.strip()
    text = (CONTRIB / "init" / "emercoin.logrotate").read_text()
    text = text.replace("/var/lib/emercoin/", f"{node.network}/").replace("emercoin emercoin", f"{user} {group}")
    text = re.sub(r"/bin/systemctl kill .*", f"kill -HUP {node.process.pid}", text)
    config = env.path("logrotate.conf")
    config.write_text(text)
    config.chmod(0o600)
    node.network.chmod(0o700)
    done = subprocess.run([rotate, "--force", "--state", str(env.path("state")), str(config)], capture_output=True, text=True, check=False)
    check.equal((done.returncode, done.stderr), (0, ""))
    check.true((node.network / "debug.log.1").stat().st_size > 100, "the old log is kept")
    node.rpc.logging(["rpc"])
    node.rpc.uptime()
    check.soon(lambda: "call uptime" in node.log(), "the node writes into the new file")
    check.equal((node.network / "debug.log").stat().st_mode & 0o777, 0o600)
    node.stop(signal.SIGTERM)


def instructions(text):
    """(word, rest) of each instruction; lines that end in a backslash go on."""
    joined = re.sub(r"\\\n\s*", "", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]


def test_container(env):
    rows = instructions((CONTRIB / "container" / "Containerfile").read_text())
    words = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT"}
    check.equal({word for word, _ in rows} - words, set())
    check.equal(rows[0][0], "FROM")
    stages = [rest.split()[-1] for word, rest in rows if word == "FROM" and " AS " in rest]
    for word, rest in rows:
        if word != "COPY":
            continue
        parts = rest.split()
        if parts[0].startswith("--from="):
            check.contains(stages, parts[0].split("=")[1])
            continue
        for source in parts[:-1]:
            check.true((ROOT / source).exists(), f"COPY {source}: there is no such file")
    copied = {source for word, rest in rows if word == "COPY" for source in rest.split()[:-1]}
    included = {path.split("/")[0] for path in re.findall(r"^include (\S+)", (ROOT / "Makefile.am").read_text(), re.MULTILINE)}
    check.equal(included - copied, set(), "parts of the Makefile that are not copied")
    packed = set(re.findall(r"[A-Za-z.]+", re.search(r"EXTRA_DIST \+= ((?:.*\\\n)*.*)", (ROOT / "Makefile.am").read_text())[1]))
    check.true({"README.md", "COPYING", "contrib", "doc"} <= packed & copied, "what the build installs is copied")
    entry = next(rest for word, rest in rows if word == "ENTRYPOINT")
    command = re.findall(r'"([^"]*)"', entry)
    check.equal(command[0], "emercoind")
    known_options(env, command[1:], "Containerfile")


def test_debian(env):
    folder = CONTRIB / "debian"
    version = re.search(r"AC_INIT\(\[emercoin\], \[([0-9.]+)\]", (ROOT / "configure.ac").read_text())[1]
    check.matches((folder / "changelog").read_text(), rf"^emercoin \({re.escape(version)}\) ")
    installed = {}
    for name in ("emercoin.install", "emercoin-qt.install", "emercoin.docs"):
        for line in (folder / name).read_text().splitlines():
            source = line.split()[0]
            check.true(source not in installed, f"{source} is in {name} and in {installed.get(source)}")
            installed[source] = name
            if not source.startswith("usr/"):
                check.true((ROOT / source).exists(), f"{name}: {source} does not exist")
    for page in (ROOT / "share" / "man").iterdir():  # each has a program and a completion
        for path in (f"bin/{page.stem}", f"share/man/man1/{page.name}", f"share/bash-completion/completions/{page.stem}"):
            check.equal(installed.get(f"usr/{path}"), "emercoin-qt.install" if page.stem == "emercoin-qt" else "emercoin.install", path)
    wanted = {line.split()[1] for line in (ROOT / "depends" / "packages.txt").read_text().splitlines() if re.match(r"build +lib", line)}
    check.contains((folder / "rules").read_text(), "--with-gui")
    field = re.search(r"^Build-Depends: (.*(?:\n .*)*)", (folder / "control").read_text(), re.MULTILINE)[1]
    check.equal(wanted - set(re.split(r"[,\s]+", field)), set(), "what the build needs is in Build-Depends")
    check.true((folder / "rules").stat().st_mode & 0o111 and (CONTRIB / "make-deb.sh").stat().st_mode & 0o111, "both can be run")
    text = (folder / "rules").read_text() + (CONTRIB / "make-deb.sh").read_text()
    for named in re.findall(r"contrib/init/[a-z.-]+", text):
        check.true((ROOT / named).exists(), f"{named} does not exist")
    check.true(env.programs.is_dir(), "the programs")


def complete(program, line):
    """What bash would offer behind these words."""
    words = line.split(" ")
    script = (f"source {ROOT}/share/bash-completion/{program}\n"
              f"COMP_WORDS=({program} {' '.join(shlex.quote(word) for word in words)})\n"
              f"COMP_CWORD={len(words)}\nCOMPREPLY=()\n_{program.replace('-', '_')} 2>/dev/null\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n")
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_completion(env):
    check.contains(complete("emercoind", "-zmqpubha"), "-zmqpubhashtx=")
    check.equal(complete("emercoin-cli", "getblockcou"), {"getblockcount"})
    check.equal(complete("emercoin-cli", "-netin"), {"-netinfo"})
    check.equal(complete("emercoin-tx", "outn"), {"outname="})
    check.equal(complete("emercoin-util", "gr"), {"grind"})
    for program in PROGRAMS:
        if not (env.programs / program).exists():
            continue
        offered = {option.lstrip("-").rstrip("=") for option in complete(program, "-")}
        check.equal(offered, options_of(env, program), program)


def shown(line):
    """What an interactive bash makes of a line and the tabulator key."""
    leader, follower = pty.openpty()
    shell = subprocess.Popen(["bash", "--norc", "--noprofile", "-i"], stdin=follower, stdout=follower, stderr=follower, start_new_session=True,
                             env=dict(os.environ, TERM="dumb", PS1="> ", INPUTRC="/dev/null"))
    os.close(follower)
    loader = pathlib.Path("/usr/share/bash-completion/bash_completion")
    files = [*([loader] if loader.exists() else []), *(ROOT / "share" / "bash-completion" / program for program in PROGRAMS)]
    os.write(leader, "".join(f"source {file}; " for file in files).encode() + b"echo rea''dy\n")
    seen = b""
    try:
        while not re.search(rb"ready\s+> $", seen):
            seen += os.read(leader, 4096)
        os.write(leader, line.encode() + b"\t;\n")
        while not re.search(rb";\r?\n", seen.rpartition(b"ready")[2]):
            seen += os.read(leader, 4096)
    finally:
        shell.kill()
        shell.wait()
        os.close(leader)
    return seen.rpartition(b"ready")[2].decode(errors="replace").replace("\a", "")


def test_completion_in_a_shell(env):
    """With bash-completion where it is installed, and without."""
    for line, whole in (("emercoin-cli getblockcou", "emercoin-cli getblockcount ;"), ("emercoind -zmqpubhasht", "emercoind -zmqpubhashtx"),
                        ("emercoin-tx -create outn", "emercoin-tx -create outname=;"), ("emercoin-util gri", "emercoin-util grind ;")):
        check.contains(shown(line), whole)
    check.true(env.programs.is_dir(), "the programs")


def test_man_pages_without_warnings(env):
    man = need("man")
    for program in PROGRAMS:
        done = subprocess.run([man, "--warnings", "-l", str(ROOT / "share" / "man" / f"{program}.1")], capture_output=True, text=True, check=False,
                              env=dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="100"))
        check.equal((done.returncode, done.stderr), (0, ""), program)
        check.contains(done.stdout, program)
    check.true(env.programs.is_dir(), "the programs")


def test_man_pages(env):
    for program in PROGRAMS:
        page = (ROOT / "share" / "man" / f"{program}.1").read_text()
        check.true(page.startswith(".TH " + program.upper() + " 1"), program)
        check.contains((ROOT / "Makefile.am").read_text(), f"share/man/{program}.1")
    check.true(env.programs.is_dir(), "the programs")


def test_rpcauth(env):
    """A line made by share/rpcauth lets its user in, and nobody else."""
    done = subprocess.run([str(ROOT / "share" / "rpcauth"), "office"], capture_output=True, text=True, check=True, input="")
    line = re.search(r"^rpcauth=(office:.*)$", done.stdout, re.MULTILINE)[1]
    password = re.search(r"^password=(.*)$", done.stdout, re.MULTILINE)[1]
    node = env.start(f"-rpcauth={line}")
    check.equal(node.connect(login=f"office:{password}").getblockcount(), 0)
    node.stop()


if __name__ == "__main__":
    run(globals())
