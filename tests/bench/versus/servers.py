"""The servers that are compared: how each is told to serve a workload with one thread for queries."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

from workloads import CONTINENTS, COUNTRIES, DEFAULT_EDGE, EDGES, ZONE, query

PROGRAMS = {"gdnsd": "gdnsd", "knot": "knotd", "nsd": "nsd"}
PACKAGES = {"gdnsd": "gdnsd", "knot": "knot knot-module-geoip", "nsd": "nsd"}  # of Debian


def isochrone(executable):
    def command(folder, port, work, database):
        databases = ["--database", database] if work.steered and database else []
        if work.limited:
            (folder / "isochrone.json").write_text('{"rate_limit": {"exempt": []}}')
            databases += ["--config", folder / "isochrone.json"]
        return [executable, "serve", "--listen", f"127.0.0.1:{port}", "--workers", "1", "--pin-workers", "--state", folder / "state",
                *databases, work.json]
    return command


def echo(executable):
    return lambda folder, port, work, database: [executable, str(port)]


def gdnsd(folder, port, work, database):
    for name in ("zones", "run", "state"):
        (folder / name).mkdir()
    zone = folder / "zones" / ZONE
    if work.steered:
        zone.write_text(work.master.read_text() + "app 60 DYNA geoip!app\n")
    else:
        zone.symlink_to(work.master)
    (folder / "config").write_text(
        f"options => {{ listen => [ 127.0.0.1:{port} ] udp_threads => 1 tcp_threads => 1\n"
        f" run_dir => {folder}/run state_dir => {folder}/state }}\n" + (gdnsd_map(database) if work.steered else ""))
    return ["gdnsd", "-c", folder, "start"]


def gdnsd_map(database):
    rules = [f"default => [{DEFAULT_EDGE}]"]
    for continent, edge in CONTINENTS.items():
        inside = (f"{country} => [{other}]" for (where, country), other in COUNTRIES.items() if where == continent)
        rules.append(f"{continent} => {{ default => [{edge}] {' '.join(inside)} }}")
    addresses = (f"{name} => {{ addrs_v4 => {{ a => {v4} }} addrs_v6 => {{ a => {v6} }} }}"
                 for name, (v4, v6) in EDGES.items())
    names = ", ".join(sorted(EDGES, key=lambda name: name != DEFAULT_EDGE))
    return ("plugins => { geoip => {\n maps => { world => {\n"
            f"  geoip2_db => {database}\n  datacenters => [{names}]\n  map => {{ {' '.join(rules)} }} }} }}\n"
            " resources => { app => { map => world service_types => up\n"
            f"  dcmap => {{ {' '.join(addresses)} }} }} }}\n}} }}\n")


def knot(folder, port, work, database):
    rules = ""
    if work.steered:
        places = [(f"{code};*", edge) for code, edge in CONTINENTS.items()]
        places += [(f"{continent};{country}", edge) for (continent, country), edge in COUNTRIES.items()]
        (folder / "geo.conf").write_text(f"app.{ZONE}:\n" + "".join(
            f'  - geo: "{place}"\n    A: {EDGES[edge][0]}\n    AAAA: {EDGES[edge][1]}\n' for place, edge in places))
        rules = (f"mod-geoip:\n  - id: app\n    config-file: {folder}/geo.conf\n    ttl: 60\n    mode: geodb\n"
                 f"    geodb-file: {database}\n    geodb-key: [ continent/code, country/iso_code ]\n")
    if work.limited:
        rules += ("mod-rrl:\n  - id: all\n    rate-limit: 200\n    slip: 2\n"
                  "template:\n  - id: default\n    global-module: mod-rrl/all\n")
    (folder / "knot.conf").write_text(
        f"server:\n    rundir: {folder}\n    listen: 127.0.0.1@{port}\n    udp-workers: 1\n    tcp-workers: 1\n"
        f"    background-workers: 1\n    edns-client-subnet: on\ndatabase:\n    storage: {folder}\n{rules}"
        f"zone:\n  - domain: {ZONE}\n    file: {work.master}\n    journal-content: none\n    zonefile-load: whole\n"
        "    zonefile-sync: -1\n" + ("    module: mod-geoip/app\n" if work.steered else ""))
    return ["knotd", "-c", folder / "knot.conf"]


def nsd(folder, port, work, database):
    (folder / "nsd.conf").write_text(
        f"server:\n ip-address: 127.0.0.1@{port}\n server-count: 1\n reuseport: yes\n username: \"\"\n"
        f" zonesdir: {folder}\n pidfile: {folder}/pid\n xfrdfile: {folder}/xfrd\n"
        f" zonelistfile: {folder}/zones\n database: \"\"\n"
        f" minimal-responses: yes\n round-robin: no\n rrl-ratelimit: {200 if work.limited else 0}\n rrl-slip: 2\n"
        " rrl-whitelist-ratelimit: 0\n tcp-count: 200\n"
        f"remote-control:\n control-enable: no\nzone:\n name: {ZONE}\n zonefile: {work.master}\n")
    return ["nsd", "-d", "-c", folder / "nsd.conf"]


PEERS = {"gdnsd": gdnsd, "knot": knot, "nsd": nsd}


def missing():
    """Peers that are not installed."""
    return [name for name, program in PROGRAMS.items() if not shutil.which(program)]


class Server:
    """A running server, and what it has used."""

    def __init__(self, name, command, folder, work, database=None, cpus="0"):
        self.name, self.folder, self.work = name, folder, work
        self.port = free_port()
        folder.mkdir()
        self.log = folder / "log"
        began = time.monotonic()
        with open(self.log, "wb") as log:
            words = ["taskset", "-c", cpus, *command(folder, self.port, work, database)]
            self.process = subprocess.Popen(list(map(str, words)), stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            while self.serial() is None:
                if self.process.poll() is not None or time.monotonic() - began > 120:
                    raise RuntimeError(f"{name} does not answer; it said: {self.log.read_text().strip()[-500:]}")
        except BaseException:
            self.stop()
            raise
        self.first_answer = time.monotonic() - began

    def serial(self):
        """The serial of the zone that is served; of the echo something, None without an answer."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(0.05)
            try:
                client.connect(("127.0.0.1", self.port))
                client.send(query("@", "SOA"))
                answer = client.recv(4096)
            except OSError:
                time.sleep(0.002)
                return None
        if self.name == "echo":
            return 0
        if answer[3] & 15 != 0 or answer[7] != 1:
            return None
        at = len(query("@", "SOA")) + 10  # behind the question, and the answer's name (a pointer) up to its length
        return int.from_bytes(answer[at + 2:][:int.from_bytes(answer[at:at + 2], "big")][-20:-16], "big")

    def reload(self):
        """Has the zone's file read again, and does not wait for that."""
        if self.name == "gdnsd":
            self.command = subprocess.Popen(["gdnsdctl", "-c", self.folder, "reload-zones"], stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL)
        else:
            self.process.send_signal(signal.SIGUSR1 if self.name == "knot" else signal.SIGHUP)

    def processes(self):
        found, todo = [], [self.process.pid]
        while todo:
            found.append(todo.pop())
            for task in pathlib.Path(f"/proc/{found[-1]}/task").glob("*/children"):
                todo += map(int, task.read_text().split())
        return found

    def used(self):
        """(seconds of CPU, share of it in user space) of all threads so far."""
        ran = user = system = 0
        for process in self.processes():
            fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            user, system = user + int(fields[11]), system + int(fields[12])
            for task in pathlib.Path(f"/proc/{process}/task").glob("*/schedstat"):
                ran += int(task.read_text().split()[0])
        return ran / 1e9, user / os.sysconf("SC_CLK_TCK"), system / os.sysconf("SC_CLK_TCK")

    def private_mb(self):
        total = 0
        for process in self.processes():
            for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                total += int(line.split()[1]) if line.startswith("Pss_Anon:") else 0
        return total / 1024

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port():
    """A port that is free for both protocols."""
    while True:
        with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
            stream.bind(("127.0.0.1", 0))
            try:
                datagram.bind(stream.getsockname())
            except OSError:
                continue
            return stream.getsockname()[1]
