// Reads a CAR file with the packages of the IPLD project: prints root, blocks and what the root stands for.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { CarReader, CarWriter } from '@ipld/car';
import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';

const [, , path, copy] = process.argv;
const reader = await CarReader.fromBytes(readFileSync(path));
const roots = await reader.getRoots();
const blocks = new Map();
for await (const { cid, bytes } of reader.blocks()) {
  const digest = await sha256.digest(bytes);
  if (!CID.create(1, cid.code, digest).equals(cid)) throw new Error(`block ${cid} has another content`);
  blocks.set(cid.toString(), bytes);
}
const root = roots[0];
let content = blocks.get(root.toString());
let links = 0;
if (root.code === dagPb.code) {
  const node = dagPb.decode(content);
  links = node.Links.length;
  content = Buffer.concat(node.Links.map((link) => blocks.get(link.Hash.toString())));
}
if (copy) { // the same file once more, written by the library
  const { writer, out } = CarWriter.create(roots);
  const parts = [];
  const reading = (async () => { for await (const part of out) parts.push(part); })();
  for (const [cid, bytes] of blocks) await writer.put({ cid: CID.parse(cid), bytes });
  await writer.close();
  await reading;
  writeFileSync(copy, Buffer.concat(parts));
}
console.log(JSON.stringify({
  roots: roots.map(String), version: root.version, code: root.code, blocks: blocks.size, links,
  content: createHash('sha256').update(content).digest('hex'), bytes: content.length,
}));
