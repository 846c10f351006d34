"""Small tarballs for the fuzzer to begin with: each format, each kind of entry, each compression."""
import gzip, io, os, subprocess, sys, tarfile

folder = sys.argv[1]


def build(format, name):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=format) as tar:
        def add(name, type=tarfile.REGTYPE, body=b"", **fields):
            entry = tarfile.TarInfo(name)
            entry.type, entry.size, entry.mtime = type, len(body), 1
            for key, value in fields.items():
                setattr(entry, key, value)
            tar.addfile(entry, io.BytesIO(body))
        add("d", tarfile.DIRTYPE, mode=0o755)
        add("d/file", body=b"hello\n")
        add("d/" + "long" * 30, body=b"x" * 600)
        add("link", tarfile.SYMTYPE, linkname="d/file")
        add("hard", tarfile.LNKTYPE, linkname="d/file")
        if format == tarfile.PAX_FORMAT:
            add("caf\u00e9", pax_headers={"mtime": "1.5", "SCHILY.xattr.user.note": "hi"})
    open(os.path.join(folder, name), "wb").write(stream.getvalue())
    return stream.getvalue()


for format, name in ((tarfile.USTAR_FORMAT, "ustar"), (tarfile.GNU_FORMAT, "gnu"), (tarfile.PAX_FORMAT, "pax")):
    try:
        bytes = build(format, name)
    except ValueError:  # a name too long for ustar
        continue
open(os.path.join(folder, "gz"), "wb").write(gzip.compress(bytes, mtime=0))
open(os.path.join(folder, "zst"), "wb").write(subprocess.run(["zstd", "-q"], input=bytes, stdout=-1, check=True).stdout)
