"""avatars beside the time of their provider: one, a batch, and the memory of a large batch

One avatar cannot be faster than its slowest chain of calls: the prompts or the base image, whatever ends later, and then the grids, all at the same time. What is measured
beyond that is the system's. The provider is the scripted one of deploy/avatar-sample, on the same machine."""

import datetime
import itertools
import json
import math
import statistics
import time

from measure import provider
from measure.failure import MeasurementFailed
from measure.gateway import OPEN
from measure.options import add_system, count
from measure.running_system import RunningSystem

BATCH = 10
WORKER_LIMIT = 120
POLL_INTERVAL = 0.02

# Ended avatars of the large batch at which memory is measured, beside all of them.
MEASURED_AT = (50, 150)


def add_arguments(command):
    add_system(command, slots=4, warm_up=5)
    command.add_argument("--repetitions", metavar="COUNT", type=count(1, 100), default=5, help="how often one avatar is made; the median counts")
    command.add_argument("--images", type=count(4, 20), default=8, help="images of an avatar: 4, 8, 12, 16 or 20")
    for name, default in (("prompt", 2_000), ("base", 2_000), ("grid", 3_000)):
        command.add_argument(f"--{name}", metavar="MS", type=count(0, 600_000), default=default, help=f"how long the provider takes for a {name}")
    command.add_argument("--side", metavar="PIXELS", type=count(64, 2_048), default=1_024, help="side of its images, a multiple of 64")
    command.add_argument("--personas", metavar="COUNT", type=count(0, 300), default=300, help="personas of the large batch, in a system of its own; 0 for none")
    command.add_argument("--engine", metavar="MS", type=count(0, 60_000), default=100, help="how long the provider takes for each call of the large batch")
    command.add_argument("--concurrency", type=count(1, 50), default=3, help="avatars of a batch that are made at a time")
    command.add_argument("--offline", action="store_true", help="let Maven use only what it has downloaded before")


def measure(arguments, report):
    provider.build(arguments.offline)
    with provider.Provider(arguments.prompt, arguments.base, arguments.grid, arguments.side) as stub:
        with RunningSystem(arguments, arguments.slots, **stub.settings()) as system:
            avatars = Avatars(system.start()[1])
            avatars.warm_up(arguments.warm_up)
            _measure_one(avatars, arguments, report)
            _measure_batch(avatars, arguments, report)
    if arguments.personas:
        with provider.Provider(arguments.engine, arguments.engine, arguments.engine, arguments.side) as stub:
            with RunningSystem(arguments, arguments.slots, **stub.settings()) as system:
                avatars = Avatars(system.start()[1])
                avatars.warm_up(arguments.warm_up)
                _measure_many(system, avatars, arguments, report)


