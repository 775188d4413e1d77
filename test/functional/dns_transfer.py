#!/usr/bin/env python3
"""Zone transfers and signed questions, as dig, kdig and a client that misuses them see them."""

import base64
import subprocess
import time

from framework import check
from framework.dns import Client, query_packet
from framework.names import Purse
from framework.suite import need, run
from framework.tsig import Signer

KEYS = {"k256": ("hmac-sha256", bytes(range(32))), "k384": ("hmac-sha384", bytes(range(48))), "k512": ("hmac-sha512", bytes(range(64)))}


def text_of(secret):
    return base64.b64encode(secret).decode()


def setup(env):
    env.share("-emcdns=1", "-emcdnsallowed=.coin|~open", "-emcdnsxfr=127.0.0.0/8,key:k256", "-emcdnsxfr=key:k512",
              *(f"-emcdnstsig={name}:{algorithm}:{text_of(secret)}" for name, (algorithm, secret) in KEYS.items()))
    env.dns = Client(env.node.dns_port)
    env.purse = Purse(env.node)
    env.purse.register({"dns:a.coin": "A=192.0.2.1|TTL=300", "open:4930123456:0": "E2U+sip=100|10|!^.*$!sip:a@b.test!"})
    check.soon(lambda: env.dns.ask("a.coin").answers, "not served")


def ask(env, program, *words, key=None, secret=None):
    command = [need(program), "@127.0.0.1", "-p", str(env.node.dns_port)]
    if key:
        algorithm, known = KEYS[key]
        command += ["-y", f"{algorithm}:{key}:{text_of(secret or known)}"]
    done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_signed_questions(env):
    for program in ("dig", "kdig"):
        for key in KEYS:
            for words in (("a.coin", "A"), ("coin", "SOA"), ("nobody.coin", "A"), ("a.coin", "A", "+tcp")):
                text = ask(env, program, "+norecurse", *words, key=key)
                check.contains(text, "TSIG", f"{program} {key} {words}")
                for bad in ("verify", "BADSIG", "tsig indicates error", "WARNING", "BADKEY"):
                    check.true(bad not in text, f"{program} {key} {words}: {text}")
        check.contains(ask(env, program, "a.coin", "A", key="k256", secret=bytes(32)), "BADSIG", program)


def test_refusals(env):
    packet, now = query_packet("a.coin", edns=None), int(time.time())
    for key, secret, when, cut, rcode, error, signed in (
            ("k256", None, now, None, 0, "NOERROR", True), ("other", bytes(32), now, None, 9, "BADKEY", False),
            ("k256", bytes(32), now, None, 9, "BADSIG", False), ("k256", None, now - 600, None, 9, "BADTIME", True),
            ("k256", None, now + 600, None, 9, "BADTIME", True), ("k256", None, now, 16, 9, "BADTRUNC", True),
            ("k256", None, now, 15, 1, None, False)):
        signer = Signer(key, "hmac-sha256", secret or KEYS["k256"][1])
        answer = env.dns.exchange(signer.sign(packet, when, cut))
        what = f"{key} {error} {cut}"
        check.equal(answer[3] & 15, rcode, what)
        # A shortened MAC is covered by the answer as it was sent.
        if cut:
            signer.prior = cut.to_bytes(2, "big") + signer.prior[2:2 + cut]
        check.equal((signer.check(answer), signer.error), (signed, error), what)
    check.equal(env.dns.ask("a.coin").data("A"), ["192.0.2.1"])


def test_who_may_copy(env):
    for program in ("dig", "kdig"):
        check.true("192.0.2.1" not in ask(env, program, "axfr", "coin"), "a copy without a key")
        check.true("192.0.2.1" not in ask(env, program, "axfr", "coin", key="k384"), "a copy with a key that may not")
        for key in ("k256", "k512"):
            text = ask(env, program, "axfr", "coin", key=key)
            for part in ("a.coin.", "*.a.coin.", "192.0.2.1", "ns.invalid.", "TSIG"):
                check.contains(text, part, f"{program} {key}")
            check.true("verify" not in text and "BADSIG" not in text, text)
        check.contains(ask(env, program, "axfr", "open", key="k256"), "6.5.4.3.2.1.0.3.9.4.open.")
        check.matches(ask(env, program, "axfr", "elsewhere", key="k256"), "(?i)failed|notauth")
    check.true(env.node.logged(r"AXFR of zone coin refused to 127\.0\.0\.1"), "the refusal is not logged")


def test_changes(env):
    before = env.dns.ask("coin", "SOA").data("SOA")[0][2]
    env.purse.register({"dns:b.coin": "A=192.0.2.2"})
    check.soon(lambda: env.dns.ask("coin", "SOA").data("SOA")[0][2] > before, "the serial does not grow")
    for program in ("dig", "kdig"):
        text = ask(env, program, f"ixfr={before}", "coin", key="k256")
        check.contains(text, "b.coin.", program)
        check.true("a.coin." not in text.replace("*.a.coin", "").replace(";", ""), f"{program}: more than the change: {text}")
        now = env.dns.ask("coin", "SOA").data("SOA")[0][2]
        text = ask(env, program, f"ixfr={now}", "coin", key="k256")
        check.true("b.coin." not in text, f"{program}: something for who has it all")


def test_bad_options(env):
    node = env.make("-emcdns=1")
    for option, part in (("-emcdnstsig=a:hmac-md5:AAAA", "hmac-sha256"), ("-emcdnstsig=missing", "cannot be read"),
                         ("-emcdnsxfr=key:nobody", "-emcdnsxfr must be"), ("-emcdnsnotify=host", "-emcdnsnotify must be")):
        check.contains(node.fails_to_start(option), part, option)
    loose = env.path("loose")
    loose.write_text(f"k:hmac-sha256:{text_of(bytes(32))}\n")
    loose.chmod(0o644)
    check.contains(node.fails_to_start(f"-emcdnstsig={loose}"), "chmod 600")


run(globals())
