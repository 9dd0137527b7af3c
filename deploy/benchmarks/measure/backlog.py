"""many waiting jobs: jobs/s and processor time while a worker takes them"""

import time

from measure import jobs
from measure.failure import MeasurementFailed
from measure.options import add_system, count, counts
from measure.running_system import RunningSystem

POLL_INTERVAL = 0.25


def add_arguments(command):
    add_system(command)
    command.add_argument(
        "--jobs", metavar="COUNT,...", type=counts(100, 1_000_000), default=[1_000, 10_000, 100_000],
        help="numbers of waiting jobs at which to measure, each in a system of its own")
    command.add_argument(
        "--window", metavar="JOBS", type=count(50, 1_000_000), default=2_000,
        help="jobs whose end is measured, after as many others; at most a third of the waiting ones")


def measure(arguments, report):
    for number in arguments.jobs:
        case = f"{number:,} waiting"
        with RunningSystem(arguments, arguments.slots, IO_ATELIER_BATCHES_MAXQUEUED=str(2_000_000)) as system:
            _, gateway = system.start()
            jobs.warm_up(system, gateway, arguments.warm_up)
            held = gateway.hold_slots(system.slots)
            began = time.monotonic()
            jobs.create(gateway, number)
            report.add("accepted in batches of 100", number / (time.monotonic() - began), "jobs/s", case)
            # What was just accepted is still on its way through the lifecycle, which would be counted as a cost of running jobs.
            gateway.await_open_jobs(lambda queued, running: queued == number, f"{number} jobs wait", 60 + number / 50)
            system.await_idle(120)
            report.add("memory (PSS)", system.processes().memory_mib(), "MiB", case)
            for id in held:
                gateway.cancel(id)
            _measure_drain(system, gateway, number, min(arguments.window, number // 3)).add_to(report, case)


def _measure_drain(system, gateway, number, window):
    """The throughput from the end of the first `window` jobs to that of as many more."""
    first = _await_ended(system, gateway, number, window)
    last = _await_ended(system, gateway, number, 2 * window)
    return jobs.Throughput(last[0] - first[0], last[1] - first[1], last[2] - first[2])


def _await_ended(system, gateway, number, ended):
    """Waits until at least so many jobs have ended. Returns how many, the time, and the processor time used."""
    end = time.monotonic() + 60 + ended / 5
    while True:
        taken = number - sum(gateway.open_jobs())
        now = time.monotonic()
        if taken >= ended:
            return taken, now, system.processes().processor_seconds()
        if now > end:
            raise MeasurementFailed(f"only {taken} of {number} jobs have ended. Look at the logs of the system, which stay with --keep.")
        time.sleep(POLL_INTERVAL)
