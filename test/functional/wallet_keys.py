#!/usr/bin/env python3
"""Keys of the wallet: never shown twice, never lost, not even by kill -9 right after an address was given out."""

from framework import check
from framework.suite import run

KINDS = ("bech32", "legacy", "p2sh-segwit")


def setup(env):
    env.share()
    env.given = []


def give(env, count):
    """Addresses of all kinds with labels, and a change address now and then."""
    for i in range(count):
        kind = KINDS[i % 3]
        env.given.append((env.rpc.getnewaddress(f"label {len(env.given)}", kind), f"label {len(env.given)}"))
        if i % 4 == 0:
            env.given.append((env.rpc.getrawchangeaddress(), ""))


def kill(env):
    env.node.kill()
    env.node.start()
    env.rpc = env.node.rpc


def all_there(env):
    check.equal(len({address for address, _ in env.given}), len(env.given), "an address was given out twice")
    for address, label in env.given:
        info = env.rpc.getaddressinfo(address)
        check.equal((info["ismine"], info["labels"]), (True, [label] if label else []), address)


def test_paths_count_up(env):
    give(env, 9)
    paths = {}
    for address, _ in env.given:
        info = env.rpc.getaddressinfo(address)
        chain, index = info["hdkeypath"].rsplit("/", 1)
        paths.setdefault(chain, []).append(int(index))
    check.equal({chain: indices == list(range(len(indices))) for chain, indices in paths.items()},
                {chain: True for chain in paths}, str(paths))
    check.equal({chain.split("/")[1] for chain in paths}, {"44'", "49'", "84'"})


def test_kill_right_after_an_address(env):
    for _ in range(6):
        give(env, 2)
        kill(env)
        all_there(env)


def test_what_was_paid_to_a_killed_wallet_is_its_own(env):
    address, _ = env.given[-1]
    kill(env)
    env.node.mine(1, address)
    check.equal(env.rpc.getwalletinfo()["immature_balance"], 50)
    env.node.mine(100)
    check.equal(env.rpc.getbalance(), 50)
    check.true(len(env.rpc.sendtoaddress(env.rpc.getnewaddress(), 1)) == 64, "cannot be spent")


def test_imported_key_survives_kill(env):
    other = env.start()
    address = other.rpc.getnewaddress("", "legacy")
    secret = other.rpc.dumpprivkey(address)
    other.stop()
    check.equal(env.rpc.getaddressinfo(address)["ismine"], False)
    env.rpc.importprivkey(secret, "foreign", False)
    env.given.append((address, "foreign"))
    kill(env)
    all_there(env)
    check.equal(env.rpc.dumpprivkey(address), secret)


def test_labels_survive_kill(env):
    address, _ = env.given[0]
    env.rpc.setlabel(address, "moved")
    kill(env)
    env.given[0] = (address, "moved")
    all_there(env)


def test_secrets_are_not_in_the_log(env):
    secret = env.rpc.dumpprivkey(env.given[-1][0])
    check.refused(None, "", env.rpc.importprivkey, secret[:-1] + "1")
    env.node.cli("importprivkey", secret, check=False)
    log = env.node.log()
    check.true(secret not in log and secret[:-1] not in log, "a secret is in the log")


def test_orderly_restart_and_a_copied_file(env):
    """After an orderly end the file alone is the wallet."""
    env.node.stop()
    data = (env.node.network / "wallets" / "wallet.dat").read_bytes()
    env.node.start()
    env.rpc = env.node.rpc
    all_there(env)
    other = env.make()
    (other.network / "wallets").mkdir(parents=True)
    (other.network / "wallets" / "wallet.dat").write_bytes(data)
    other.start()
    for address, _ in env.given:
        check.equal(other.rpc.getaddressinfo(address)["ismine"], True, address)
    fresh = other.rpc.getnewaddress()
    check.true(fresh not in {address for address, _ in env.given}, "the copy gives an old address again")
    other.stop()


if __name__ == "__main__":
    run(globals())
