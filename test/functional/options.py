#!/usr/bin/env python3
"""Command line and configuration file: what is understood, and how mistakes are told."""

import re
import subprocess

from framework import check
from framework.suite import run


def daemon(env, *words):
    return subprocess.run([str(env.programs / "emercoind"), *words], capture_output=True, text=True, timeout=60,
                          check=False)


def refused(done, *parts):
    check.equal(done.returncode, 1, f"exit code of {done.args}")
    check.equal(done.stderr.startswith("Error: "), True, done.stderr)
    for part in parts:
        check.contains(done.stderr, part)
    check.equal(done.stderr.count("\n"), 1, "lines on stderr")


def with_config(env, text):
    node = env.make()
    (node.folder / "emercoin.conf").write_text(text)
    return node


def test_help_lists_every_option(env):
    done = daemon(env, "-help")
    check.equal((done.returncode, done.stderr), (0, ""))
    names = re.findall(r"^  -([A-Za-z?-]+)", done.stdout, re.MULTILINE)
    check.equal(len(names), len(set(names)), "each option once")
    for name in ("datadir", "conf", "chain", "regtest", "daemonwait", "pid", "dbcache", "par", "txindex", "nameindex",
                 "debug", "maxmempool", "minrelaytxfee", "rpcauth", "rpcallowip", "wallet", "keypool", "emcdns",
                 "emcdnsallowed", "emcdnssuffix", "emcdnslocalcf", "enumtrust", "enumtollfree", "dnscache"):
        check.true(name in names, f"-{name} is not in -help")
    check.true(all(len(line) <= 80 for line in done.stdout.splitlines()), "a line of -help is wider than 80")
    for name in ("-h", "-?", "--help"):
        check.equal(daemon(env, name).stdout, done.stdout)


def test_every_option_of_help_is_accepted(env):
    text = daemon(env, "-help").stdout
    node = env.make()
    for name, argument in re.findall(r"^  -([A-Za-z-]+)(?:=(<.*>))?$", text, re.MULTILINE):
        if argument:
            done = daemon(env, f"-datadir={node.folder}", f"-{name}")
            refused(done, f"option '{name}' needs a value, like -{name}={argument}")
        else:
            refused(daemon(env, f"-datadir={node.folder}", f"-{name}=perhaps"), f"-{name} takes 1 or 0, not 'perhaps'")


def test_version(env):
    for program in ("emercoind", "emercoin-cli"):
        done = subprocess.run([str(env.programs / program), "-version"], capture_output=True, text=True, check=True)
        check.matches(done.stdout, rf"^{program} version v[0-9]+\.[0-9]+\.[0-9]+\n")
        check.equal(done.stderr, "")


def test_unknown_option_with_suggestion(env):
    refused(daemon(env, "-dbcahce=100"), "Command line: there is no option 'dbcahce'; did you mean -dbcache?")
    refused(daemon(env, "-rpcprot=1"), "did you mean -rpcport?")
    refused(daemon(env, "-completelyelse"), "there is no option 'completelyelse'; see -help")


def test_words_are_refused(env):
    refused(daemon(env, f"-datadir={env.folder}", "getinfo"), "takes options only, not 'getinfo'", "emercoin-cli")


def test_numbers_out_of_range(env):
    refused(daemon(env, f"-datadir={env.folder}", "-dbcache=3"), "-dbcache must be between 4 and 65536, not 3")
    refused(daemon(env, f"-datadir={env.folder}", "-dbcache=much"), "-dbcache takes a whole number, not 'much'")
    refused(daemon(env, f"-datadir={env.folder}", "-minrelaytxfee=0.000000001"), "-minrelaytxfee takes an amount")
    refused(daemon(env, f"-datadir={env.folder}", "-rpcport=70000"), "-rpcport must be between 1 and 65535")


def test_network_choice(env):
    refused(daemon(env, f"-datadir={env.folder}", "-regtest", "-testnet"), "Choose one network")
    refused(daemon(env, f"-datadir={env.folder}", "-chain=moon"), "-chain=moon is not one of main, test, regtest")


def test_data_folder_missing(env):
    missing = env.path("not/there")
    refused(daemon(env, f"-datadir={missing}"), f"Data folder {missing} does not exist")
    check.true(not missing.exists(), "the folder was made")


