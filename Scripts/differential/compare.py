"""Reads documents with YAMLDocument and with other readers, and shows each that YAMLDocument takes and they read otherwise.

    compare.py DRIVER [--seconds N | --documents N] [--seed N] [--specification FOLDER] [--examples FOLDER]
"""

import argparse
import json
import multiprocessing
import pathlib
import struct
import subprocess
import sys
import time

import documents
import examples
import readers

SHOWN = 40


def drive(driver, batch):
    """What YAMLDocument makes of each document."""
    data = b"".join(struct.pack(">I", len(document)) + document for document in batch)
    lines = subprocess.run([driver], input=data, stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")[:-1]
    if len(lines) != len(batch):
        raise SystemExit(f"the driver gave {len(lines)} answers to {len(batch)} documents")
    return [json.loads(line) for line in lines]


def is_ambiguous(tree):
    if tree[0] == "seq":
        return any(is_ambiguous(item) for item in tree[1:])
    if tree[0] == "map":
        return any(is_ambiguous(key) or is_ambiguous(value) for key, value in tree[1:])
    return tree[0] == "ambiguous"


def differences(document, answer):
    """The readers that see something else in a document that YAMLDocument vouches for."""
    seen = {name: readers.read(name, document) for name in readers.READERS}
    return {name: tree for name, tree in seen.items() if tree != answer["tree"]}


def state(answer):
    return "refused" if answer["problems"] else "ambiguous" if is_ambiguous(answer["tree"]) else "vouched for"


def judge(job):
    """Counts of a batch, and its differences."""
    driver, batch = job
    counts, found = {}, []
    for document, answer in zip(batch, drive(driver, batch)):
        what = state(answer)
        counts[what] = counts.get(what, 0) + 1
        if what == "vouched for":
            others = differences(document, answer)
            if others:
                found.append((document, answer["tree"], others))
    return counts, found


def generate(job):
    driver, seed, size = job
    generator = documents.Generator(seed)
    return judge((driver, [generator.document().encode() for _ in range(size)]))


def specification(driver, folder):
    """The table of the specification's examples. True when each is read alike or refused."""
    paths = sorted(pathlib.Path(folder).glob("spec-*.data"))
    answers = drive(driver, [path.read_bytes() for path in paths])
    totals, sound = {}, True
    for path, answer in zip(paths, answers):
        what, reason = state(answer), "; ".join(words_of(answer))
        if what == "vouched for":
            others = differences(path.read_bytes(), answer)
            what, reason = ("READ OTHERWISE", repr(others)) if others else ("read alike", "")
            sound = sound and not others
        elif what == "ambiguous":
            what, reason = "marked ambiguous", ", ".join(sorted(set(ambiguities(answer["tree"]))))
        totals[what] = totals.get(what, 0) + 1
        print(f"{path.stem.removeprefix('spec-'):16} {what:16} {reason}")
    print(f"{len(paths)} examples: " + ", ".join(f"{count} {what}" for what, count in sorted(totals.items())))
    return sound


def current_specification(driver, folder):
    """The table of YAML 1.2's examples. True when each is read as the tests of yaml-cpp say, or refused."""
    known = examples.read(folder)
    totals, sound = {}, True
    for (name, _, wanted), answer in zip(known, drive(driver, [document for _, document, _ in known])):
        what, reason = state(answer), "; ".join(words_of(answer))
        if what == "vouched for":
            agrees = wanted is not None and examples.agrees(answer["tree"], wanted)
            what, reason = ("read so", "") if agrees else ("READ OTHERWISE", f"{answer['tree']}, not {wanted}")
            sound = sound and agrees
        elif what == "ambiguous":
            what, reason = "marked ambiguous", ", ".join(sorted(set(ambiguities(answer["tree"]))))
        totals[what] = totals.get(what, 0) + 1
        print(f"{name:8} {what:16} {reason}")
    print(f"{len(known)} examples of YAML 1.2: " + ", ".join(f"{count} {what}" for what, count in sorted(totals.items())))
    return sound


def words_of(answer):
    places = [problem.split(" ")[0] for problem in answer["problems"]]
    words = [f"{place} {word}" for place, word in zip(places, answer["words"])]
    return words[:1] + ([f"and {len(words) - 1} more"] if len(words) > 1 else [])


def ambiguities(tree):
    if tree[0] == "seq":
        return [kind for item in tree[1:] for kind in ambiguities(item)]
    if tree[0] == "map":
        return [kind for entry in tree[1:] for part in entry for kind in ambiguities(part)]
    return [tree[1]] if tree[0] == "ambiguous" else []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("driver")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--documents", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--specification")
    parser.add_argument("--examples")
    options = parser.parse_args()
    print(readers.versions() + "; " + ", ".join(readers.READERS))
    sound = not options.specification or specification(options.driver, options.specification)
    if options.examples:
        sound = current_specification(options.driver, options.examples) and sound

    start = time.monotonic()
    hand = [text.encode() for text in documents.hand_made()]
    counts, found = judge((options.driver, hand))
    print(f"{len(hand)} made by hand: " + shown(counts))
    size = 250
    batches = -(-options.documents // size) if options.documents is not None else sys.maxsize
    jobs = ((options.driver, f"{options.seed}:{number}", size) for number in range(batches))
    total = 0
    generated = {}
    with multiprocessing.Pool() as pool:
        # In rounds, so that what is not wanted any more is not read.
        while True:
            round_of = [job for _, job in zip(range(16), jobs)]
            for some, others in pool.imap_unordered(generate, round_of):
                total += sum(some.values())
                found += others
                for what, count in some.items():
                    generated[what] = generated.get(what, 0) + count
            enough = options.seconds is not None and time.monotonic() - start > options.seconds
            if not round_of or enough or len(found) >= SHOWN:
                break
    print(f"{total} generated, seed {options.seed}, {time.monotonic() - start:.0f} s: " + shown(generated))
    for document, ours, others in sorted(found, key=lambda each: len(each[0]))[:SHOWN]:
        print(f"\n{document.decode()!r}\n  YAMLDocument: {ours}")
        for name, tree in others.items():
            print(f"  {name}: {tree}")
    print(f"{len(found)} documents that YAMLDocument takes are read otherwise")
    return 0 if sound and not found else 1


def shown(counts):
    return ", ".join(f"{counts[what]} {what}" for what in sorted(counts))


if __name__ == "__main__":
    sys.exit(main())
