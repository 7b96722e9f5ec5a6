#!/usr/bin/env python3
"""Checks an exported bundle and decrypts its files; needs only the `cryptography` package. Layout: crates/vault/src/bundle.rs.

usage: verify_bundle.py BUNDLE VERIFIER_KEY RECIPIENT_KEY_FILE [FOLDER_FOR_THE_FILES]
"""
import base64, hashlib, hmac, json, os, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap_with_padding

def need(true, reason):
    if not true: raise ValueError(reason)

def b64(text):
    raw = base64.b64decode(text, validate=True)
    need(base64.b64encode(raw).decode() == text, "base64 that is not canonical")
    return raw

def decrypt(key, parts, sealed):
    """C2SP chunked encryption, Cobblestone-256; the context is each part after its length."""
    context = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + sealed[:24] + context
    derived = HKDFExpand(SHA512(), 76, info).derive(key)
    need(hmac.compare_digest(derived[44:], sealed[24:56]), "wrong key or context")
    body, base, aes, plain = sealed[56:], int.from_bytes(derived[32:44], "big"), AESGCM(derived[:32]), b""
    need(len(body) % 16400 >= 16, "cut off")
    for n in range(len(body) // 16400 + 1):
        try: plain += aes.decrypt((base ^ n).to_bytes(12, "big"), body[n * 16400:(n + 1) * 16400], None)
        except Exception: raise ValueError(f"chunk {n} was changed")
    return plain

def open_checkpoint(note, vkey):
    name, key_id, key = vkey.split("+", 2)
    key, end = b64(key), note.rindex(b"\n\n") + 1
    need(key[0] == 1 and hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == key_id, "not a verifier key")
    lines = [line.split(" ") for line in note[end + 1:].decode().removesuffix("\n").split("\n")]
    need(note.endswith(b"\n") and all(len(line) == 3 and line[0] == "\u2014" for line in lines), "not a signed note")
    ours = [sig[4:] for sig in (b64(line[2]) for line in lines if line[1] == name) if sig[:4].hex() == key_id]
    need(len(ours) == 1, "not signed by the log, or twice")
    Ed25519PublicKey.from_public_bytes(key[1:]).verify(ours[0], note[:end])
    origin, size, root = note[:end - 1].decode().split("\n")[:3]
    need(origin == name and str(int(size)) == size, "another log, or a size that is not decimal")
    return int(size), b64(root)

def root_of(index, size, data, hashes):
    """RFC 9162 section 2.1.3.2"""
    need(index < size, "no such leaf")
    last, found = size - 1, hashlib.sha256(b"\0" + data).digest()
    for beside in hashes:
        need(last > 0, "too many hashes")
        right = index & 1 or index == last
        while right and not index & 1: index, last = index >> 1, last >> 1
        found = hashlib.sha256(b"\1" + (beside + found if right else found + beside)).digest()
        index, last = index >> 1, last >> 1
    need(last == 0, "too few hashes")
    return found

def leaf_fields(leaf):
    """crates/vault/src/log/leaf.rs: a version, then ten fields, each after its length."""
    need(leaf[:1] == b"\1", "a leaf of another version")
    rest, fields = leaf[1:], []
    while rest:
        end = 2 + int.from_bytes(rest[:2], "big")
        need(len(rest) >= end, "a leaf that is cut off")
        fields, rest = fields + [rest[2:end]], rest[end:]
    need(len(fields) == 10, "a leaf of another form")
    return fields

def check_records(plain, leaves):
    """Gives the SHA-256 of each file that the records say was written."""
    written = set()
    for number, line in enumerate(plain.decode().split("\n")[:-1], 1):
        record = json.loads(line)
        fields, salt = leaf_fields(leaves[record["leaf"]]), record["salt"]
        made = salt and hmac.new(bytes.fromhex(salt), record["content"].encode(), "sha256").digest()
        need(salt is None or hmac.compare_digest(made, fields[9]), f"the record in line {number} is not what leaf {record['leaf']} commits to")
        if salt and fields[4] == b"brain.written": written.add(json.loads(record["content"])["detail"]["sealed_sha256"])
    return written

def main(bundle, vkey, key_file, folder=None):
    global now
    def read(name):
        global now
        now = name
        with open(os.path.join(bundle, *name.split("/")), "rb") as part: return part.read()
    kek, raw = bytes.fromhex(open(key_file).read().strip()), read("manifest.json")
    manifest = json.loads(raw)
    need(raw == json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode(), "not written as it must be")
    need(manifest["format"] == "magfin-bundle/1", "another format")
    checkpoint, leaves = read("checkpoint"), {}
    size, root = open_checkpoint(checkpoint, vkey)
    for index in manifest["leaves"]:
        leaves[index] = read(f"leaves/{index}")
        head, signed = read(f"proofs/{index}.tlog-proof").split(b"\n\n", 1)
        head = head.decode().split("\n")
        need(head[:2] == ["c2sp.org/tlog-proof@v1", f"index {index}"] and signed == checkpoint, "another leaf or checkpoint")
        need(root_of(index, size, leaves[index], [b64(line) for line in head[2:]]) == root, "the proof does not hold")
    written = set()
    for number, entry in enumerate(manifest["files"]):
        sealed = read(f"files/{number:04}")
        key = aes_key_unwrap_with_padding(kek, bytes.fromhex(entry["wrapped_key"]))
        plain = decrypt(key, [b"magfin file v1", bytes.fromhex(entry["firm"]), bytes.fromhex(entry["object"]), entry["path"].encode(),
                              entry["version"].to_bytes(8, "big"), entry["content_type"].encode()], sealed)
        need(hashlib.sha256(sealed).hexdigest() == entry["sha256"], "another SHA-256 than the manifest says")
        need(entry["leaf"] is None or entry["sha256"].encode() in leaves[entry["leaf"]], "not named by its leaf")
        if entry["content_type"] == "application/x-magfin-records": written |= check_records(plain, leaves)
        else: need(entry["leaf"] is not None or entry["sha256"] in written, "not in the log: nothing there names it")
        if folder:
            with open(os.path.join(folder, f"{number:04}"), "wb") as out: out.write(plain)
    print(f"verified: {len(manifest['files'])} files, {len(leaves)} leaves, log of {size}")

if __name__ == "__main__":
    now = "arguments"
    try: main(*sys.argv[1:])
    except Exception as error: sys.exit(f"{now}: {error or type(error).__name__}")
