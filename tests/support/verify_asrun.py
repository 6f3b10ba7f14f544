#!/usr/bin/env python3
"""Verifies an as-run log, written from docs/asrun.md alone. Section numbers below are of that page.

    verify_asrun.py DIR [--key FILE | --registry FILE] [--receipt FILE] [--receipt-key FILE]...

Prints the object of section 7 as JSON; exit 0 good, 1 bad, 2 wrong use, 3 a file cannot be read.
A registry file is JSON: {"stations": {"<id>": "<64 hex>"}, "receipt_keys": ["<64 hex>"]}.
With --batch, reads one JSON list of arguments a line from stdin and prints {"exit":…,"out":…} for each.
Needs Python 3.9 and the package `cryptography`.
"""

import argparse
import datetime
import hashlib
import json
import os
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

MAX_LINE = 1_048_576
MAX_INT = 2**53 - 1
MAX_DEPTH = 16
MOST_NOTES = 1000
TAIL = re.compile(rb',"sig":"([0-9a-f]{128})"\}')
SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?")
HASH = re.compile(r"[0-9a-f]{64}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
SEGMENT = re.compile(r"([0-9]{12})-([0-9]{4})-([0-9]{2})\.jsonl")


class Bad(Exception):
    """The verdict: where, and the word of section 7."""

    def __init__(self, why, spot=None):
        super().__init__(why)
        self.why, self.spot = why, spot


class WrongUse(Exception):
    """Exit 2."""


# Section 3: canonical JSON.


class Obj(list):
    """An object, as its (key, value) pairs in the order written."""

    def get(self, key):
        return next((v for k, v in self if k == key), None)


def refuse(text):
    raise ValueError(text)


def depth(value):
    if isinstance(value, Obj):
        return 1 + max((depth(v) for _, v in value), default=0)
    if isinstance(value, list):
        return 1 + max((depth(v) for v in value), default=0)
    return 0


def write_string(text):
    out = ['"']
    for c in text:
        if c in '"\\':
            out.append("\\" + c)
        elif c < " ":
            out.append("\\u%04x" % ord(c))
        else:
            out.append(c)
    return "".join(out) + '"'


def write(value):
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(value) if -MAX_INT <= value <= MAX_INT else refuse("range")
    if isinstance(value, str):
        return write_string(value)
    if isinstance(value, Obj):
        keys = [k for k, _ in value]
        if len(set(keys)) != len(keys):
            refuse("a key twice")
        return "{" + ",".join(write_string(k) + ":" + write(v) for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write, value)) + "]"
    return refuse("null")


def read_canonical(line):
    """The value that `line` is the canonical form of, else Bad."""
    try:
        text = line.decode("utf-8")
        value = json.loads(text, object_pairs_hook=Obj, parse_float=refuse, parse_constant=refuse)
        if write(value).encode("utf-8") != line or depth(value) > MAX_DEPTH:
            refuse("not as printed")
        return value
    except (ValueError, RecursionError):
        raise Bad("not-canonical") from None


# Section 4: types. A checker returns whether it met something newer, and raises Bad("shape").


def need(good):
    if not good:
        raise Bad("shape")
    return False


def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def int_from(least):
    return lambda v: need(is_int(v) and v >= least)


def boolean(v):
    return need(isinstance(v, bool))


def true(v):
    return need(v is True)


def text(v):
    return need(isinstance(v, str))


def slug(v):
    return need(isinstance(v, str) and SLUG.fullmatch(v))


def hash_(v):
    return need(isinstance(v, str) and HASH.fullmatch(v))