class Avatars:
    """Creates avatars, each of a persona of its own."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.numbers = itertools.count()

    def warm_up(self, number):
        end = time.monotonic() + WORKER_LIMIT
        body = json.dumps({"persona": self.persona()}).encode()
        # Avatars are refused until a worker has reported its engines.
        while (answer := self.gateway.exchange("POST", "/v1/avatars", body))[0] != 202:
            if time.monotonic() > end:
                raise MeasurementFailed(f"no avatar was accepted within {WORKER_LIMIT} s: {answer[1].decode(errors='replace')[:500]}")
            time.sleep(0.2)
        self.gateway.await_end(json.loads(answer[1])["id"], WORKER_LIMIT)
        if number:
            self.await_batch(self.create_batch(number, 3))

    def persona(self):
        number = next(self.numbers)
        texts = dict.fromkeys(("bio_instagram", "bio_x", "bio_tiktok"), "")
        return {"id": f"p{number}", "firstname": "Ada", "lastname": "Miller", "gender": "f", "bio_facebook": f"Collects stamp {number}, and bakes.", **texts}

    def make(self, **members):
        """Makes one avatar, and returns the seconds from its request until its end is shown, and the avatar."""
        began = time.monotonic()
        id = self.gateway.call("POST", "/v1/avatars", json.dumps({"persona": self.persona(), **members}).encode())["id"]
        avatar = self.gateway.await_end(id, 3_600, POLL_INTERVAL)
        return time.monotonic() - began, avatar

    def create_batch(self, number, concurrency, **members):
        """Creates a batch, and returns its path."""
        body = {"personas": [self.persona() for _ in range(number)], "concurrency": concurrency, **members}
        return self.gateway.call("POST", "/v1/avatar-batches", json.dumps(body).encode())["urls"]["self"]

    def await_batch(self, path, ended=None, interval=POLL_INTERVAL):
        """Waits until so many avatars of a batch have ended, or all of them, and returns how many have."""
        while True:
            batch = self.gateway.call("GET", path)
            finished = sum(number for status, number in batch["counts"].items() if status not in OPEN)
            if batch["counts"].get("succeeded", 0) != finished:
                raise MeasurementFailed(f"an avatar of {path} failed: {batch['counts']}. Look at the logs of the system, which stay with --keep.")
            if batch["terminal"] or (ended and finished >= ended):
                return finished
            time.sleep(interval)


def _measure_one(avatars, arguments, report):
    grids = arguments.images // 4
    for distinct in (False, True):
        prompts = arguments.prompt * (grids if distinct else 1)
        least = (max(prompts, arguments.base) + arguments.grid) / 1_000
        case = f"{arguments.images} images" + (f", {grids} prompts" if distinct else "")
        made = [avatars.make(images=arguments.images, distinct_prompts=distinct) for _ in range(arguments.repetitions)]
        _add(report, case, [seconds for seconds, _ in made], least)
        if not distinct:
            for stage in (stage["stage"] for stage in made[0][1]["stages"]):
                report.add(f"stage {stage}", statistics.median(_seconds(avatar, stage) for _, avatar in made), "s", case)


def _measure_batch(avatars, arguments, report):
    """Avatars of a batch come in turns of as many as are made at a time."""
    turn = (max(arguments.prompt, arguments.base) + arguments.grid) / 1_000
    began = time.monotonic()
    avatars.await_batch(avatars.create_batch(BATCH, arguments.concurrency, images=arguments.images))
    _add(report, f"batch of {BATCH} at {arguments.concurrency}", [time.monotonic() - began], turn * math.ceil(BATCH / arguments.concurrency))


def _add(report, case, seconds, least):
    report.add("makespan, median", statistics.median(seconds), "s", case)
    report.add("makespan, longest", max(seconds), "s", case)
    report.add("the provider's own time", least, "s", case)
    report.add("beyond it, median", statistics.median(seconds) - least, "s", case)


def _seconds(avatar, name):
    stage = next(stage for stage in avatar["stages"] if stage["stage"] == name)
    return (_time(stage["completed_at"]) - _time(stage["started_at"])).total_seconds()


def _time(text):
    # Python 3.9 knows neither Z nor nanoseconds.
    return datetime.datetime.fromisoformat(f"{text[:-1]}.0".split(".")[0] + "." + f"{text[:-1]}.".split(".")[1].ljust(6, "0")[:6])


def _measure_many(system, avatars, arguments, report):
    system.await_idle(60)
    began, processor, ended = time.monotonic(), system.processes().processor_seconds(), 0
    path = avatars.create_batch(arguments.personas, arguments.concurrency)
    for wanted in sorted({min(number, arguments.personas) for number in (*MEASURED_AT, arguments.personas)}):
        finished = avatars.await_batch(path, wanted, interval=0.25)
        if finished == ended:
            continue
        now, used = time.monotonic(), system.processes().processor_seconds()
        case = f"{wanted} of {arguments.personas} at {arguments.concurrency}"
        report.add("avatars a minute, since the column before", (finished - ended) / (now - began) * 60, "1/min", case)
        report.add("processor time of an avatar", (used - processor) / (finished - ended), "s", case)
        report.add("heap after a collection", system.processes().heap_mib(), "MiB", case)
        report.add("memory (PSS)", system.processes().memory_mib(), "MiB", case)
        for part, name in (("broker", "broker"), ("gateway", "state of the gateway"), ("store", "image store")):
            report.add(f"disk: {name}", system.disk_mib(part), "MiB", case)
        # The collections above took time in which further avatars may have ended.
        ended = avatars.await_batch(path, finished)
        began, processor = time.monotonic(), system.processes().processor_seconds()
