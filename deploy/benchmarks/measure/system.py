"""a complete system: start, one job, many jobs, requests, memory"""

import time

from measure import jobs, load, noise
from measure.gateway import request_body
from measure.options import add_system, count
from measure.running_system import RunningSystem

# A tile of this side is as large as a photo that a model makes, and cannot be compressed. The images of the test card can, to a few kilobytes.
PHOTO_SIDE = 1_024


def add_arguments(command):
    add_system(command)
    command.add_argument("--jobs", type=count(1, 1_000_000), default=2_000, help="jobs that are created on 16 connections")
    command.add_argument("--single-jobs", metavar="JOBS", type=count(1, 100_000), default=200, help="jobs that are created one after the other")
    command.add_argument("--seconds", type=count(1, 600), default=5, help="how long each kind of request is repeated")
    command.add_argument("--load", choices=(load.OWN, load.WRK), default=load.default_generator(), help="what repeats requests: processes of this program, or wrk")


def measure(arguments, report):
    with RunningSystem(arguments, arguments.slots) as system:
        seconds, gateway = system.start()
        report.add("start until ready", seconds, "s")
        began = time.monotonic()
        gateway.generate("the first card")
        report.add("start until the first image", seconds + time.monotonic() - began, "s")
        jobs.warm_up(system, gateway, arguments.warm_up)
        _measure_single_jobs(gateway, arguments.single_jobs, report)
        throughput, ids = jobs.run_jobs(system, gateway, arguments.jobs)
        throughput.add_to(report)
        _measure_reading(system, gateway, ids[0], arguments, report)
        report.add("memory (PSS) of all processes", system.processes().memory_mib(), "MiB")
        _measure_accepting(system, gateway, arguments, report)


def _measure_single_jobs(gateway, number, report):
    accepted = []
    ended = []
    for index in range(number):
        began = time.perf_counter()
        id = gateway.submit(f"a single card {index}")
        accepted.append((time.perf_counter() - began) * 1_000)
        gateway.await_end(id, 60)
        ended.append((time.perf_counter() - began) * 1_000)
    report.add("one job at a time: accepted, p50", jobs.percentile(accepted, 50), "ms")
    report.add("one job at a time: ended, p50", jobs.percentile(ended, 50), "ms")
    report.add("one job at a time: ended, p99", jobs.percentile(ended, 99), "ms")


def _measure_reading(system, gateway, ended, arguments, report):
    """ended: the id of a job that has ended"""

    def repeat(what, path, connections, with_size=False):
        answered = _repeat(system, "GET", path, None, connections, arguments, what, report)
        if with_size:
            report.add(f"{what}: bytes", answered.megabytes / answered.seconds, "MB/s")

    repeat("status of an ended job, 64 connections", f"/v1/generations/{ended}", 64)
    running = gateway.submit("delay:3600s a job that runs")
    gateway.await_open_jobs(lambda queued, running_jobs: running_jobs == 1, "a job runs", 60)
    repeat("status of a running job, 64 connections", f"/v1/generations/{running}", 64)
    gateway.cancel(running)
    gateway.await_open_jobs(lambda queued, running_jobs: running_jobs == 0, "the job is canceled", 60)
    repeat("image of 64 x 64, 16 connections", f"/v1/generations/{ended}/images/0", 16)
    photo = gateway.await_end(gateway.split(noise.png(2 * PHOTO_SIDE), "2x2"), 120)
    repeat(f"image of {photo['images'][0]['bytes'] / 1e6:.1f} MB, 16 connections", f"/v1/generations/{photo['id']}/images/0", 16, with_size=True)


def _measure_accepting(system, gateway, arguments, report):
    """Last, because it leaves tens of thousands of jobs in the queue: all slots are held, so none of them is run."""
    gateway.hold_slots(system.slots)
    _repeat(system, "POST", "/v1/generations", request_body("a card that waits"), 64, arguments, "accepting while no job is run, 64 connections", report)


def _repeat(system, method, path, body, connections, arguments, what, report):
    processor = system.processes().processor_seconds()
    answered = load.of_duration(arguments.load, system.port, method, path, body, connections, arguments.seconds)
    used = system.processes().processor_seconds() - processor
    report.add(what, answered.responses / answered.seconds, "1/s")
    # The warm-up has used a part of it.
    share = arguments.seconds / (arguments.seconds + load.WARM_UP_SECONDS)
    report.add(f"{what}: processor time", used * share / answered.responses * 1_000, "ms")
    return answered
