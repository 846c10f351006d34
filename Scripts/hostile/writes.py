"""Reads a log of strace and tells which calls that change the file system named a place outside of a directory.

    writes.py LOG DIRECTORY        prints them, and exits 1 if there are any; prints how many stayed inside
"""
import os
import re
import sys

log, allowed = sys.argv[1], os.path.realpath(sys.argv[2])
changing = ("mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat",
            "symlink", "symlinkat", "mknod", "mknodat", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat",
            "lchown", "utimensat", "utime", "utimes", "truncate", "ftruncate", "setxattr", "lsetxattr", "fsetxattr",
            "removexattr", "creat", "mount", "umount2", "bind", "fallocate", "copy_file_range")
inside = outside = 0
for line in open(log, errors="replace"):
    found = re.match(r"(?:\d+ +)?(?:\[pid +\d+\] )?(\w+)\((.*)", line)
    if not found:
        continue
    call, rest = found.groups()
    if call in ("open", "openat", "openat2"):
        if not re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", rest):
            continue
        if re.search(r'"/dev/(null|tty)"', rest):
            continue
    elif call not in changing:
        continue
    # A path relative to a descriptor stands behind its decoded path: 7</out>, "bin".
    places = []
    pending = None
    text = rest.rsplit(" = ", 1)[0]
    for part in re.finditer(r'(?:AT_FDCWD|\d+)<((?:[^>\\]|\\.)*)>|"((?:[^"\\]|\\.)*)"', text):
        if part.group(1) is not None:
            if pending is not None:
                places.append(pending)
            pending = part.group(1)
        else:
            path = part.group(2)
            if call in ("symlink", "symlinkat") and not places and pending is None:
                continue  # the target, which is only a text
            places.append(path if path.startswith("/") else os.path.join(pending or "/?", path))
            pending = None
            if call.endswith("xattr"):
                break  # the attribute's name follows
    if pending is not None:
        places.append(pending)
    for place in places:
        place = re.sub(r"^/proc/self/fd/\d+<(.*)>$", r"\1", place)
        if place.startswith("/proc/self/fd/") or os.path.normpath(place).startswith(allowed):
            inside += 1
        else:
            outside += 1
            print(f"outside: {line.strip()[:300]}")
    if "EROFS" in line:
        outside += 1
        print(f"refused by the read-only file system: {line.strip()[:300]}")
print(f"{inside} changes inside of {allowed}, {outside} outside")
sys.exit(1 if outside else 0)