def test_conf_missing(env):
    refused(daemon(env, f"-datadir={env.folder}", "-conf=other.conf"),
            f"Cannot read configuration file {env.folder}/other.conf: No such file or directory")


def test_conf_typo_names_the_line(env):
    node = with_config(env, "# a comment\n\n  ; another\ndbcache=50\nrpcworkqeue=5\n")
    text = node.fails_to_start()
    check.contains(text, f"{node.folder}/emercoin.conf line 5: there is no option 'rpcworkqeue'; "
                         "did you mean -rpcworkqueue?")


def test_conf_bad_lines(env):
    for text, wanted in (("dbcache 50\n", "line 1: 'dbcache 50' is not of the form name=value"),
                         ("\n-dbcache=50\n", "line 2: options in the file are written without dash"),
                         ("[moon]\n", "line 1: section [moon] is not one of [main], [test], [regtest]"),
                         ("[regtest]\ndbcache=few\n", "-dbcache takes a whole number, not 'few'")):
        check.contains(with_config(env, text).fails_to_start(), wanted)


def test_conf_sections(env):
    node = with_config(env, "debug=chain\n[main]\ndebug=mempool\n[regtest]\ndebug=names\nmaxmempool=7\n"
                            "[test]\nmaxmempool=9\n")
    node.start()
    logging = node.rpc.logging()
    check.equal((logging["chain"], logging["names"], logging["mempool"]), (True, True, False))
    check.equal(node.rpc.getmempoolinfo()["maxmempool"], 7_000_000)
    node.restart("-maxmempool=11")
    check.equal(node.rpc.getmempoolinfo()["maxmempool"], 11_000_000, "the command line wins")
    node.stop()


def test_conf_network_options_outside_section_warn(env):
    node = with_config(env, "emcdnsport=999\nregtest.maxmempool=8\n")
    node.start()
    check.true(node.logged(r"'emcdnsport' outside a section holds for main only; put it under \[regtest\]"),
               "no warning in the log")
    check.equal(node.rpc.getmempoolinfo()["maxmempool"], 8_000_000, "section by dot")
    node.stop()


def test_obsolete_options_warn(env):
    node = with_config(env, "modcache=0\nmaxdp=5\n")
    node.start("-stuntimio=5")
    for name in ("modcache", "maxdp", "stuntimio"):
        check.true(node.logged(f"Option '{name}' has no effect in this program"), f"no warning about {name}")
    node.stop()


def test_negated_options(env):
    node = env.start("-nodebug", "-notxindex", "-debug=dns")
    check.equal("txindex" in node.rpc.getindexinfo(), False)
    node.stop()


def test_unknown_debug_category(env):
    check.contains(env.make().fails_to_start("-debug=everything"), "-debug=everything is no category")


def test_data_folder_in_use(env):
    first = env.start()
    second = env.make()
    second.folder = first.folder
    done = daemon(env, "-regtest", f"-datadir={first.folder}", f"-rpcport={second.rpc_port}", "-printtoconsole=0")
    refused(done, f"Another program holds the data folder {first.network}", "already running")
    check.equal(first.rpc.getblockcount(), 0, "the first goes on")
    check.true(first.pid_file().exists(), "the first's pid file is gone")
    first.stop()


def test_port_in_use(env):
    first = env.start()
    second = env.make()
    second.rpc_port = first.rpc_port
    check.contains(second.fails_to_start(), f"port {first.rpc_port}")
    first.stop()


def test_daemonwait(env):
    node = env.make()
    done = subprocess.run(node.command("-daemonwait"), capture_output=True, text=True, timeout=60, check=False)
    check.equal((done.returncode, done.stdout, done.stderr), (0, "Emercoin node starting\n", ""))
    check.equal(node.cli("getblockcount").stdout, "0\n")
    pid = int(node.pid_file().read_text())
    check.equal(node.cli("stop").stdout, "Emercoin node stopping\n")
    check.soon(lambda: not node.pid_file().exists(), f"process {pid} is still there")


