"""Writes archives that no reader should unpack, one file each, into a directory; names say what is wrong with them."""
import gzip
import os
import subprocess
import sys
from tarhead import END, base256, entry, header, long, padded, pax, record

folder = sys.argv[1]
hello = b"hello\n"
good = entry(b"bin/x", hello)


def zst(data):
    return subprocess.run(["zstd", "-q", "-1"], input=data, stdout=subprocess.PIPE, check=True).stdout


def directory(name):
    return header(name, type=b"5", mode=0o755)


def symlink(name, target):
    return header(name, type=b"2", link=target)


def hardlink(name, target):
    return header(name, type=b"1", link=target)


GNU = b"ustar  \0"
cases = {
    # Out of the tree by a path.
    "absolute": entry(b"/etc/evil", hello),
    "absolute-in-pax": pax((b"path", b"/etc/evil")) + good,
    "absolute-in-prefix": entry(b"evil", hello, prefix=b"/etc"),
    "absolute-long-name": long(b"L", b"/etc/" + b"e" * 120) + good,
    "absolute-after-dot": entry(b".//etc/evil", hello),
    "dot-dot": entry(b"../evil", hello),
    "dot-dot-inside": entry(b"a/../../evil", hello),
    "dot-dot-in-pax": pax((b"path", b"../evil")) + good,
    "dot-dot-in-prefix": entry(b"evil", hello, prefix=b".."),
    "dot-dot-directory": directory(b"a/.."),
    "dot-component": entry(b"a/./b", hello),
    "empty-component": entry(b"a//b", hello),
    "empty-name": entry(b"", hello),
    "root-as-file": entry(b".", hello),
    # Out of the tree by a link.
    "symlink-absolute": symlink(b"l", b"/etc"),
    "symlink-up": symlink(b"l", b"../../etc"),
    "symlink-dot-dot-after-name": directory(b"d") + symlink(b"d/l", b"x/../../../etc"),
    "symlink-long-up": long(b"K", b"../" * 60 + b"etc") + symlink(b"l", b"cut"),
    "symlink-pax-up": pax((b"linkpath", b"../../etc")) + symlink(b"l", b"inside"),
    "symlink-to-nothing": symlink(b"l", b""),
    "write-through-symlink": symlink(b"l", b"d") + entry(b"l/evil", hello),
    "write-through-symlink-up": symlink(b"l", b"../..") + entry(b"l/evil", hello),
    "write-over-symlink": symlink(b"l", b"d/x") + entry(b"l", hello),
    "hardlink-absolute": hardlink(b"h", b"/etc/passwd"),
    "hardlink-up": hardlink(b"h", b"../../etc/passwd"),
    "hardlink-through-symlink": directory(b"d") + entry(b"d/x", hello) + symlink(b"l", b"d") + hardlink(b"h", b"l/x"),
    "hardlink-to-symlink": symlink(b"l", b"x") + hardlink(b"h", b"l"),
    "hardlink-to-later": hardlink(b"h", b"x") + entry(b"x", hello),
    "hardlink-to-itself": hardlink(b"h", b"h"),
    "hardlink-with-contents": good + entry(b"h", b"evil", type=b"1", link=b"bin/x"),
    # What no package holds.
    "character-device": header(b"null", type=b"3"), "block-device": header(b"sda", type=b"4"),
    "fifo": header(b"p", type=b"6"), "contiguous": header(b"c", type=b"7"), "unknown-type": header(b"u", type=b"Q"),
    "multi-volume": header(b"m", type=b"M", magic=GNU), "volume-label": header(b"v", type=b"V", magic=GNU),
    "dump-directory": header(b"d", type=b"D", magic=GNU), "old-long-name": header(b"n", type=b"N", magic=GNU),
    "solaris-acl": header(b"a", type=b"A"), "solaris-pax": entry(b"x", record(b"path", b"y"), type=b"X") + good,
    # Twice the same place.
    "duplicate": good + good, "duplicate-directory": directory(b"d") + directory(b"d/"),
    "duplicate-by-dot": good + entry(b"./bin/x", hello), "duplicate-by-pax": good + pax((b"path", b"bin/x")) + entry(b"y"),
    "file-then-directory": entry(b"a", hello) + directory(b"a"), "below-file": entry(b"a", hello) + entry(b"a/b", hello),
    "file-over-implied-directory": entry(b"a/b", hello) + entry(b"a", hello),
    "case-clash": good + entry(b"bin/X", hello), "case-clash-above": good + entry(b"BIN/y", hello),
    "case-clash-not-ascii": entry("caf\u00c9".encode(), hello) + entry("caf\u00e9".encode(), hello),
    "normal-form-clash": entry("caf\u00e9".encode(), hello) + entry("cafe\u0301".encode(), hello),
    # Names that are no text, or that lie to whoever reads them.
    "not-utf8": entry(b"a\xff", hello), "overlong-utf8": entry(b"a\xc0\xafb", hello), "newline": entry(b"a\nb", hello),
    "terminal-escape": entry(b"a\x1b[2J", hello), "backwards": entry("a\u202eb".encode(), hello),
    "long-component": pax((b"path", b"n" * 256)) + good, "long-path": pax((b"path", b"d/" * 2100 + b"x")) + good,
    "deep": pax((b"path", b"d/" * 200 + b"x")) + good,
}
# Numbers that are none, or that two readers take differently.
cases["size-zero-in-ustar"] = pax((b"size", b"1024")) + header(b"a", size=0) + entry(b"hidden", hello)
cases["size-in-ustar-zero-in-pax"] = pax((b"size", b"0")) + header(b"a", size=512) + entry(b"hidden", hello)
cases["size-huge-in-pax"] = pax((b"size", b"9223372036854775807")) + header(b"a")
cases["size-beyond-64-bits"] = pax((b"size", b"18446744073709551617")) + header(b"a")
cases["size-signed-in-pax"] = pax((b"size", b"+6")) + good
cases["size-hexadecimal-in-pax"] = pax((b"size", b"0x6")) + good


