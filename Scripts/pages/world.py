"""Makes a config repository that has something for every page to show, and serves it: two datacenters, four classes with
several releases, hundreds of hosts, people, packages, texts that try to break out of a page, and a commit that is refused."""

import os
import pathlib
import signal
import subprocess
import time
import urllib.error

HOSTILE = "<script>alert(1)</script>"
OTHERS = ["\"><img src=x onerror=alert(2)>", "' onmouseover='alert(3)", "\u202egnp.exe\u202c", "שלום עולם", "a&amp;b {{workers}}"]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILZ2Vr82WjGpZk5Wr2ZmqF0sPLYR2SmUTdW/sd/oEuu4"


class World:
    def __init__(self, folder: pathlib.Path, programs: pathlib.Path, demo: pathlib.Path, hosts: int):
        self.folder, self.programs, self.demo, self.hosts = folder, programs, demo, hosts
        self.repo, self.bare = folder / "config", folder / "config.git"
        self.clock = 1_790_000_000
        self.environment = {
            "PATH": f"{programs}:/usr/bin:/bin", "HOME": str(folder), "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_COMMITTER_NAME": "Bob Builder", "GIT_COMMITTER_EMAIL": "bob@example.com",
            "no_proxy": "127.0.0.1", "LC_ALL": "C.UTF-8",
        }
        self.server = None

    def run(self, *command: str, author: str = "Ann Example") -> str:
        self.clock += 1
        environment = self.environment | {
            "GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": "ann@example.com",
            "GIT_AUTHOR_DATE": f"{self.clock} +0000", "GIT_COMMITTER_DATE": f"{self.clock} +0000",
        }
        done = subprocess.run(command, cwd=self.repo, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"error: {' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        place = self.repo / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def commit(self, message: str, author: str = "Ann Example") -> str:
        self.clock += 7200
        self.run("git", "add", "--all")
        self.run("git", "commit", "-qm", message, author=author)
        return self.run("git", "rev-parse", "HEAD")

    def release(self, hostclass: str, name: str, message: str) -> str:
        self.run("git", "tag", "-a", f"{hostclass}@{name}", "-m", message)
        return f"{hostclass}@{name}"

    def host(self, number: int, hostclass: str, release: str, extra: str = "") -> None:
        datacenter = ["snc1", "ams1"][number % 2]
        self.write(
            f"hosts/{hostclass}-{number:03}.{datacenter}.example.com.yml",
            f"hostclass: {release}\ndatacenter: {datacenter}\n{extra}")

    def package(self, name: str, version: str, files: dict[str, str]) -> None:
        tree = self.folder / "trees" / f"{name}-{version}"
        for path, text in files.items():
            place = tree / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        self.run("rollerctl", "package", "build", str(tree), "--name", name, "--version", version, "--platform",
                 "debian-12-x86_64", "--output", str(self.folder / "packages"))

    def start(self) -> str:
        port = self.folder / "port"
        port.unlink(missing_ok=True)
        tokens = subprocess.run(
            [str(self.programs / "rollerctl"), "token", "new", "publish"], capture_output=True, text=True, check=True)
        (self.folder / "token").write_text(tokens.stdout)
        (self.folder / "token").chmod(0o600)
        (self.folder / "tokens").write_text(tokens.stderr)
        log = open(self.folder / "server.log", "w")
        self.server = subprocess.Popen(
            [str(self.programs / "roller-config-server"), "--repository", str(self.bare), "--store",
             str(self.folder / "store"), "--tokens", str(self.folder / "tokens"), "--listen", "127.0.0.1:0", "--port-file",
             str(port), "--poll", "200ms", "--receipts", str(self.folder / "receipts"), "--allow-local-receipts"], stdout=log, stderr=log)
        for _ in range(400):
            if port.exists() and port.read_text().strip():
                return f"http://127.0.0.1:{port.read_text().strip()}"
            if self.server.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit(f"error: the server does not listen; see {self.folder / 'server.log'}")

    def stop(self) -> None:
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(timeout=30)

    def push(self) -> None:
        self.run("git", "push", "-q", "--follow-tags", "origin", "main")

    def make(self) -> str:
        """Everything up to the last good commit. Returns the server's address."""
        subprocess.run(["cp", "-R", f"{self.demo}/.", str(self.repo)], check=True)
        for host in (self.repo / "hosts").iterdir():
            host.unlink()
        self.run("git", "init", "-q", "-b", "main")
        (self.folder / "packages").mkdir()
        for version in ["1.35.0", "1.36.1"]:
            self.package("busybox", version, {"bin/busybox": f"busybox {version}\n", "share/doc/busybox": "words\n"})
        self.package("jq", "1.6", {"bin/jq": "jq\n", f"share/{HOSTILE[1:7]} & 'co'/\u05e9.txt": "odd\n"})
        self.package("tree", "2.1.0", {"bin/tree": "tree\n", **{f"share/tree/{n:04}": str(n) for n in range(230)}})
        self.people()
        self.odd_class()
        self.commit("Two datacenters and four classes")
        subprocess.run(["git", "clone", "-q", "--bare", str(self.repo), str(self.bare)], check=True)
        self.run("git", "remote", "add", "origin", str(self.bare))
        server = self.start()
        manifests = sorted(str(path) for path in (self.folder / "packages").glob("*.manifest"))
        self.run("rollerctl", "package", "publish", "--server", server, "--token-file", str(self.folder / "token"), *manifests)
        self.run("rollerctl", "lock", "--server", server)
        self.commit("Lock the packages")
        self.releases()
        self.push()
        self.wait(server, self.run("git", "rev-parse", "HEAD"))
        return server

    def people(self) -> None:
        self.write("users/bob.yml", "uid: 2102\nname: Bob Builder\nstate: gone\n")
        self.write("users/eve.yml", f'uid: 2103\nname: "{HOSTILE}"\nshell: /bin/bash\n')
        self.write("users/dan.yml", f'uid: 2104\nname: "{OTHERS[3]} \\u202e"\n')
        self.write("groups/web-team.yml", "gid: 2002\nmembers: [ann, eve, dan]\n")
        web = (self.repo / "hostclasses/web.yml").read_text()
        self.write("hostclasses/web.yml", web.replace("login: [ops]", "login: [ops, web-team]"))

    def odd_class(self) -> None:
        import json
        values = {f"text{n}": text for n, text in enumerate([HOSTILE] + OTHERS)}
        lines = "".join(f"  {key}: {json.dumps(text)}\n" for key, text in values.items())
        # A value of several lines, and a nested one.
        lines += '  banner: "first <b>line</b>\\nsecond & line\\n"\n'
        lines += '  upstreams: [{name: "<one>", port: 1}, {name: "two\\"", port: 2}]\n'
        self.write("hostclasses/odd.yml", f"# {HOSTILE}\nsettings:\n{lines}access: {{login: [web-team]}}\n")
        template = "# <i>template</i> & {{roller.host}}\n" + "".join(f"{key} = {{{{{key}}}}}\n" for key in values)
        template += "{{#upstreams}}\nserver {{name}}:{{port}};\n{{/upstreams}}\n{{banner}}\n"
        self.write("files/odd/etc/odd.conf.mustache", template)
        self.write(f"files/odd/share/{OTHERS[1]}", "a name with a quote\n")
        self.write("files/odd/share/<b>.html", f"<!doctype html>{HOSTILE}\n")
        self.write("files/odd/share/שלום", "right to left\n")
        (self.repo / "files/odd/share/bytes").write_bytes(bytes(range(256)))
        self.write("files/odd/share/long", "".join(f"line {n} " + "x" * 150 + "\n" for n in range(2500)))

    def releases(self) -> None:
        ones = {name: self.release(name, "2026.10.01-1", f"The first release of {name}") for name in ["web", "batch", "bastion", "odd"]}
        for number in range(1, self.hosts + 1):
            self.host(number, "web", ones["web"], "settings: {port: 8089}\n" if number % 9 == 0 else "")
        for number in range(1, 31):
            self.host(number, "batch", ones["batch"])
        for number in range(1, 4):
            self.host(number, "bastion", ones["bastion"])
        self.host(1, "odd", ones["odd"], f"settings: {{text0: '{HOSTILE} & own'}}\n")
        self.host(2, "odd", ones["odd"])
        self.commit("Many hosts")
        web = (self.repo / "hostclasses/web.yml").read_text()
        self.write("hostclasses/web.yml", web.replace("motto: Every change is a commit.", "motto: Every change can be taken back."))
        page = self.repo / "files/web/share/www/index.html.mustache"
        page.write_text(page.read_text() + "<!-- the second release -->\n")
        self.commit(f"Say something else {HOSTILE}\n\nWith a longer explanation: {OTHERS[0]}\nand a second line.\n", author=HOSTILE)
        two = self.release("web", "2026.11.12-1", f"{HOSTILE} the second release")
        for number in range(1, self.hosts // 3):
            self.host(number, "web", two, "settings: {port: 8089}\n" if number % 9 == 0 else "")
        self.commit(f"A third of the web servers take {two}")
        web = (self.repo / "hostclasses/web.yml").read_text()
        self.write("hostclasses/web.yml", web.replace("busybox: 1.35.0", "busybox: 1.36.1"))
        self.write("files/web/etc/extra.conf", "extra = yes\n")
        (self.repo / "files/web/libexec/web.mustache").chmod(0o755)
        self.run("rollerctl", "lock", "--manifests", str(self.folder / "packages"))
        self.commit("Take the new busybox")
        three = self.release("web", "2026.11.22-1", "The third release")
        for number in range(1, 6):
            self.host(number, "web", three)
        self.commit(f"Canaries for {three}")
        snc1 = (self.repo / "datacenters/snc1.yml").read_text()
        self.write("datacenters/snc1.yml", snc1.replace("Hello from Santa Clara", "Hello again"))
        self.write("groups/web-team.yml", "gid: 2002\nmembers: [eve, dan]\n")
        self.commit("Another greeting in Santa Clara; Ann leaves the web team")
        for number in range(self.hosts - 20, self.hosts):
            self.host(number, "web", ones["web"], f"settings: {{port: {9000 + number}}}\n")
        self.commit("Twenty hosts with ports of their own")

    def receipts(self, server: str) -> None:
        """What hosts say of their rolls: most are converged, some behind, failed, rolled back, held or silent."""
        import json
        import urllib.request
        for number, path in enumerate(sorted((self.repo / "hosts").iterdir())):
            name = path.stem
            release = path.read_text().split("\n")[0].split(": ")[1]
            if number % 17 == 16:
                continue
            with urllib.request.urlopen(f"{server}/v1/hosts/{name}/bundle") as answer:
                digest = answer.headers["Roller-Bundle-Digest"]
            rolls = [{"exit": 0, "applied": release, "bundle": digest, "changed": True}]
            if number % 11 == 3:
                rolls = [{"exit": 0, "applied": "web@2026.10.01-1", "bundle": "sha256:" + "0" * 64, "changed": True}]
            elif number % 23 == 5:
                rolls.append({"exit": 14, "applied": release, "bundle": digest, "changed": False,
                              "failure": f"the check of 'web' failed: {HOSTILE} {OTHERS[2]}"})
            elif number % 29 == 7:
                rolls.append({"exit": 12, "applied": release, "bundle": digest, "changed": False, "failure": "the digest differs"})
            elif number % 31 == 9:
                rolls[0]["heldReason"] = f"trying {HOSTILE}"
            for count, roll in enumerate(rolls):
                receipt = {"format": 1, "id": f"roll-{number}-{count}", "host": name, "started": self.clock, "milliseconds": 1240 + number,
                           "steps": [], "services": [], "release": release, "from": 1 + count, "to": 2 + count} | roll
                if release.startswith("web") and roll["changed"]:
                    receipt["services"] = [{"name": "web", "action": "restart", "reason": "etc/site.json changed",
                                            "downMilliseconds": 180 + number % 40}]
                request = urllib.request.Request(f"{server}/v1/receipts", json.dumps(receipt).encode(), method="POST")
                try:
                    urllib.request.urlopen(request).read()
                except urllib.error.HTTPError as error:
                    raise SystemExit(f"error: a receipt is refused: {error.read().decode()}")

    def break_it(self, server: str) -> str:
        """A commit that must not be served."""
        self.write("hosts/web-001.ams1.example.com.yml", "hostclass: web@2026.11.22-9\ndatacenter: ams1\n")
        self.write("hosts/odd-003.ams1.example.com.yml", f"hostclass: odd@2026.10.01-1\ndatacenter: ams2\nsettings: {{'{HOSTILE}': 1, texto: no}}\n")
        commit = self.commit(f"A mistake {HOSTILE}")
        self.push()
        self.wait(server, commit, refused=True)
        return commit

    def wait(self, server: str, commit: str, refused: bool = False) -> None:
        import urllib.request
        for _ in range(200):
            try:
                text = urllib.request.urlopen(f"{server}/readyz").read().decode()
            except urllib.error.HTTPError as error:
                text = error.read().decode()
            if commit in text and ("refused" in text) == refused:
                return
            time.sleep(0.05)
        raise SystemExit(f"error: the server did not notice commit {commit}: {text}")
