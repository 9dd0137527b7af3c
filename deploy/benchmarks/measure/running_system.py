"""The system under test: ./atelier up with a data folder and ports of its own."""

import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from measure.failure import MeasurementFailed
from measure.gateway import Gateway
from measure.process_tree import ProcessTree

PROJECT = pathlib.Path(__file__).resolve().parents[3]
READY_LIMIT = 900
STOP_LIMIT = 90

# Of a core, by a system without work: heartbeats, polls, commits.
IDLE_SHARE = 0.25

# Below the ports that the kernel takes for outgoing connections.
PORTS = range(20_000, 32_000)
FOREIGN = ("ATELIER_", "IO_ATELIER_", "SPRING_", "LOGGING_", "MODEL", "TEXT2IMAGE_MODEL")


class RunningSystem:
    """Used with `with`: at its end the processes have ended, and the data folder is deleted."""

    def __init__(self, arguments, slots, **settings):
        """settings: environment variables that this measurement needs; those of the command line take precedence"""
        if not pathlib.Path("/proc/self/smaps_rollup").exists():
            raise MeasurementFailed("this machine has no /proc/self/smaps_rollup. Measure on Linux 4.14 or newer.")
        self.keep = arguments.keep
        try:
            self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atelier-benchmark-", dir=arguments.data))
        except OSError as failure:
            raise MeasurementFailed(f"no folder for the data can be made: {failure}. Name another one with --data.") from failure
        http, kafka, s3 = _free_ports(3)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        self.environment.update(
            ATELIER_DATA=str(self.folder / "data"), ATELIER_HTTP_PORT=str(http), ATELIER_KAFKA=f"127.0.0.1:{kafka}", ATELIER_S3=f"http://127.0.0.1:{s3}",
            ATELIER_HAYHOOKS_PORT="off", ATELIER_INTEL_PORT="off", ATELIER_TEST_CARD="true", ATELIER_GENERATOR_SLOTS=str(slots))
        self.environment.update(settings)
        self.environment.update(dict(arguments.set))
        self.port = int(self.environment["ATELIER_HTTP_PORT"])
        self.slots = int(self.environment["ATELIER_GENERATOR_SLOTS"])
        self.log = self.folder / "up.log"
        self.launcher = None

    def __enter__(self):
        # Builds what is missing or outdated, so that the first start is a start and no build.
        built = subprocess.run([PROJECT / "atelier", "--help"], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if built.returncode != 0:
            self._delete()
            raise MeasurementFailed(f"./atelier cannot be built or started:\n{built.stderr[-2_000:]}")
        return self

    def __exit__(self, *failure):
        try:
            self.stop()
        finally:
            self._delete()

    def _delete(self):
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Starts the system, and returns the seconds until it was ready and the gateway."""
        began = time.monotonic()
        with open(self.log, "ab") as log:
            self.launcher = subprocess.Popen(
                [PROJECT / "atelier", "up"], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        gateway = Gateway(self.port)
        while not gateway.is_ready():
            if self.launcher.poll() is not None:
                raise MeasurementFailed(f"the system ended with status {self.launcher.returncode}:\n{self._end_of_log()}")
            if time.monotonic() - began > READY_LIMIT:
                raise MeasurementFailed(f"the system was not ready within {READY_LIMIT} s:\n{self._end_of_log()}")
            time.sleep(0.02)
        return time.monotonic() - began, gateway

    def processes(self):
        return ProcessTree(self.launcher.pid)

    def kill(self):
        """Ends all processes of the system without notice, as kill -9 does."""
        for pid in self.processes().pids():
            _signal(pid, signal.SIGKILL)
        self.launcher.wait()

    def stop(self):
        if self.launcher is None or self.launcher.poll() is not None:
            return
        pids = self.processes().pids()
        _signal(self.launcher.pid, signal.SIGTERM)
        try:
            self.launcher.wait(STOP_LIMIT)
        except BaseException:
            for pid in pids:
                _signal(pid, signal.SIGKILL)
            self.launcher.wait()
            raise

    def await_idle(self, limit):
        """Waits until the system does nothing, so that what it was given before is not counted as a cost of what follows.

        limit: in seconds
        """
        end = time.monotonic() + limit
        while True:
            used = self.processes().processor_seconds()
            time.sleep(1)
            share = self.processes().processor_seconds() - used
            if share < IDLE_SHARE:
                return
            if time.monotonic() > end:
                raise MeasurementFailed(f"the system still uses {share:.0%} of a core after {limit:.0f} s without requests. Measure fewer jobs.")

    def disk_mib(self, part=""):
        """What a part of the data folder takes on the disk."""
        blocks = 0
        for folder, _, files in os.walk(self.folder / "data" / part):
            for name in files:
                try:
                    blocks += os.lstat(os.path.join(folder, name)).st_blocks
                except FileNotFoundError:
                    # Kafka and RocksDB delete files all the time.
                    continue
        return blocks * 512 / 2**20

    def _end_of_log(self):
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:] if self.log.exists() else []
        return "\n".join(lines) + ("" if self.keep else "\nWith --keep its data and logs stay.")


def java():
    """The one that ./atelier takes."""
    home = os.environ.get("JAVA_HOME")
    return f"{home}/bin/java" if home else "java"


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _free_ports(wanted):
    ports = []
    for port in random.sample(PORTS, 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        ports.append(port)
        if len(ports) == wanted:
            return ports
    raise MeasurementFailed("no free ports were found on 127.0.0.1. End other programs that listen there.")
