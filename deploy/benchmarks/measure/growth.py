"""many ended jobs in the view: status, list, restart, memory, disk"""

import random

from measure import jobs
from measure.options import add_system, counts
from measure.running_system import RunningSystem

LIST_REPETITIONS = 50
STATUS_REPETITIONS = 500
SAMPLE_SEED = 20_261_129


def add_arguments(command):
    add_system(command, slots=4, warm_up=200)
    command.add_argument(
        "--jobs", metavar="COUNT,...", type=counts(100, 10_000_000), default=[1_000, 10_000, 100_000],
        help="numbers of ended jobs at which to measure; they are reached in one system, one after the other")
    command.add_argument(
        "--end", choices=("expired", "succeeded"), default="expired",
        help="how the jobs end: expired ones miss a deadline in the queue, which is faster to make; succeeded ones have an image each")


def measure(arguments, report):
    with RunningSystem(arguments, arguments.slots, IO_ATELIER_BATCHES_MAXQUEUED=str(2_000_000)) as system:
        _, gateway = system.start()
        jobs.warm_up(system, gateway, arguments.warm_up)
        # These are the oldest ones at all sizes.
        oldest = jobs.create(gateway, 20)[0]
        _await_end(gateway, 20)
        filled = 20
        batches = []
        for number in sorted(arguments.jobs):
            case = f"{number:,} jobs"
            batches += _fill(gateway, system.slots, number - filled, arguments.end)
            # Workers still skip the tasks of jobs that have expired.
            system.await_idle(60 + number / 50)
            filled = number
            report.add("memory (PSS) after they ended", system.processes().memory_mib(), "MiB", case)
            gateway.close()
            system.kill()
            seconds, gateway = system.start()
            system.await_idle(120)
            report.add("kill -9 until ready", seconds, "s", case)
            _measure_reading(gateway, batches, oldest, case, report)
            report.add("memory (PSS) after the restart", system.processes().memory_mib(), "MiB", case)
            for part, name in (("broker", "broker"), ("gateway", "state of the gateway"), ("store", "image store")):
                report.add(f"disk: {name}", system.disk_mib(part), "MiB", case)


def _fill(gateway, slots, number, end):
    """Creates jobs and waits for their end. Returns the ids of their batches."""
    if end == "succeeded":
        batches = jobs.create(gateway, number)
        _await_end(gateway, number)
        return batches
    # No task of an expired job is run, because all slots are held. The lifecycle ends it as any other: it publishes its state and its event.
    held = gateway.hold_slots(slots)
    batches = jobs.create(gateway, number, deadline={"complete_by": "PT1S"})
    gateway.await_open_jobs(lambda queued, running: queued == 0, f"{number} jobs expire", 60 + number / 50)
    for id in held:
        gateway.cancel(id)
    _await_end(gateway, slots)
    return batches


def _await_end(gateway, number):
    gateway.await_open_jobs(lambda queued, running: queued + running == 0, f"{number} jobs end", 60 + number / 50)


def _measure_reading(gateway, batches, oldest, case, report):
    choice = random.Random(SAMPLE_SEED)
    candidates = [id for batch in choice.sample(batches, min(len(batches), 50)) for id in _ids(gateway, batch)]
    sampled = choice.sample(candidates, min(len(candidates), STATUS_REPETITIONS))
    middle = _ids(gateway, batches[len(batches) // 2])[0]
    status = jobs.milliseconds(len(sampled), lambda number: gateway.status(sampled[number]))
    report.add("status of a job, p50", jobs.percentile(status, 50), "ms", case)
    report.add("status of a job, p99", jobs.percentile(status, 99), "ms", case)
    for what, query in (
            ("newest 20", "limit=20"),
            ("20 from the middle", f"limit=20&after={middle}"),
            ("20 of a label that only the oldest have", f"limit=20&label.batch.id={oldest}")):
        page = jobs.milliseconds(LIST_REPETITIONS, lambda number: gateway.call("GET", f"/v1/generations?{query}"))
        report.add(f"list, {what}, p50", jobs.percentile(page, 50), "ms", case)


def _ids(gateway, batch):
    return [result["id"] for result in gateway.call("GET", f"/v1/batches/{batch}")["results"]]
