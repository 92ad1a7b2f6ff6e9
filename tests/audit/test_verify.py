"""What was exported is found intact, and whatever was done to it is found."""

import json
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chalicelib.audit import model, trail
from local import audit_verify
from local.audit_verify import Fault, verify

KINDS = ("change", "remove", "double", "swap", "cut", "cut lines", "insert")


def lines_of(file):
    return file.read_bytes().splitlines(keepends=True)


def rewritten(file, lines):
    file.write_bytes(b"".join(lines))
    return file


def test_an_export_is_intact(trail_of_three):
    file, key = trail_of_three

    found = verify(file, key.read_text())

    assert (found.tenant_id, found.count, found.kept_key) == ("tenant-a", 4, True)
    assert verify(file).fingerprint == found.fingerprint


def test_an_empty_trail_has_a_checkpoint_too(aws, tmp_path):
    from chalicelib.audit import checkpoint

    assert aws
    file = tmp_path / "empty.jsonl"
    file.write_bytes(checkpoint.line("tenant-a", 0, model.BEGINNING))

    assert verify(file).count == 0


@given(
    facts=st.dictionaries(
        st.text(max_size=5), st.text() | st.integers(-(2**60), 2**60), max_size=4
    )
)
@example(facts={"a": "".join(map(chr, range(160))) + "\u2028\ufeff\U0001f600"})
def test_both_sides_write_the_same_text(facts):
    assert audit_verify.canonical(facts) == model.canonical(facts)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_is_done_to_an_export_is_found(trail_of_three, tmp_path, data):
    file, key = trail_of_three
    whole = file.read_bytes()
    kind = data.draw(st.sampled_from(KINDS))
    changed = tampered(whole, kind, data)
    if changed == whole:
        return
    other = tmp_path / "tampered.jsonl"
    other.write_bytes(changed)

    for kept in (key.read_text(), ""):
        with pytest.raises(Fault):
            verify(other, kept)


def tampered(whole, kind, data):
    lines = whole.splitlines(keepends=True)
    place = data.draw(st.integers(0, len(whole) - 1))
    one, two = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    if kind == "change":
        return whole[:place] + data.draw(st.binary(min_size=1, max_size=3)) + whole[place + 1 :]
    if kind == "insert":
        return whole[:place] + data.draw(st.binary(min_size=1, max_size=3)) + whole[place:]
    if kind == "cut":
        return whole[:place]
    if kind == "cut lines":
        return b"".join(lines[: one + 1])
    if kind == "remove":
        del lines[one]
    elif kind == "double":
        lines.insert(two, lines[one])
    else:
        lines[one], lines[two] = lines[two], lines[one]
    return b"".join(lines)


@pytest.mark.parametrize(
    ("act", "line", "why"),
    [
        (lambda lines: lines[:1] + lines[2:], 2, "removed"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1, "another order"),
        (lambda lines: [lines[0].replace(b"asked", b"asket"), *lines[1:]], 1, "changed"),
        (lambda lines: lines[:-1], 5, "cut off"),
        (lambda lines: lines[:2] + lines[-1:], 3, "the file has 2"),
        (lambda lines: [*lines, lines[-1]], 6, "added"),
    ],
)
def test_the_line_at_fault_is_named(trail_of_three, act, line, why):
    file, key = trail_of_three
    trail_lines = lines_of(file)
    if why == "changed":
        trail_lines[0] = trail_lines[0].replace(b'"done"', b'"asked"')

    with pytest.raises(Fault, match=why) as fault:
        verify(rewritten(file, act(trail_lines)), key.read_text())

    assert fault.value.line == line


def rehashed(lines):
    """The entries with every hash made anew, as somebody who knows the rule would do it."""
    before, made = model.BEGINNING, []
    for raw in lines:
        said = json.loads(raw)
        said["previous"] = before
        del said["hash"]
        entry = model.Entry(**said)
        before = model.hash_of(entry)
        made.append(model.line_of(model.Entry(**said, hash=before)))
    return made, before


def test_a_chain_made_anew_is_found_by_the_checkpoint(trail_of_three):
    file, key = trail_of_three
    *entries, last = lines_of(file)
    entries[0] = entries[0].replace(b"192.0.2.7", b"192.0.2.8")
    made, end = rehashed(entries)

    for forged in (
        last,
        last.replace(json.loads(last)["checkpoint"]["last_hash"].encode(), end.encode()),
    ):
        rewritten(file, [*made, forged])
        for kept in (key.read_text(), ""):
            with pytest.raises(Fault) as fault:
                verify(file, kept)
            assert fault.value.line == 5


def test_a_signature_by_another_key_is_found_by_the_key_kept_apart(trail_of_three):
    file, key = trail_of_three
    *entries, last = lines_of(file)
    facts = json.loads(last)["checkpoint"]
    rewritten(file, [*entries, signed_anew(facts)])

    with pytest.raises(Fault, match="another key"):
        verify(file, key.read_text())


def signed_anew(facts):
    import base64

    from cryptography.hazmat.primitives import hashes

    other = ec.generate_private_key(ec.SECP256R1())
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    facts["public_key"] = (
        other.public_key().public_bytes(serialization.Encoding.PEM, form).decode()
    )
    facts["fingerprint"] = audit_verify.fingerprint_of(other.public_key())
    del facts["signature"]
    made = other.sign(audit_verify.canonical(facts), ec.ECDSA(hashes.SHA256()))
    facts["signature"] = base64.b64encode(made).decode()
    return audit_verify.canonical({"checkpoint": facts}) + b"\n"


def test_a_trail_cut_short_before_it_was_exported_is_found_by_an_earlier_export(
    trail_of_three, exported, ann, aws
):
    file, key = trail_of_three
    earlier = verify(file, key.read_text())
    trail.record(ann, "connect", "Books")
    file.write_bytes(exported())
    assert verify(file, key.read_text(), earlier).count == 7
    later = verify(file, key.read_text())

    for number in range(4, 9):
        trail.EntryRow("tenant-a", f"{number:012d}").delete()
    aws.wiring.trail_ends.clear()
    file.write_bytes(exported())
    with pytest.raises(Fault, match="earlier export"):
        verify(file, key.read_text(), later)


def test_the_command_says_what_it_found_and_fails_for_a_fault(trail_of_three):
    file, key = trail_of_three
    good = run(file, "--key", str(key))
    assert (good.returncode, good.stdout[:17]) == (0, "Intact: 4 entries")
    assert "KEY=public.pem" in run(file).stdout

    rewritten(file, lines_of(file)[1:])
    bad = run(file)
    assert bad.returncode == 1
    assert bad.stderr.startswith("NOT INTACT. Line 1: ")
    assert run(file.with_name("none.jsonl")).returncode == 2
    assert run("").returncode == 2


def run(file, *more):
    command = [sys.executable, "-m", "local.audit_verify", str(file), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  ours
