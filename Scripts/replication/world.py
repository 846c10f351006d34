"""An S3 server, a repository, and config servers over one bucket, each with a store and a datacenter of its own."""
import hashlib, http.client, json, os, random, subprocess, tempfile, time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
token = "a-token-for-measuring"
environment = {**os.environ, "AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "secret/of+test",
               "no_proxy": "127.0.0.1", "GIT_CONFIG_GLOBAL": "/dev/null"}


class Failed(Exception):
    pass


class Package:
    """A package of one file of noise, which nothing compresses."""

    def __init__(self, folder, version, size, rollerctl):
        tree = f"{folder}/tree-{version}"
        os.makedirs(f"{tree}/bin")
        with open(f"{tree}/bin/noise", "wb") as file:
            for left in range(size, 0, -(1 << 20)):
                file.write(random.randbytes(min(left, 1 << 20)))
        done = subprocess.run([rollerctl, "package", "build", tree, "--name", "noise", "--version", version, "--platform",
                               "any", "--level", "1", "--output", folder], capture_output=True, text=True)
        if done.returncode:
            raise Failed(done.stderr)
        subprocess.run(["rm", "-r", tree], check=True)
        self.path = f"/v1/packages/noise/{version}/any"
        self.name = f"noise/{version}/any"
        self.manifest_file = f"{folder}/noise-{version}-any.manifest"
        self.archive_file = f"{folder}/noise-{version}-any.tar.zst"
        self.manifest = open(self.manifest_file, "rb").read()
        self.digest = next(line.split(b"sha256:")[1].decode() for line in self.manifest.splitlines()
                           if line.startswith(b"archive:"))
        self.size = os.path.getsize(self.archive_file)


class Server:
    """One config server."""

    def __init__(self, world, number):
        self.world, self.datacenter, self.folder = world, f"dc{number}", f"{world.folder}/server{number}"
        os.makedirs(self.folder)
        self.process = None

    def start(self, *more):
        port_file = f"{self.folder}/port"
        if os.path.exists(port_file):
            os.remove(port_file)
        world = self.world
        self.process = subprocess.Popen(
            [world.program, "--repository", f"{world.folder}/config", "--store", f"{self.folder}/store", "--listen",
             "127.0.0.1:0", "--port-file", port_file, "--tokens", f"{world.folder}/tokens", "--bucket", "s3://test/shared",
             "--datacenter", self.datacenter, "--bucket-endpoint", f"http://127.0.0.1:{world.s3}",
             *([] if world.kind == "moto" else ["--accept-unconditional-bucket"]), *more],
            stdout=subprocess.DEVNULL, stderr=open(f"{self.folder}/log", "a"), env=environment)
        end = time.monotonic() + 60
        while not (os.path.exists(port_file) and open(port_file).read().strip()):
            if self.process.poll() is not None or time.monotonic() > end:
                raise Failed("the server does not start: " + open(f"{self.folder}/log").read()[-2000:])
            time.sleep(0.005)
        self.port = int(open(port_file).read())

    def ask(self, method, path, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def replication(self, package):
        status, body = self.ask("GET", f"/v1/replication?package={package.name}&format=json")
        if status != 200:
            raise Failed(f"/v1/replication: {status} {body[:300]}")
        found = json.loads(body)["packages"]
        return found[0]["datacenters"] if found else {}

    def has(self, package):
        """Whether the package is visible. What is visible must be whole."""
        status, manifest = self.ask("GET", f"{package.path}/manifest")
        if status in (404, 503):
            return False
        if status != 200 or manifest != package.manifest:
            raise Failed(f"{self.datacenter} answers {status} for the manifest of {package.name}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET", f"{package.path}/archive")
            answer = connection.getresponse()
            digest = hashlib.sha256()
            while piece := answer.read(1 << 20):
                digest.update(piece)
            # One that was cut off, as by a kill, raises before it comes to this.
            if answer.length:
                raise http.client.IncompleteRead(b"", answer.length)
            if answer.status != 200 or digest.hexdigest() != package.digest:
                raise Failed(f"{self.datacenter} shows {package.name}, and its archive is {answer.status}, other bytes")
            return True
        finally:
            connection.close()

    def kill(self):
        self.process.kill()
        self.process.wait()


class World:
    def __init__(self, kind="moto", servers=6, program=None, rollerctl=None, own=None):
        self.kind = kind
        self.program = program or f"{root}/.build/debug/roller-config-server"
        self.rollerctl = rollerctl or f"{root}/.build/debug/rollerctl"
        self.own = None if own else tempfile.TemporaryDirectory(prefix="replication-")
        self.folder = own or self.own.name
        os.makedirs(f"{self.folder}/bucket/test")
        os.makedirs(f"{self.folder}/config")
        for name, text in {"roller.yml": "format: 1\n", "datacenters/dc1.yml": "platform: debian-12-x86_64\n"}.items():
            os.makedirs(os.path.dirname(f"{self.folder}/config/{name}"), exist_ok=True)
            open(f"{self.folder}/config/{name}", "w").write(text)
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "first"]):
            subprocess.run(["git", "-C", f"{self.folder}/config", "-c", "user.name=b", "-c", "user.email=b@example.com",
                            *command], check=True, env=environment)
        digest = hashlib.sha256(token.encode()).hexdigest()
        with open(os.open(f"{self.folder}/tokens", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(f"publish sha256:{digest} the script\n")
        self.start_bucket()
        self.servers = [Server(self, number) for number in range(1, servers + 1)]

    def start_bucket(self):
        python = f"{root}/.build-s3/venv/bin/python"
        if not os.path.exists(python):
            raise Failed("no S3 server is installed: Scripts/s3-servers")
        # Without a directory cache rclone spends its time forgetting directories, once several ask at a time.
        more = [f"{self.folder}/bucket", "--dir-cache-time", "1h"] if self.kind == "rclone" else []
        # It ends when its input does, which is when this program ends, however that happens.
        self.service = subprocess.Popen([python, f"{root}/Scripts/s3/serve.py", self.kind, *more], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.s3 = int(self.service.stdout.readline())

    def publish(self, package, server, *more):
        """Publishes by the real program; its output."""
        done = subprocess.run(
            [self.rollerctl, "package", "publish", package.manifest_file, "--server", f"http://127.0.0.1:{server.port}",
             *more], capture_output=True, text=True, env={**environment, "ROLLER_TOKEN": token})
        if done.returncode:
            raise Failed(f"publish: {done.stderr}")
        return done.stdout + done.stderr

    def close(self):
        for server in self.servers:
            if server.process and server.process.poll() is None:
                server.kill()
        self.service.stdin.close()
        self.service.wait()
        if self.own:
            self.own.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
