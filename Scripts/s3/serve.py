"""Runs an S3 server on a free port of loopback until stdin ends, so that it never outlives who started it.

serve.py moto [KEYS]                    moto, its bucket "test" holding this many small objects
serve.py rclone DIRECTORY [OPTIONS...]  rclone on a directory, whose folders are buckets

Prints the port, alone on a line.
"""
import os, re, signal, subprocess, sys


def moto(keys=0):
    import logging
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    from moto.server import ThreadedMotoServer
    from moto.s3.models import s3_backends
    from moto.core import DEFAULT_ACCOUNT_ID
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    backend.create_bucket("test", "us-east-1")
    for number in range(int(keys)):
        backend.put_object("test", f"objects/{number:06} +&é.json", b"x")
    print(server.get_host_and_port()[1], flush=True)
    sys.stdin.read()
    os._exit(0)  # without waiting for connections that are kept open


def rclone(directory, *options):
    program = os.path.join(os.path.dirname(sys.executable), "rclone")
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": directory, "RCLONE_CONFIG": "/dev/null"}
    server = subprocess.Popen(
        [program, "serve", "s3", "--addr", "127.0.0.1:0", "--auth-key", "AKIATEST,secret/of+test", "--vfs-cache-mode", "off",
         "--dir-cache-time", "0s", "--buffer-size", "0", *options, directory],
        stderr=subprocess.PIPE, text=True, env=environment)
    try:
        for line in server.stderr:
            if port := re.search(r"https?://127\.0\.0\.1:(\d+)/", line):
                print(port.group(1), flush=True)
                break
            sys.stderr.write(line)
        # Nobody may be left to read what it says: let it say it to nobody.
        import threading
        threading.Thread(target=lambda: [None for _ in server.stderr], daemon=True).start()
        sys.stdin.read()
    finally:
        server.kill()
        server.wait()


{"moto": moto, "rclone": rclone}[sys.argv[1]](*sys.argv[2:])