def instant(v):
    need(isinstance(v, str) and INSTANT.fullmatch(v) and v >= "1970")
    try:
        datetime.datetime.strptime(v[:19], "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        need(False)
    return need(v[17:19] <= "59")


def word(words):
    known = words.split()

    def check(v):
        if isinstance(v, str) and v in known:
            return False
        slug(v)
        return True

    return check


def map_of(shape):
    def check(v):
        need(isinstance(v, Obj))
        keys = [k.encode("utf-8") for k, _ in v]
        need(keys == sorted(keys))
        return any([shape(x) for _, x in v])

    return check


def list_of(shape, least=0):
    def check(v):
        need(isinstance(v, list) and not isinstance(v, Obj) and len(v) >= least)
        return any([shape(x) for x in v])

    return check


def members(pairs, table):
    """Known keys in the order of their table, then newer ones."""
    left, newer = list(pairs), False
    for key, shape in table:
        optional = key.endswith("?")
        name = key.rstrip("?")
        if left and left[0][0] == name:
            newer |= shape(left.pop(0)[1])
        else:
            need(optional)
    names = {key.rstrip("?") for key, _ in table}
    need(not any(k in names for k, _ in left))
    return newer or bool(left)


def obj(*table):
    def check(v):
        need(isinstance(v, Obj))
        return members(v, table)

    return check


OCCURRENCE = obj(("area", slug), ("slot", slug), ("due", instant), ("repeat?", int_from(1)))
TRUST = word("no synced set rtc always")
INT = int_from(-MAX_INT)
VERSIONS = map_of(int_from(0))
END = obj(("log", hash_), ("seq", int_from(1)), ("hash", hash_))

ENVELOPE = (("format", int_from(1)), ("seq", int_from(1)), ("prev", hash_), ("at", instant), ("kind", slug))
RECEIPT = (("log", hash_), ("seq", int_from(1)), ("hash", hash_), ("at", instant))

# Section 5.
WHY = word(
    "power kill sigterm time missing-item hold stopped withdrawn device frames off clock late busy "
    "integrity nothing-to-play declined slot-gone"
)
KINDS = {
    "boot": (
        ("station", slug),
        ("log", hash_),
        ("version", text),
        ("cut", int_from(0)),
        ("continues?", END),
        ("boot_id?", text),
    ),
    "clock": (
        ("event", word("trusted distrusted set stepped")),
        ("trust", TRUST),
        ("from?", instant),
        ("to", instant),
        ("reason?", text),
        ("alarm?", true),
    ),
    "applied": (("feed", VERSIONS), ("policy?", hash_), ("schedules", map_of(hash_))),
    "feed": (("stale", boolean), ("roles", list_of(text))),
    "device": (("state", word("lost back")), ("device", text), ("why?", text)),
    "hold": (("area?", slug), ("until", instant), ("reason", text)),
    "release": (("area?", slug), ("expired", boolean)),
    "action": (("what", text), ("of?", text), ("reason?", text), ("occurrence?", OCCURRENCE)),
    "intent": (
        ("occurrence", OCCURRENCE),
        ("class", word("normal priority urgent")),
        (
            "items",
            list_of(
                obj(
                    ("bulletin", slug),
                    ("sha256", hash_),
                    ("title", text),
                    ("category?", word("law tricks justice support models")),
                    ("languages", list_of(text)),
                    ("length", int_from(0)),
                )
            ),
        ),
        ("feed", VERSIONS),
        ("level_cdb", INT),
        ("clock", TRUST),
        ("device", text),
    ),
    "outcome": (
        ("occurrence", OCCURRENCE),
        ("outcome", word("played preempted interrupted partial missed skipped")),
        ("why?", WHY),
        ("by?", OCCURRENCE),
        (
            "items?",
            list_of(
                obj(("bulletin", slug), ("sha256", hash_), ("frames", int_from(0)), ("first_frame?", instant)), 1
            ),
        ),
        ("late_us?", INT),
        ("run?", obj(("first", instant), ("last", instant), ("count", int_from(1)))),
    ),
}


# Keys and files.


def read_file(path):
    with open(path, "rb") as f:
        return f.read()


def read_key(content):
    """A raw key and its verifier, from 64 hex digits or PEM."""
    stripped = content.strip()
    try:
        if re.fullmatch(rb"[0-9a-fA-F]{64}", stripped):
            raw = bytes.fromhex(stripped.decode())
            return raw, Ed25519PublicKey.from_public_bytes(raw)
        key = load_pem_public_key(content)
        if isinstance(key, Ed25519PublicKey):
            return key.public_bytes(Encoding.Raw, PublicFormat.Raw), key
    except Exception:
        pass
    raise WrongUse("no Ed25519 public key")


def signed_by(key, signed, signature):
    try:
        key[1].verify(signature, signed)
        return True
    except InvalidSignature:
        return False


def log_id(key):
    return hashlib.sha256(key[0]).hexdigest()


# Section 6.


def read_receipts(name, content, keys, tail_may_tear):
    receipts = []
    for number, line in enumerate(content.split(b"\n"), 1):
        whole = content.count(b"\n") >= number
        if not whole and not line:
            break
        spot = (name, number, 0)
        try:
            value = read_canonical(line)
            tail = TAIL.fullmatch(line[-138:])
            need(tail and isinstance(value, Obj))
            newer = Obj(value[:-1])
            members(newer, RECEIPT)
        except Bad:
            if not whole and tail_may_tear:
                break
            raise Bad("receipt-malformed", spot) from None
        signature = bytes.fromhex(tail.group(1).decode())
        if keys is not None and not any(signed_by(k, line[:-138], signature) for k in keys):
            if not whole and tail_may_tear:
                break
            raise Bad("receipt-signature", spot)
        receipts.append({k: v for k, v in value} | {"spot": spot, "proven": keys is not None})
    return receipts


# Section 7.


class Verifier:
    def __init__(self, key, signer, registry, receipts):
        self.key, self.signer, self.registry = key, signer, registry
        self.by_seq = {}
        for r in receipts:
            self.by_seq.setdefault(r["seq"], []).append(r)
        self.log = log_id(key) if key else None
        self.station = None
        self.first = self.last = self.hash = self.receipt = self.last_at = None
        self.records = self.segments = 0
        self.due = None
        self.before = None  # the hash of the line before, None if unknown
        self.name = self.month = None
        self.lines = 0
        self.torn = None
        self.notes = []
        self.once = {}
        self.open, self.ended, self.runs = {}, {}, {}

    def spot(self):
        return (self.name, self.lines, self.due)

    def note(self, spot, what):
        self.notes.append((spot, what))

    def ours(self, receipt):
        return self.log is None or receipt["log"] == self.log

    def begin(self, name):
        if self.torn:
            spot, self.torn = self.torn, None
            raise Bad("unterminated", spot)
        if self.name is not None and self.lines == 0:
            raise Bad("empty", (self.name, 1, self.due))
        match = SEGMENT.fullmatch(name)
        good = match and int(match[1]) >= 1 and match[2] >= "1970" and "01" <= match[3] <= "12"
        if not good:
            raise Bad("segment-name", (name, 1, self.due or 1))
        number = int(match[1])
        if self.due is None:
            if number > 1:
                above = [r for seq, rs in self.by_seq.items() if seq >= number - 1 for r in rs]
                if not any(r["proven"] and self.ours(r) for r in above):
                    raise Bad("missing-start", (name, 1, number))
            self.due = number
            self.before = "0" * 64 if number == 1 else None
        elif number != self.due:
            raise Bad("gap" if number > self.due else "repeated", (name, 1, self.due))
        if self.segments == 0:
            self.first = number
        self.segments += 1
        self.name, self.month, self.lines = name, name[13:20], 0

    def line(self, line, terminated):
        self.lines += 1
        if not terminated and len(line) <= MAX_LINE:
            self.torn = self.spot()
            return
        try:
            self.judge(line)
        except Bad as bad:
            bad.spot = self.spot()
            raise

    def judge(self, line):
        if len(line) > MAX_LINE:
            raise Bad("too-long")
        value = read_canonical(line)
        tail = TAIL.fullmatch(line[-138:])
        need(tail and isinstance(value, Obj))
        pairs = value[:-1]
        if pairs and pairs[0][0] == "format" and is_int(pairs[0][1]) and pairs[0][1] != 1:
            raise Bad("format")
        need(not members(pairs[:5], ENVELOPE))
        table = KINDS.get(value.get("kind"))
        newer = True if table is None else members(pairs[5:], table)
        seq, prev, at = value.get("seq"), value.get("prev"), value.get("at")
        if seq != self.due:
            raise Bad("gap" if seq > self.due else "repeated")
        if self.before is not None and prev != self.before:
            raise Bad("prev")
        signed, signature = line[:-138], bytes.fromhex(tail.group(1).decode())
        boot = value if value.get("kind") == "boot" else None
        self.check_signature(signed, signature, boot)
        if at[:7] != self.month:
            raise Bad("month")
        self.check_boot(seq, boot)
        digest = hashlib.sha256(line).hexdigest()
        if self.before is None:
            self.meet(seq - 1, prev)
        self.meet(seq, digest)
        self.remark(value, newer, at)
        self.last, self.hash, self.before = seq, digest, digest
        self.records += 1
        self.due = seq + 1

    def check_signature(self, signed, signature, boot):
        if self.key is None and self.registry is not None:
            for station, key in self.registry:
                if boot.get("log") == log_id(key) if boot else signed_by(key, signed, signature):
                    self.key, self.station, self.log, self.signer = key, station, log_id(key), "registry"
                    break
            else:
                raise Bad("unregistered")
        if self.key is not None and not signed_by(self.key, signed, signature):
            raise Bad("signature")

    def check_boot(self, seq, boot):
        if boot is None:
            if seq == 1:
                raise Bad("no-boot")
            return
        self.log = self.log or boot.get("log")
        if boot.get("log") != self.log:
            raise Bad("other-log")
        self.station = self.station or boot.get("station")
        if boot.get("station") != self.station:
            raise Bad("other-station")

    def meet(self, seq, digest):
        for r in self.by_seq.get(seq, []):
            if self.ours(r):
                if r["hash"] != digest:
                    raise Bad("rewritten")
                self.receipt = {"seq": seq, "at": r["at"], "proven": r["proven"]}

    def remark(self, value, newer, at):
        if newer and "newer" not in self.once:
            self.once["newer"] = True
            self.note(self.spot(), "newer")
        if self.last_at is not None and at < self.last_at and "time-back" not in self.once:
            self.once["time-back"] = True
            self.note(self.spot(), "time-back")
        self.last_at = at
        self.owe(value)

    def owe(self, value):
        kind, of = value.get("kind"), value.get("occurrence")
        if kind not in ("intent", "outcome"):
            return
        slot = (of.get("area"), of.get("slot"))
        urgent = of.get("area") == "urgent" and of.get("repeat") is not None
        when = of.get("repeat") if urgent else of.get("due")
        ended, runs = self.ended.setdefault(slot, set()), self.runs.setdefault(slot, [])
        has = when in ended or (not urgent and any(a <= when <= b for a, b in runs))
        odd = None
        if kind == "intent":
            odd = "intent-again" if has or (slot, when) in self.open else None
            self.open[(slot, when)] = self.spot()
        else:
            run = value.get("run")
            if run is not None:
                a, b = run.get("first"), run.get("last")
                inside = any(isinstance(e, str) and a <= e <= b for e in ended)
                odd = "two-outcomes" if inside or any(x <= b and a <= y for x, y in runs) else None
                runs.append((a, b))
            else:
                odd = "two-outcomes" if has else None
                ended.add(when)
            self.open.pop((slot, when), None)
        if odd:
            self.list_note(self.spot(), odd)

    def list_note(self, spot, what):
        if len(self.notes) < MOST_NOTES:
            self.note(spot, what)

    def end(self):
        for seq in sorted(self.by_seq):
            for r in self.by_seq[seq]:
                if not self.ours(r):
                    raise Bad("receipt-other-log", r["spot"])
        if self.last is None:
            raise Bad("no-log", ("", 0, 0))
        if self.by_seq and max(self.by_seq) > self.last:
            line = self.lines if self.torn else self.lines + 1
            raise Bad("cut", (self.name, line, self.last + 1))

    def close(self):
        for spot in sorted(self.open.values(), key=lambda s: s[2]):
            self.list_note(spot, "open-intent")
        if self.torn:
            self.note(self.torn, "torn")


def segments(folder):
    names = [n for n in os.listdir(os.fsencode(folder)) if n.endswith(b".jsonl") and n != b"receipts.jsonl"]
    return [n for n in sorted(names) if not os.path.isdir(os.path.join(os.fsencode(folder), n))]


def verify(args):
    key, signer, registry, receipt_keys = None, "unproven", None, None
    if args.registry:
        listed = json.loads(read_file(args.registry))
        registry = [(s, read_key(k.encode())) for s, k in listed["stations"].items()]
        receipt_keys = [read_key(k.encode()) for k in listed["receipt_keys"]]
    elif args.key:
        key, signer = read_key(read_file(args.key)), "key"
    else:
        try:
            key, signer = read_key(read_file(os.path.join(args.dir, "public.pem"))), "enclosed"
        except (OSError, WrongUse):
            pass
    if args.receipt_key:
        receipt_keys = [read_key(read_file(k)) for k in args.receipt_key]
    given = read_file(args.receipt) if args.receipt else None
    names, bad, verifier = segments(args.dir), None, Verifier(key, signer, registry, [])
    try:
        try:
            content = read_file(os.path.join(args.dir, "receipts.jsonl"))
        except FileNotFoundError:
            content = b""
        receipts = read_receipts("receipts.jsonl", content, receipt_keys, True)
        if given is not None:
            receipts += read_receipts(os.path.basename(args.receipt), given, receipt_keys, False)
        verifier = Verifier(key, signer, registry, receipts)
        for name in names:
            verifier.begin(name.decode("utf-8", "replace"))
            with open(os.path.join(os.fsencode(args.dir), name), "rb") as f:
                while line := f.readline(MAX_LINE + 1):
                    whole = line.endswith(b"\n")
                    verifier.line(line[:-1] if whole else line, whole)
        verifier.end()
    except Bad as found:
        spot = found.spot
        bad = {"segment": spot[0], "line": spot[1], "seq": spot[2], "why": found.why}
    verifier.close()
    v = verifier
    notes = [{"segment": s[0], "line": s[1], "seq": s[2], "what": w} for s, w in v.notes]
    return {
        "ok": bad is None,
        "log": v.log,
        "station": v.station,
        "signer": v.signer,
        "first": v.first,
        "last": v.last,
        "hash": v.hash,
        "records": v.records,
        "segments": v.segments,
        "receipt": v.receipt,
        "bad": bad,
        "notes": notes,
    }


def parser():
    p = argparse.ArgumentParser()
    p.add_argument("dir")
    who = p.add_mutually_exclusive_group()
    who.add_argument("--key")
    who.add_argument("--registry")
    p.add_argument("--receipt")
    p.add_argument("--receipt-key", action="append")
    return p


def run(arguments):
    args = parser().parse_args(arguments)
    try:
        out = verify(args)
    except WrongUse as e:
        return 2, str(e)
    except OSError as e:
        return 3, str(e)
    return (0 if out["ok"] else 1), out


def main():
    if sys.argv[1:] == ["--batch"]:
        for line in sys.stdin:
            code, out = run(json.loads(line))
            print(json.dumps({"exit": code, "out": out}), flush=True)
        return 0
    code, out = run(sys.argv[1:])
    print(json.dumps(out, ensure_ascii=False) if isinstance(out, dict) else out)
    return code


if __name__ == "__main__":
    sys.exit(main())