def with_size(field, body=hello):
    block = bytearray(header(b"a"))
    block[124:136] = field
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + padded(body)


def with_field(start, field):
    block = bytearray(header(b"a", size=6))
    block[start:start + len(field)] = field
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + padded(hello)


cases |= {
    "size-negative": with_size(b"-0000000006\0"), "size-negative-octal": with_size(b"         -6\0"),
    "size-base256-negative": with_size(base256(-6, 12)), "size-base256-huge": with_size(base256(1 << 62, 12)),
    "size-base256-beyond-64-bits": with_size(base256((1 << 64) + 6, 12)), "size-all-ones": with_size(b"\xff" * 12),
    "size-octal-huge": with_size(b"77777777777\0"), "size-with-letters": with_size(b"0000000000x\0"),
    "size-digit-eight": with_size(b"00000000008\0"), "size-after-nul": with_size(b"\0" + b"00000000006"),
    "size-split": with_size(b"0000 000006\0"),
    "mode-with-letters": with_field(100, b"rw-r--r-"), "uid-negative": with_field(108, base256(-1, 8)),
    "uid-huge": with_field(108, base256(1 << 40, 8)), "time-negative": with_field(136, base256(-1, 12)),
    "time-negative-in-pax": pax((b"mtime", b"-1")) + good,
    "time-absurd": pax((b"mtime", b"99999999999999999")) + good,
    "checksum-wrong": entry(b"a", hello, checksum=1), "checksum-signed": header("\u00e9".encode() * 40, checksum=1),
    "magic-missing": entry(b"a", hello, magic=b""), "magic-other": entry(b"a", hello, magic=b"USTAR\x0000"),
    # Extension headers.
    "pax-unknown-key": pax((b"SURPRISE", b"1")) + good, "pax-vendor-key": pax((b"VENDOR.thing", b"1")) + good,
    "pax-key-twice": pax((b"path", b"b"), (b"path", b"c")) + good, "pax-empty-path": pax((b"path", b"")) + good,
    "pax-nul": pax((b"path", b"a\0b")) + good, "pax-character-set": pax((b"hdrcharset", b"BINARY")) + good,
    "pax-twice": pax((b"path", b"b")) + pax((b"path", b"c")) + good, "pax-for-nothing": good + pax((b"path", b"b")),
    "pax-no-length": entry(b"p", b"path=b\n", type=b"x") + good,
    "pax-length-too-large": entry(b"p", b"999 path=b\n", type=b"x") + good,
    "pax-length-enormous": entry(b"p", b"99999999999999999999 path=b\n", type=b"x") + good,
    "pax-length-zero": entry(b"p", b"0 path=b\n", type=b"x") + good,
    "pax-huge": header(b"p", type=b"x", size=0o77777777777), "pax-empty": header(b"p", type=b"x") + good,
    "pax-megabyte": pax((b"comment", b"c" * (1 << 20))) + good,
    "pax-and-gnu": long(b"L", b"b") + pax((b"path", b"c")) + good, "gnu-and-pax": pax((b"path", b"c")) + long(b"L", b"b") + good,
    "gnu-twice": long(b"L", b"b") + long(b"L", b"c") + good, "gnu-second-name": long(b"L", b"b\0c") + good,
    "gnu-huge": header(b"././@LongLink", type=b"L", size=0o77777777777, magic=GNU),
    "global-path": pax((b"path", b"b"), type=b"g") + good, "global-size": pax((b"size", b"0"), type=b"g") + good,
    "global-in-pax": entry(b"p", record(b"comment", b"c") + record(b"path", b"b"), type=b"g") + good,
    "global-nested": pax((b"comment", b"c"), type=b"g") + pax((b"linkpath", b"/etc"), type=b"g") + symlink(b"l", b"x"),
    "acl": pax((b"SCHILY.acl.access", b"user::rwx")) + good,
    "selinux-label": pax((b"RHT.security.selinux", b"system_u:object_r:etc_t:s0")) + good,
    "capability-on-directory": pax((b"SCHILY.xattr.security.capability", b"x")) + directory(b"d"),
    "attribute-large": pax((b"SCHILY.xattr.user.a", b"x" * (40 << 10))) + good,
    "attribute-two-values": pax((b"SCHILY.xattr.user.a", b"x"), (b"LIBARCHIVE.xattr.user.a", b"eQ")) + good,
    # Sparse files, in each way of saying so.
    "sparse-old-gnu": entry(b"s", hello, type=b"S", magic=GNU),
    "sparse-pax-0.0": pax((b"GNU.sparse.size", b"1000000"), (b"GNU.sparse.numblocks", b"1"), (b"GNU.sparse.offset", b"0"),
                          (b"GNU.sparse.numbytes", b"6")) + good,
    "sparse-pax-0.1": pax((b"GNU.sparse.map", b"0,6"), (b"GNU.sparse.size", b"1000000")) + good,
    "sparse-pax-1.0": pax((b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"), (b"GNU.sparse.name", b"../evil"),
                          (b"GNU.sparse.realsize", b"1000000")) + entry(b"s", padded(b"1\n0\n6\n") + hello),
    "sparse-star": pax((b"SCHILY.realsize", b"1000000")) + good,
    # Contents where none belong.
    "directory-with-contents": entry(b"d", b"evil", type=b"5"), "symlink-with-contents": entry(b"l", b"evil", type=b"2", link=b"x"),
    "name-ends-in-slash": entry(b"a/", hello),
    # Too much.
    "too-large-file": with_size(base256((16 << 30) + 1, 12)),
}
streams = {name + ".tar": body + END for name, body in cases.items()}
whole = good + directory(b"d") + END
streams |= {
    # Ends that are none, and what follows them.
    "cut-in-header.tar": whole[:300], "cut-in-contents.tar": whole[:515], "cut-after-contents.tar": whole[:1024],
    "cut-before-second-zero-block.tar": whole[:-512], "empty.tar": b"", "one-zero-block.tar": bytes(512),
    "after-the-end.tar": whole + entry(b"evil", hello) + END, "garbage-after-the-end.tar": whole + b"evil",
    "endless-zeros.tar": whole + bytes(2 << 20), "lone-zero-block.tar": good + bytes(512) + good + END,
    "no-tar.tar": b"hello\n" * 200, "two.tar.gz": gzip.compress(whole, mtime=0) + gzip.compress(whole, mtime=0),
    "cut.tar.gz": gzip.compress(whole, mtime=0)[:-9], "checksum.tar.gz": gzip.compress(whole, mtime=0)[:-8] + bytes(8),
    "garbage.tar.gz": gzip.compress(whole, mtime=0) + b"evil", "cut.tar.zst": zst(whole)[:-5],
    "garbage.tar.zst": zst(whole) + b"evil", "gzip-in-zstd.tar.zst": zst(gzip.compress(whole, mtime=0)),
    "zstd-of-zstd.tar.zst": zst(zst(whole)),
}
# A gigabyte of paths out of kilobytes of archive, and more entries than anyone has.
longest = b"".join(pax((b"path", b"%06d/" % n + b"n" * 200 + b"/" + b"m" * 255 + (b"/" + b"o" * 255) * 12)) + entry(b"x") for n in range(20000))
streams["path-bytes.tar.zst"] = zst(longest + END)
streams["one-million-entries.tar.zst"] = zst(b"".join(header(b"f%07d" % n) for n in range(1_000_001)) + END)

for name, stream in streams.items():
    with open(os.path.join(folder, name), "wb") as file:
        file.write(stream)
