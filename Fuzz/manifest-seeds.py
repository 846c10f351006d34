"""A manifest for the fuzzer to begin with, with a line of each kind."""
import os, sys

digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
head = f"""manifest: 1
name: nginx
version: 1.25.3-2
platform: debian-12-x86_64
archive: sha256:{digest}
size: 12
unpacked: 8
files: 3
directories: 1
links: 1
origin: {{built-by: rollerctl}}
---
"""
lines = f"""d 0755 bin
f 0755 4 {digest} bin/a
f 4755 4 {digest} bin/b
h bin/c\t->\tbin/a
l lib\t->\tbin/a
"""
with open(os.path.join(sys.argv[1], "each-kind"), "w") as file:
    file.write(head + lines)
