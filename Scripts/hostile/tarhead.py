"""Tar headers byte by byte, right or wrong as the caller wants them (POSIX.1-2017 pax, "ustar Interchange Format")."""

END = bytes(1024)


def octal(value, width):
    return b"%0*o\0" % (width - 1, value)


def header(name, type=b"0", size=0, body_size=None, mode=0o644, uid=0, gid=0, mtime=1, link=b"", magic=b"ustar\x0000",
           prefix=b"", checksum=None, **raw):
    """One 512-byte block. `raw` overwrites fields by name with the bytes given."""
    places = {"name": (0, 100), "mode": (100, 8), "uid": (108, 8), "gid": (116, 8), "size": (124, 12),
              "mtime": (136, 12), "link": (157, 100), "magic": (257, 8), "uname": (265, 32), "gname": (297, 32),
              "prefix": (345, 155)}
    fields = {"name": name, "mode": octal(mode, 8), "uid": octal(uid, 8), "gid": octal(gid, 8),
              "size": octal(size, 12), "mtime": octal(mtime, 12), "link": link, "magic": magic, "prefix": prefix}
    fields.update(raw)
    block = bytearray(512)
    for field, value in fields.items():
        start, length = places[field]
        block[start:start + len(value[:length])] = value[:length]
    block[156:157] = type
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % (sum(block) if checksum is None else checksum)
    return bytes(block)


def padded(body):
    return body + bytes(-len(body) % 512)


def entry(name, body=b"", **fields):
    fields.setdefault("size", len(body))
    return header(name, **fields) + padded(body)


def record(key, value):
    rest = b" " + key + b"=" + value + b"\n"
    length = len(rest) + 1
    while len(str(length)) + len(rest) != length:
        length += 1
    return str(length).encode() + rest


def pax(*records, type=b"x", name=b"PaxHeader/x"):
    body = b"".join(record(key, value) for key, value in records)
    return entry(name, body, type=type)


def long(type, value):
    return entry(b"././@LongLink", value + b"\0", type=type, magic=b"ustar  \0")


def base256(value, width):
    return (value % (1 << 8 * width) | 1 << 8 * width - 1).to_bytes(width, "big")
