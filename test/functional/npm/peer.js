'use strict';
// A peer made of the npm package bitcore-p2p alone, driven by p2p_npm.py:
//
//     node peer.js PORT    shakes hands, follows the headers to their end, fetches every block, prints JSON
//
// The fork of "buffers" the library names is not in the registry; the original one reads bytes by a method that newer
// versions of Node.js have not got. The library ends a connection at names it has no class for; those the node sends beside the usual ones are added here.

Buffer.prototype.get = function get(at) {
  return this[at];
};

const bitcore = require('bitcore-lib');
const p2p = require('bitcore-p2p');

const EXTRA = ['sendheaders', 'sendcmpct', 'feefilter', 'wtxidrelay', 'sendaddrv2', 'addrv2', 'cmpctblock'];
const PROTOCOL = 70016;
const HEADERS_FULL = 2000;
const AT_ONCE = 100;

const network = bitcore.Networks.add({
  name: 'emercoin-regtest', alias: 'emercoin-regtest', pubkeyhash: 0x6f, privatekey: 0xef, scripthash: 0xc4,
  xpubkey: 0x043587cf, xprivkey: 0x04358394, networkMagic: 0xfabfb5da, port: Number(process.argv[2]), dnsSeeds: []
});

class Passed extends p2p.Messages.Message {
  constructor(command) {
    super({ network });
    this.command = command;
  }

  setPayload() {}

  getPayload() {
    return Buffer.alloc(0);
  }
}

function messages() {
  const all = new p2p.Messages({ network, protocolVersion: PROTOCOL });
  for (const name of EXTRA) {
    const make = () => new Passed(name);
    make.fromBuffer = make;
    all.builder.commands[name] = make;
  }
  return all;
}

function idOf(header) {
  return header.hash || header._id;
}

const peer = new p2p.Peer({ host: '127.0.0.1', network, messages: messages() });
const seen = { headers: [], blocks: [] };
let pending = [];

function finish(code) {
  peer.removeAllListeners();
  process.stdout.write(JSON.stringify(seen) + '\n', () => process.exit(code));
}

function askHeaders(after) {
  peer.sendMessage(peer.messages.GetHeaders({ starts: [after], stop: Buffer.alloc(32) }));
}

function askBlocks() {
  const next = seen.headers.slice(seen.blocks.length, seen.blocks.length + AT_ONCE);
  if (next.length === 0) return peer.sendMessage(peer.messages.Ping());
  pending = next.slice();
  return peer.sendMessage(peer.messages.GetData(next.map((hash) => p2p.Inventory.forBlock(hash))));
}

peer.on('ready', () => {
  seen.version = peer.version;
  seen.agent = peer.subversion;
  seen.height = peer.bestHeight;
  askHeaders(process.argv[3]);
});

peer.on('headers', (message) => {
  message.headers.forEach((header) => seen.headers.push(idOf(header)));
  if (message.headers.length === HEADERS_FULL) return askHeaders(seen.headers[seen.headers.length - 1]);
  return askBlocks();
});

peer.on('block', (message) => {
  const block = message.block;
  if (pending.shift() !== idOf(block.header)) finish(3);
  seen.blocks.push({
    hash: idOf(block.header),
    transactions: block.transactions.map((tx) => tx.hash),
    merkle: block.validMerkleRoot()
  });
  if (pending.length === 0) askBlocks();
});

peer.on('pong', () => {
  seen.pong = true;
  finish(0);
});

peer.on('error', (error) => {
  seen.error = String(error);
  finish(1);
});

peer.on('disconnect', () => {
  seen.error = 'the node hung up, or the library did not understand a message';
  finish(2);
});

peer.connect();