def test_daemonwait_reports_failure(env):
    node = env.make()
    (node.folder / "regtest").mkdir()
    (node.folder / "regtest" / "chainstate").write_text("a file where a folder belongs")
    done = subprocess.run(node.command("-daemonwait"), capture_output=True, text=True, timeout=60, check=False)
    check.equal(done.returncode, 1)
    check.contains(done.stderr, "Error: ")
    check.contains(done.stderr, "chainstate")


def test_regtest_only_options(env):
    for option in ("-mocktime=5", "-testactivationheight=segwit@5"):
        done = daemon(env, f"-datadir={env.folder}", "-chain=test", f"-rpcport={env.make().rpc_port}", option,
                      "-printtoconsole=0")
        refused(done, f"{option.split('=', 1)[0]} works on regtest only")
    refused(daemon(env, f"-datadir={env.folder}", "-regtest", "-testactivationheight=segwit"),
            "is not of the form rule@height")


def test_conf_section_by_dot_must_exist(env):
    check.contains(with_config(env, "dbcache=9\nmoon.dbcache=5\n").fails_to_start(),
                   "line 2: 'moon.' before an option is not one of main., test., regtest.")


def test_conf_names_the_data_folder(env):
    elsewhere = env.path("elsewhere")
    node = with_config(env, f"datadir={elsewhere}\n")
    home = node.folder
    command = [f"-conf={home}/emercoin.conf", "-regtest", f"-rpcport={node.rpc_port}"]
    refused(daemon(env, *command), f"Data folder {elsewhere} does not exist", f"{home}/emercoin.conf names it")
    elsewhere.mkdir()
    (home / "emercoin.conf").write_text(f"datadir={elsewhere}\nprinttoconsole=0\n")
    with subprocess.Popen([str(env.programs / "emercoind"), *command]) as process:
        cookie = elsewhere / "regtest" / ".cookie"
        check.soon(cookie.exists, "no cookie in the folder the file names")
        done = subprocess.run([str(env.programs / "emercoin-cli"), *command, "-rpcwait", "stop"], capture_output=True,
                              text=True, timeout=60, check=False)
        check.equal((done.returncode, done.stderr), (0, ""), "the client reads the same file")
        check.equal(process.wait(30), 0)
    check.true((elsewhere / "regtest" / "chainstate").exists(), "no data in that folder")


def test_conf_is_for_the_command_line(env):
    check.contains(with_config(env, "conf=other.conf\n").fails_to_start(),
                   "line 1: option 'conf' works on the command line only")


def test_amounts_below_nothing(env):
    for option in ("minrelaytxfee", "paytxfee", "maxtxfee", "nametxoutamount"):
        refused(daemon(env, f"-datadir={env.folder}", f"-{option}=-0.001"),
                f"-{option} must be between 0 and 21000000 EMC, not -0.001")
    refused(daemon(env, f"-datadir={env.folder}", "-paytxfee=21000001"), "-paytxfee must be between 0 and")


def test_without_files(env):
    node = env.start("-nodebuglogfile", "-nopid")
    check.true(not (node.network / "debug.log").exists(), "a log in spite of -nodebuglogfile")
    check.true(not node.pid_file().exists(), "a pid file in spite of -nopid")
    node.stop()
    node = env.start("-debuglogfile=0", "-noconf")
    check.true(not (node.network / "debug.log").exists(), "a log in spite of -debuglogfile=0")
    node.stop()


def test_options_that_cannot_be_empty(env):
    for option in ("-nowalletdir", "-walletdir=", "-rpccookiefile="):
        refused(daemon(env, f"-datadir={env.folder}", option), "needs a value")
    refused(daemon(env, "-nodatadir"), "-datadir needs a value")


def test_rpcbind_ports(env):
    for text, wanted in (("127.0.0.1:80x", "must be 1 to 65535"), ("127.0.0.1:0", "must be 1 to 65535"),
                         ("127.0.0.1:", "must be 1 to 65535"), ("127.0.0.1:65536", "must be 1 to 65535"),
                         ("127.0.0.1: 80", "must be 1 to 65535"), ("[::1]8000", "only :port"), ("[::1", "] is missing"),
                         ("localhost:80", "is no IPv4 or IPv6 address"), (":80", "names no host")):
        check.contains(env.make().fails_to_start("-rpcallowip=127.0.0.1", f"-rpcbind={text}"), wanted)

if __name__ == "__main__":
    run(globals())
