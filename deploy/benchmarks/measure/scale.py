"""more slots: jobs/s with jobs that take a while, beside the ideal"""

from measure import jobs
from measure.options import add_system, count, counts
from measure.running_system import RunningSystem


def add_arguments(command):
    add_system(command, slots=0, warm_up=500)
    command.add_argument("--workers", metavar="COUNT,...", type=counts(1, 64), default=[1, 4, 16, 64], help="numbers of tasks that run at a time, each in a system of its own")
    command.add_argument("--delay", metavar="MS", type=count(1, 60_000), default=100, help="how long the engine takes for a job")
    command.add_argument("--jobs", type=count(1, 10_000), default=100, help="jobs for each of the workers")


def measure(arguments, report):
    for workers in arguments.workers:
        case = f"{workers} workers"
        with RunningSystem(arguments, workers) as system:
            _, gateway = system.start()
            jobs.warm_up(system, gateway, arguments.warm_up)
            throughput, _ = jobs.run_jobs(system, gateway, arguments.jobs * workers, f"delay:{arguments.delay}ms a card")
            throughput.add_to(report, case)
            report.add("of the ideal", throughput.jobs_per_second * arguments.delay / 1_000 / workers * 100, "%", case)
            report.add("memory (PSS)", system.processes().memory_mib(), "MiB", case)
