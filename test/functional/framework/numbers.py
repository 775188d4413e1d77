"""Steps that the tests of telephone numbers share."""

NUMBER = "18009359935"
ROUTE = "E2U+sip=100|10|!^(.*)$!sip:17772325555@in.callcentric.com!"
REGEXP = "!^(.*)$!sip:17772325555@in.callcentric.com!"


def verifier(node, name="ver:enum"):
    """Registers a verifier; its owner is a fresh address of the node's wallet."""
    node.rpc.name_new(name, node.rpc.ver_record({"name": "Test verifier"}), 365)
    node.mine()


def signed_value(node, number, owner, expiry=0, routes=ROUTE, verifier_name="ver:enum"):
    """The value with the signature of a verifier of this wallet."""
    return routes + "\n" + node.rpc.enum_sign(verifier_name, number, owner, expiry)


def register(node, number=NUMBER, slot=0, expiry=0, routes=ROUTE, days=365):
    """Registers and signs at once: the owner's address is known before. Mines a block; gives the owner."""
    owner = node.rpc.getnewaddress()
    value = signed_value(node, number, owner, expiry, routes)
    node.rpc.name_new(f"enum:{number}:{slot}", value, days, owner)
    node.mine()
    return owner


def fund(node, blocks=130):
    node.mine(blocks, node.rpc.getnewaddress())
