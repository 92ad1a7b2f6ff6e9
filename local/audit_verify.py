"""Checks an exported audit trail, with nothing but the file and, at best, the public key.

Every line must be the one canonical text of what it says, follow the line before it by number
and hash, and have the hash that its own text gives; the last line is a checkpoint that names
their count and the last hash under a signature (ECDSA with SHA-256 over P-256).
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

BEGINNING = "0" * 64
ENTRY = {
    *("tenant_id", "number", "at", "actor", "name", "source"),
    *("what", "about", "result", "facts", "previous", "hash"),
}
CHECKPOINT = {
    *("tenant_id", "count", "last_hash", "made_at"),
    *("algorithm", "key_id", "fingerprint", "public_key", "signature"),
}


class Fault(Exception):
    """The file is not what was exported; ``line`` counts from 1."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"Line {line}: {sentence}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Verified:
    """What a file that passed says of itself; ``kept_key`` tells whose key it was held to."""

    tenant_id: str
    count: int
    last_hash: str
    made_at: str
    fingerprint: str
    kept_key: bool


def verify(path: Path, key: str = "", earlier: Verified | None = None) -> Verified:
    """Check a whole file; raises Fault at the first line that shows something was done to it.

    ``key`` is the public key as PEM, kept apart from the file; without it the signature is held
    to the key in the checkpoint itself, which shows every change but a whole new signature.
    With ``earlier`` the trail must go on from the end of that one.
    """
    number, tenant_id, last_hash = 0, "", BEGINNING
    checkpoint: dict[str, Any] | None = None
    line = 0
    with path.open("rb") as file:
        for line, raw in enumerate(file, start=1):
            if checkpoint is not None:
                raise Fault(line, "something was added after the checkpoint.")
            said = _read(line, raw)
            if said.keys() == {"checkpoint"}:
                checkpoint = said["checkpoint"]
                continue
            _check_entry(line, said, number, last_hash, tenant_id)
            number, tenant_id, last_hash = said["number"], said["tenant_id"], said["hash"]
            if earlier and number == earlier.count and last_hash != earlier.last_hash:
                raise Fault(line, "differs from the earlier export: the trail was rewritten.")
    if checkpoint is None:
        raise Fault(line + 1, "the checkpoint is missing: the end was cut off.")
    verified = _check_checkpoint(line, checkpoint, (tenant_id, number, last_hash), key)
    if earlier and (earlier.count > number or earlier.tenant_id != verified.tenant_id):
        raise Fault(line, "the earlier export has entries that are missing here.")
    return verified


def _read(line: int, raw: bytes) -> dict[str, Any]:
    """A line as it was written; any other text for the same facts is a change too."""
    try:
        said = json.loads(raw.decode())
        same = canonical(said) + b"\n" == raw
    except (ValueError, RecursionError):
        raise Fault(line, "is not readable: it was changed or cut off.") from None
    if not same or not isinstance(said, dict):
        raise Fault(line, "is not written as it was exported.")
    return said


def _check_entry(
    line: int, said: Mapping[str, Any], before: int, last_hash: str, tenant_id: str
) -> None:
    if said.keys() != ENTRY:
        raise Fault(line, "is not an entry of the trail.")
    if said["number"] != before + 1:
        raise Fault(
            line,
            f"entry {said['number']} follows entry {before}: entries were removed, doubled or put"
            " in another order.",
        )
    if tenant_id and said["tenant_id"] != tenant_id:
        raise Fault(line, "belongs to another tenant.")
    if said["previous"] != last_hash:
        raise Fault(
            line, "does not follow from the entry before it: one of the two was replaced."
        )
    facts = {name: value for name, value in said.items() if name != "hash"}
    if hashlib.sha256(canonical(facts)).hexdigest() != said["hash"]:
        raise Fault(line, "was changed: its hash does not fit what it says.")


def _check_checkpoint(line: int, said: Any, end: tuple[str, int, str], key: str) -> Verified:
    if not isinstance(said, dict) or said.keys() != CHECKPOINT:
        raise Fault(line, "is not a checkpoint.")
    tenant_id, count, last_hash = end
    if said["count"] != count:
        raise Fault(line, f"the checkpoint counts {said['count']} entries, the file has {count}.")
    if said["last_hash"] != last_hash:
        raise Fault(line, "the checkpoint names another last entry.")
    if count and said["tenant_id"] != tenant_id:
        raise Fault(line, "the checkpoint belongs to another tenant.")
    _check_signature(line, said, key)
    return Verified(
        said["tenant_id"], count, last_hash, said["made_at"], said["fingerprint"], bool(key)
    )


def _check_signature(line: int, said: Mapping[str, Any], key: str) -> None:
    facts = {name: value for name, value in said.items() if name != "signature"}
    try:
        public = serialization.load_pem_public_key((key or said["public_key"]).encode())
        signature = base64.b64decode(said["signature"], validate=True)
    except (ValueError, AttributeError, TypeError):
        raise Fault(line, "the checkpoint holds no key or signature that can be read.") from None
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise Fault(line, "the key is of another kind.")
    if fingerprint_of(public) != said["fingerprint"]:
        raise Fault(line, "the checkpoint was signed by another key than the one given.")
    if base64.b64encode(signature).decode() != said["signature"]:
        raise Fault(line, "the signature is not written as it was exported.")
    try:
        public.verify(signature, canonical(facts), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Fault(line, "the checkpoint's signature does not fit: it was changed.") from None


def fingerprint_of(key: ec.EllipticCurvePublicKey) -> str:
    """The SHA-256 of a public key's DER form, in hex."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(key.public_bytes(serialization.Encoding.DER, form)).hexdigest()


def canonical(said: Any) -> bytes:
    """The one text for these facts: sorted names, no spaces, UTF-8."""
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def main(arguments: Sequence[str]) -> int:
    """The command: 0 when all is well, 1 for a fault, 2 when nothing can be read."""
    parser = argparse.ArgumentParser(prog="audit-verify", description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--key", default="", help="the public key, as PEM, kept apart")
    parser.add_argument("--earlier", default="", help="an earlier export of the same trail")
    asked = parser.parse_args(arguments)
    if not asked.file:
        print("Say which file: make audit-verify FILE=export.jsonl", file=sys.stderr)
        return 2
    try:
        key = Path(asked.key).read_text(errors="replace") if asked.key else ""
        earlier = verify(Path(asked.earlier), key) if asked.earlier else None
        found = verify(Path(asked.file), key, earlier)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except Fault as fault:
        print(f"NOT INTACT. {fault}", file=sys.stderr)
        return 1
    print(_said(found))
    return 0


def _said(found: Verified) -> str:
    text = (
        f"Intact: {found.count} entries of tenant {found.tenant_id}, as of {found.made_at}.\n"
        f"Signed by the key {found.fingerprint}"
    )
    if found.kept_key:
        return f"{text}, which is the one you gave."
    return (
        f"{text}, as the file itself says.\n"
        "Compare it with the key you keep apart, or give that: KEY=public.pem"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
