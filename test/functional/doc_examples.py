#!/usr/bin/env python3
"""The commands of doc/enum.md and doc/dns-operator.md are run as they stand there."""

import pathlib
import re
import subprocess

from framework import check
from framework.numbers import fund, verifier
from framework.suite import need, run

DOC = pathlib.Path(__file__).resolve().parent.parent.parent / "doc"
# The commands name the programs and the default port; a block follows each operation on names.
PRELUDE = """
set -euo pipefail
emercoin-cli() {{
    command {cli} -regtest -datadir={folder} -rpcport={rpc_port} "$@"
    case $1 in name_*new|name_update) command {cli} -regtest -datadir={folder} -rpcport={rpc_port} generatetodescriptor 1 'raw(51)' >/dev/null ;; esac
}}
dig() {{ command dig "${{@/#5335/{dns_port}}}"; }}
"""


def setup(env):
    env.share("-mocktime=1800000000", "-emcdns=1", "-enumtrust=ver:enum|ver:example", "-emcdnsallowed=$enum|.coin|.emc|.lib|.bazar")
    env.need_wallet()
    fund(env.node)
    verifier(env.node)


def blocks(page):
    return re.findall(r"^```sh\n(.*?)^```$", (DOC / page).read_text(), re.MULTILINE | re.DOTALL)


def shell(env, script):
    prelude = PRELUDE.format(cli=env.programs / "emercoin-cli", folder=env.node.folder, rpc_port=env.node.rpc_port, dns_port=env.node.dns_port)
    done = subprocess.run([need("bash"), "-c", prelude + script], capture_output=True, text=True, timeout=100, check=False)
    check.equal(done.returncode, 0, f"{script}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def test_the_owner_of_a_number(env):
    """Each step continues in the shell of the one before."""
    need("dig")
    script = "".join(block + f"echo =={place}\n" for place, block in enumerate(blocks("enum.md")))
    out = re.split(r"^==\d+$", shell(env, script), flags=re.MULTILINE)
    check.contains(out[0], "ENUM1\nenum:18009359935\n")
    check.contains(out[1], "SIG=ver:enum|")
    check.contains(out[2], '100 10 "u" "E2U+sip" "!^.*$!sip:100@pbx.example!" .')
    check.contains(out[2], '"uri": "sip:100@pbx.example"')
    check.contains(out[4], "sip:mobile@pbx.example")
    check.contains(out[5], "SIG=ver:example|")
    resolved = env.rpc.enum_resolve("18009359935")
    check.equal([route["uri"] for route in resolved["routes"]],
                ["sip:office@pbx.example", "sip:mobile@pbx.example", "mailto:office@pbx.example"])
    check.equal(env.rpc.name_show("srl:example")["value"], "enum:18009359935:0")


def test_domains(env):
    """What the comments behind the questions promise."""
    need("dig")
    first, second = blocks("dns-operator.md")
    check.contains(shell(env, first), "status: NOERROR")
    asked = re.findall(r"^(dig .*?) +# (.*)$", second, re.MULTILINE)
    check.equal(len(asked), 4)
    names = "".join(line + "\n" for line in second.splitlines() if line.startswith("emercoin-cli"))
    shell(env, names)
    for command, wanted in asked:
        check.equal(" ".join(shell(env, command).split()), wanted, command)


if __name__ == "__main__":
    run(globals())
