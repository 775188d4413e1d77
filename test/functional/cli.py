#!/usr/bin/env python3
"""emercoin-cli: words to calls, answers to text, exit codes."""

import http.server
import json
import threading
import time

from framework import check
from framework.suite import run


def setup(env):
    env.share()
    env.node.mine(3)


def failed(done, code, *parts):
    check.equal(done.returncode, code, done.stderr)
    check.equal(done.stdout, "")
    for part in parts:
        check.contains(done.stderr, part)


def test_results_as_text(env):
    node = env.node
    check.equal(node.cli("getblockcount").stdout, "3\n")
    check.equal(node.cli("getblockhash", 0).stdout, env.rpc.getblockhash(0) + "\n", "strings without quotes")
    info = json.loads(node.cli("getblockchaininfo").stdout)
    check.equal((info["chain"], info["blocks"]), ("regtest", 3))
    check.equal(node.cli("setmocktime", 0).stdout, "", "null prints nothing")
    check.equal(node.cli("echo").stdout, "[\n]\n")


def test_words_by_type(env):
    """Numbers, booleans and JSON are converted where the call wants them; strings are left alone."""
    words = ["5", "true", '{"a":[1]}', "text"]
    check.equal(json.loads(env.node.cli("echo", *words).stdout), words)
    check.equal(json.loads(env.node.cli("echojson", *words).stdout), [5, True, {"a": [1]}, "text"])
    check.equal(json.loads(env.node.cli("-named", "echo", "arg1=7").stdout), [None, "7"])
    check.contains(env.node.cli("help", "5").stdout, "unknown command: 5")
    failed(env.node.cli("getblockhash", "many", check=False), 1, "Argument 'many' is not JSON")
    genesis = env.rpc.getblockhash(0)
    check.equal(len(env.node.cli("getblock", genesis, "false").stdout.strip()) % 2, 0)


def test_named(env):
    genesis = env.rpc.getblockhash(0)
    check.equal(env.node.cli("-named", "getblockhash", "height=0").stdout, genesis + "\n")
    out = json.loads(env.node.cli("-named", "getblock", genesis, "verbosity=1").stdout)
    check.equal(out["height"], 0, "words without a name come first")
    failed(env.node.cli("-named", "getblockhash", "hight=0", check=False), 1)


def test_stdin(env):
    check.equal(env.node.cli("-stdin", "getblockhash", text="1\n").stdout, env.rpc.getblockhash(1) + "\n")
    check.equal(json.loads(env.node.cli("-stdin", text="echojson\n1\n2\n").stdout), [1, 2])


def test_exit_codes(env):
    """The exit code is the RPC error's number; 1 for everything else."""
    failed(env.node.cli("getblockhash", 99, check=False), 8, "error code: -8\nerror message:\nBlock height out of range")
    failed(env.node.cli("getblock", "00", check=False), 8)
    failed(env.node.cli("getblock", check=False), 1, "needs its argument 1")
    done = env.node.cli("nothing", check=False)
    failed(done, 32601 % 256, "error code: -32601\nerror message:\nMethod not found")
    failed(env.node.cli("name_show", "not:there", check=False), 4, "no such name")


def test_no_call(env):
    done = env.node.cli(check=False)
    check.equal(done.returncode, 1)
    check.contains(done.stdout, "Usage: emercoin-cli [options] <call> [arguments]")
    done = env.node.cli("-help")
    for name in ("-named", "-stdin", "-rpcwait", "-getinfo", "-addrinfo", "-rpcwallet=<name>", "-v"):
        check.contains(done.stdout, f"\n  {name}\n")


def test_unknown_option(env):
    failed(env.node.cli("-rpcwiat", "getblockcount", check=False), 1, "there is no option 'rpcwiat'", "-rpcwait?")


def test_getinfo(env):
    text = env.node.cli("-getinfo").stdout
    for part in ("Chain: regtest\n", "Blocks: 3\n", "Headers: 3\n", "Verification progress: ", "Difficulty: ",
                 "Mempool: 0 transactions", "DNS: "):
        check.contains(text, part)


