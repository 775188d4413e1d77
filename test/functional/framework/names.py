"""Names without a wallet: registered by transactions built here, paid with coins anybody can spend."""

from framework.chain import NAME_VERSION, OP_TRUE, Tx, name_script

OWNER = b"\x00\x14" + bytes([7] * 20)
COIN = 10 ** 8


class Purse:
    """Mines coins to OP_TRUE and spends them on names."""

    def __init__(self, node, coins=20):
        self.node = node
        first = node.rpc.getblockcount() + 1
        node.rpc.generatetodescriptor(coins + 100, "raw(51)")
        self.coins = [node.rpc.getblock(node.rpc.getblockhash(height))["tx"][0] for height in range(first, first + coins)]

    def transaction(self, names, days=30, owner=OWNER):
        """One NEW for each item of the mapping name → value; a tenth of an EMC is left for all fees."""
        tx = Tx(NAME_VERSION).spend(self.coins.pop(0), 0)
        for name, value in names.items():
            tx.pay(10_000, name_script(1, name, owner, value, days))
        return tx.pay(5 * COIN, OP_TRUE)

    def register(self, names, days=30, owner=OWNER):
        """Registers and mines; gives the block's hash. `owner`: the owner's script."""
        tx = self.transaction(names, days, owner)
        made = self.node.rpc.generateblock("raw(51)", [tx.hex()])
        self.node.rpc.syncwithvalidationinterfacequeue()
        return made["hash"]
