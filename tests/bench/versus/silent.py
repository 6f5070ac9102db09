"""Clients that connect and say nothing, and how long others wait for answers meanwhile."""
import contextlib
import itertools
import multiprocessing
import os
import select
import socket
import struct
import time

from workloads import query

COUNT = 20_000
HOLDERS = 4  # processes: each may have a part of the descriptors only
PATIENCE = 2  # seconds
PAUSE = 0.002  # between the queries of a client, seconds
SILENT = "127.7.7"  # their network; the others ask from 127.0.0.1
SPOOFED = "198.18.0"  # the network of those that do not even end the handshake
QUESTION = query("mail", "A")  # of the static workload


def by_tcp(port):
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        client.sendall(struct.pack(">H", len(QUESTION)) + QUESTION)
        return client.recv(4096)[2:]


def by_udp(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(PATIENCE)
        client.sendto(QUESTION, ("127.0.0.1", port))
        return client.recv(4096)


def ask(way, port, seconds, result):
    """Asks one query after the other. Milliseconds of each, None for those without an answer."""
    waits, ends = [], time.monotonic() + seconds
    while (began := time.monotonic()) < ends:
        try:
            answered = len(way(port)) >= len(QUESTION)
        except OSError:
            answered = False
        waits.append(1000 * (time.monotonic() - began) if answered else None)
        time.sleep(PAUSE)
    result.send(waits)


def hold(port, count, again):
    """Keeps connections open, without a word. With `again`, one that was closed is opened anew."""
    os.nice(10)
    hosts = itertools.cycle(range(1, 251))
    readiness, clients = select.epoll(), {}

    def connect():
        client = socket.socket()
        client.setblocking(False)
        client.bind((f"{SILENT}.{next(hosts)}", 0))
        client.connect_ex(("127.0.0.1", port))
        clients[client.fileno()] = client
        readiness.register(client, select.EPOLLRDHUP)

    for _ in range(count):
        connect()
    while True:
        for number, _ in readiness.poll():
            readiness.unregister(number)
            clients.pop(number).close()
            if again:
                connect()


def begin_handshakes(port, count):
    """Sends SYN, again and again; the answers to it lead to nobody."""
    os.nice(10)
    source, target = socket.inet_aton(f"{SPOOFED}.0"), socket.inet_aton("127.0.0.1")
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for number in itertools.cycle(range(count)):
            source = source[:3] + bytes([1 + number % 250])
            segment = struct.pack(">HHIIBBHHH", 1024 + number // 250, port, number, 0, 5 << 4, 2, 65535, 0, 0)
            pseudo = source + target + struct.pack(">HH", socket.IPPROTO_TCP, len(segment))
            segment = segment[:16] + struct.pack(">H", checksum(pseudo + segment)) + segment[18:]
            head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(segment), 0, 0, 64, socket.IPPROTO_TCP, 0)
            raw.sendto(head + source + target + segment, ("127.0.0.1", 0))


def checksum(octets):
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


KINDS = {
    "none": [],
    "silent": [(hold, COUNT // HOLDERS, False)] * HOLDERS,
    "silent, opened again when closed": [(hold, COUNT // HOLDERS, True)] * HOLDERS,
    "half open, again and again": [(begin_handshakes, COUNT)],
}


@contextlib.contextmanager
def running(cpu, *calls):
    processes = [multiprocessing.Process(target=on_cpu, args=(cpu, *call), daemon=True) for call in calls]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.join()


def on_cpu(cpu, function, *arguments):
    os.sched_setaffinity(0, {cpu})
    function(*arguments)


def waits_beside(kind, port, seconds, cpu):
    """Waits over TCP and over UDP while such clients arrive, and once they are there."""
    ways = [(way, *multiprocessing.Pipe()) for way in (by_tcp, by_udp)]
    with (running(cpu, *((function, port, *more) for function, *more in KINDS[kind])),
          running(cpu, *((ask, way, port, seconds, sender) for way, _, sender in ways))):
        return {way.__name__[3:]: receiver.recv() for way, receiver, _ in ways}


def p99(waits):
    return sorted(waits)[int(0.99 * (len(waits) - 1))]
