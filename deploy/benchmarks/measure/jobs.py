"""Jobs as load: many at a time, and how fast they end."""

import json
import time

from measure import load
from measure.failure import MeasurementFailed
from measure.gateway import request_body

CONNECTIONS = 16
BATCH = 100


class Throughput:
    """Jobs that ended in a time, and the processor time that the system used meanwhile."""

    def __init__(self, jobs, seconds, processor_seconds):
        self.jobs_per_second = jobs / seconds
        self.processor_ms = processor_seconds / jobs * 1_000

    def add_to(self, report, case=""):
        report.add("jobs/s", self.jobs_per_second, "1/s", case)
        report.add("processor time of a job", self.processor_ms, "ms", case)


def run_jobs(system, gateway, number, prompt="a card", limit=1_200):
    """Creates so many jobs on 16 connections, waits until all have ended, and checks that all have succeeded.

    Returns their throughput, from the first request to the end of the last job, and their ids.
    """
    requests = [load.request("POST", "/v1/generations", request_body(f"{prompt} {index}")) for index in range(number)]
    processor = system.processes().processor_seconds()
    began = time.monotonic()
    ids = [json.loads(body)["id"] for body in load.of_count(gateway.port, requests, CONNECTIONS).bodies]
    gateway.await_open_jobs(lambda queued, running: queued + running == 0, f"{number} jobs end", limit)
    seconds = time.monotonic() - began
    throughput = Throughput(number, seconds, system.processes().processor_seconds() - processor)
    check_succeeded(gateway, ids)
    return throughput, ids


def check_succeeded(gateway, ids):
    for id in ids:
        status = gateway.status(id)["status"]
        if status != "succeeded":
            raise MeasurementFailed(f"{id} is {status} although no job was open any more. Look at the logs of the system, which stay with --keep.")


def warm_up(system, gateway, number):
    """The compiler of the JVM, caches and connections need some thousand jobs until a job costs what it costs from then on."""
    if number:
        run_jobs(system, gateway, number)


def create(gateway, number, **members):
    """Creates so many jobs, in batches of 100, and returns the ids of the batches."""
    batches = []
    for first in range(0, number, BATCH):
        prompts = [f"a card {index}" for index in range(first, min(number, first + BATCH))]
        body = json.dumps({"prompts": prompts, "model": "test-card", "size": "64x64", **members}).encode()
        batches.append(gateway.call("POST", "/v1/batches", body)["id"])
    return batches


def percentile(values, share):
    """The smallest of the values that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def milliseconds(repetitions, call):
    """How long each of the repetitions of a call takes; it gets the number of the repetition."""
    times = []
    for number in range(repetitions):
        began = time.perf_counter()
        call(number)
        times.append((time.perf_counter() - began) * 1_000)
    return times
