"""What the functional tests share: nodes, RPC, DNS, building of transactions and blocks, checks."""
