"""Load on the gateway: as many requests as it answers, on a number of connections that stay open."""

import collections
import multiprocessing
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from measure.failure import MeasurementFailed

CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
SILENCE_LIMIT = 30
WARM_UP_SECONDS = 1
OWN = "own"
WRK = "wrk"

Load = collections.namedtuple("Load", "responses seconds megabytes bodies")
Load.__doc__ = """What was answered.

responses: their number
seconds: from the first request to the last response
megabytes: of all bodies, in 10^6 bytes
bodies: the bodies, if they were to be kept
"""


def request(method, path, body=None):
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + (body or b"")


def of_duration(generator, port, method, path, body, connections, seconds):
    """Repeats one request for so many seconds, after a second that does not count.

    generator: OWN or WRK
    """
    for duration in (WARM_UP_SECONDS, seconds):
        if generator == WRK:
            answered = _wrk(port, method, path, body, connections, duration)
        else:
            answered = _processes(port, request(method, path, body), connections, duration)
    return answered


def default_generator():
    """wrk, where it is installed, because it takes less of the processor than processes of this program."""
    return WRK if shutil.which(WRK) else OWN


def of_count(port, requests, connections):
    """Sends each of the requests once, and keeps the bodies of the responses."""
    return _Loop(port, connections).run(iter(requests), None, keep=True)


def _wrk(port, method, path, body, connections, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f'wrk.method = "{method}"\n')
        if body is not None:
            script.write(f'wrk.headers["Content-Type"] = "application/json"\nwrk.body = [[{body.decode()}]]\n')
        script.flush()
        command = [WRK, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", script.name, f"http://127.0.0.1:{port}{path}"]
        result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    total = re.search(r"(\d+) requests in ([\d.]+)(s|m), ([\d.]+)(B|KB|MB|GB) read", result.stdout)
    if result.returncode != 0 or total is None or re.search(r"Non-2xx|Socket errors", result.stdout):
        raise MeasurementFailed(f"{' '.join(command)}: {result.stdout.strip()}")
    elapsed = float(total[2]) * (60 if total[3] == "m" else 1)
    return Load(int(total[1]), elapsed, float(total[4]) * 1024 ** ["B", "KB", "MB", "GB"].index(total[5]) / 1e6, [])


def _processes(port, repeated, connections, seconds):
    """One process takes at most as many requests as one core; the system needs the others."""
    processes = max(1, min(connections, os.cpu_count() // 2))
    context = multiprocessing.get_context("fork")
    shares = [connections // processes + (number < connections % processes) for number in range(processes)]
    with context.Pool(processes, _ignore_signals) as pool:
        loads = pool.starmap(_repeat, [(port, repeated, share, seconds) for share in shares])
    return Load(sum(load.responses for load in loads), max(load.seconds for load in loads), sum(load.megabytes for load in loads), [])


def _ignore_signals():
    """The parent stops them; its own reactions to signals are not theirs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _repeat(port, repeated, connections, seconds):
    def requests():
        while True:
            yield repeated

    return _Loop(port, connections).run(requests(), seconds, keep=False)


class _Loop:
    """Sends requests on many connections from one thread; each connection has one request at a time."""

    def __init__(self, port, connections):
        self.port = port
        self.connections = connections
        self.buffer = memoryview(bytearray(1 << 18))

    def run(self, requests, seconds, keep):
        """seconds: after which no request is sent any more; None for no limit but that of the requests"""
        selector = selectors.DefaultSelector()
        bodies = []
        responses = size = 0
        began = time.monotonic()
        end = began + seconds if seconds else None
        for _ in range(self.connections):
            exchange = _Exchange(self.port, keep)
            if exchange.send(requests, end):
                selector.register(exchange.socket, selectors.EVENT_READ, exchange)
            else:
                exchange.socket.close()
        while selector.get_map():
            ready = selector.select(SILENCE_LIMIT)
            if not ready:
                raise MeasurementFailed(f"no response within {SILENCE_LIMIT} s. Look at the logs of the system, which stay with --keep.")
            for key, _ in ready:
                exchange = key.data
                if not exchange.receive(self.buffer):
                    continue
                responses += 1
                size += exchange.length
                if keep:
                    bodies.append(bytes(exchange.body))
                if not exchange.send(requests, end):
                    selector.unregister(exchange.socket)
                    exchange.socket.close()
        selector.close()
        return Load(responses, time.monotonic() - began, size / 1e6, bodies)


class _Exchange:
    """A connection with the response that is being received on it."""

    def __init__(self, port, keep):
        self.socket = socket.create_connection(("127.0.0.1", port), SILENCE_LIMIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.keep = keep
        self.length = 0
        self.missing = 0
        self.head = None
        self.body = bytearray()

    def send(self, requests, end):
        """Sends the next request; false if there is none."""
        following = None if end is not None and time.monotonic() >= end else next(requests, None)
        if following is None:
            return False
        self.head = b""
        self.socket.sendall(following)
        return True

    def receive(self, buffer):
        """Takes what has arrived; true if the response is complete."""
        received = self.socket.recv_into(buffer)
        if received == 0:
            raise MeasurementFailed("the gateway closed a connection in the middle of a response.")
        if self.head is None:
            self.missing -= received
            if self.keep:
                self.body += buffer[:received]
        else:
            self.head += buffer[:received]
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._begin_body(self.head[:end], self.head[end + 4:])
        return self.missing <= 0

    def _begin_body(self, head, begun):
        length = CONTENT_LENGTH.search(head)
        if head[9:10] != b"2" or length is None:
            raise MeasurementFailed(f"a request of the load was answered with\n{(head + begun).decode(errors='replace')[:1_000]}")
        self.length = int(length[1])
        self.missing = self.length - len(begun)
        self.head = None
        if self.keep:
            self.body = bytearray(begun)
