// Encrypts bodies with two independent implementations (`make`), or decrypts what ours encrypted (`check`).
// Reads one JSON object from stdin and writes one to stdout.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const wecom = require("@wecom/crypto");
const WechatCrypto = require("wechat-crypto");

const PEERS = {
  "@wecom/crypto": {
    encrypt: ({ key, receiver }, body) => wecom.encrypt(key, body, receiver),
    decrypt: ({ key }, secret) => wecom.decrypt(key, secret),
    sign: ({ token }, timestamp, nonce, secret) => wecom.getSignature(token, timestamp, nonce, secret),
  },
  "wechat-crypto": {
    encrypt: (account, body) => peer(account).encrypt(body),
    decrypt: (account, secret) => peer(account).decrypt(secret),
    sign: (account, timestamp, nonce, secret) => peer(account).getSignature(timestamp, nonce, secret),
  },
};
const peer = ({ token, key, receiver }) => new WechatCrypto(token, key, receiver);

function make({ accounts, bodies }) {
  const vectors = [];
  for (const [name, { encrypt, sign }] of Object.entries(PEERS)) {
    bodies.forEach((body, index) => {
      const account = accounts[index % accounts.length];
      const [timestamp, nonce] = [String(1700000000 + index), `nonce${index}`];
      const encrypted = encrypt(account, body);
      vectors.push({ peer: name, ...account, body, timestamp, nonce, encrypted, signature: sign(account, timestamp, nonce, encrypted) });
    });
  }
  return vectors;
}

function check(messages) {
  return messages.map(({ peer: name, timestamp, nonce, encrypted, ...account }) => {
    const { message, id } = PEERS[name].decrypt(account, encrypted);
    return { body: String(message), receiver: String(id), signature: PEERS[name].sign(account, timestamp, nonce, encrypted) };
  });
}

let input = "";
for await (const chunk of process.stdin) input += chunk;
const work = process.argv[2] === "make" ? make : check;
process.stdout.write(JSON.stringify(work(JSON.parse(input)), null, 0));