def test_addrinfo(env):
    def counts():
        return json.loads(env.node.cli("-addrinfo").stdout)["addresses_known"]
    check.equal(counts(), {"ipv4": 0, "ipv6": 0, "onion": 0, "i2p": 0, "cjdns": 0, "total": 0})
    for address in ("8.8.8.8", "9.9.9.9", "2a00:1450::9", "fc00::1", "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"):
        env.rpc.addpeeraddress(address, 6661)
    check.equal(counts(), {"ipv4": 2, "ipv6": 1, "onion": 1, "i2p": 0, "cjdns": 1, "total": 5})


def test_node_not_there(env):
    node = env.make()
    node.network.mkdir(parents=True)
    failed(node.cli("getblockcount", check=False), 1, "Cannot read the cookie file", "Is emercoind running")
    (node.network / ".cookie").write_text("a:b")
    failed(node.cli("getblockcount", check=False), 1, f"Nobody answers at 127.0.0.1:{node.rpc_port}")
    begin = time.monotonic()
    failed(node.cli("-rpcwait", "-rpcwaittimeout=1", "getblockcount", check=False), 1, "Nobody answers at")
    check.true(0.9 < time.monotonic() - begin < 10, "-rpcwaittimeout does not hold")


def test_rpcwait(env):
    node = env.make()
    timer = threading.Timer(0.7, node.launch)
    timer.start()
    check.equal(node.cli("-rpcwait", "getblockcount").stdout, "0\n")
    timer.join()
    node.wait_ready()
    node.stop()


def test_rpcconnect(env):
    check.equal(env.node.cli(f"-rpcconnect=127.0.0.1:{env.node.rpc_port}", "-rpcport=1", "getblockcount").stdout, "3\n")


def test_config_file_is_read(env):
    """Options of the daemon in the file do not disturb the client."""
    (env.node.folder / "emercoin.conf").write_text(f"dbcache=20\n[regtest]\nrpcport={env.node.rpc_port}\nrpcthreads=2\n")
    check.equal(env.node.cli("getblockcount").stdout, "3\n")
    (env.node.folder / "emercoin.conf").write_text("dbcahce=20\n")
    failed(env.node.cli("getblockcount", check=False), 1, "line 1: there is no option 'dbcahce'")
    (env.node.folder / "emercoin.conf").unlink()


class Answer(http.server.BaseHTTPRequestHandler):
    """Answers every call with the same body; remembers the paths."""
    body = ""
    paths = []

    def do_POST(self):
        self.paths.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        data = self.body.encode()
        self.send_response(500)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


def answered(env, body, *words):
    """What the client makes of an answer."""
    Answer.body = body
    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        done = env.node.cli(f"-rpcconnect=127.0.0.1:{server.server_port}", *words, check=False)
        server.shutdown()
        thread.join()
    return done


def test_strange_answers(env):
    """No answer makes the client fail in another way than with a code and a sentence."""
    for body, code, part in (('{"result":null,"error":{"code":1.5,"message":"half"}}', 1, "error code: 1.5\n"),
                             ('{"result":null,"error":{"code":-256,"message":"m"}}', 1, "error code: -256\n"),
                             ('{"result":null,"error":{"code":99999999999999999999,"message":"m"}}', 1, "m\n"),
                             ('{"result":null,"error":{"code":"x","message":"m"}}', 1, "m\n"),
                             ('{"result":null,"error":{"message":5}}', 1, '{"message":5}'),
                             ('{"result":null,"error":"no"}', 1, '"no"'), ("[]", 1, "is not a JSON object"),
                             ('{"result":null,"error":{"code":-8,"message":"m"}}', 8, "error code: -8\n")):
        failed(answered(env, body, "uptime"), code, part)
    text = answered(env, '{"result":{"blocks":7},"error":null}', "-getinfo")
    check.equal(text.returncode, 0, text.stderr)


def test_wallet_names_in_the_path(env):
    Answer.paths.clear()
    answered(env, '{"result":1,"error":null}', "-rpcwallet=my purse/50%?#ä", "getbalance")
    check.equal(Answer.paths, ["/wallet/my%20purse%2F50%25%3F%23%C3%A4"])


def test_rpcconnect_mistakes(env):
    for text, wanted in (("127.0.0.1:80x", "the port of"), ("127.0.0.1:0", "the port of"), ("[::1", "] is missing")):
        failed(env.node.cli(f"-rpcconnect={text}", "uptime", check=False), 1, wanted)

if __name__ == "__main__":
    run(globals())
