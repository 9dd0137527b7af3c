"""pure code with JMH: JSON of a generation, histories of jobs, PNG"""

import json
import pathlib
import subprocess
import tempfile

from measure.failure import MeasurementFailed
from measure.running_system import PROJECT

BENCHMARKS = ("GenerationJsonBenchmark", "JobHistoryBenchmark", "ImageBenchmark")


def add_arguments(command):
    command.add_argument("--include", metavar="REGEX", default="|".join(BENCHMARKS), help="which benchmarks, as JMH selects them")
    command.add_argument("--jmh", metavar="ARGUMENT", action="append", default=[], help="a further argument of JMH, such as --jmh=-prof --jmh=gc; can be given several times")
    command.add_argument("--offline", action="store_true", help="let Maven use only what it has downloaded before")


def measure(arguments, report):
    with tempfile.TemporaryDirectory(prefix="atelier-benchmark-") as folder:
        results = pathlib.Path(folder) / "jmh.json"
        jmh = " ".join([arguments.include, *arguments.jmh, "-rf", "json", "-rff", str(results)])
        command = ["mvn", "-B", "-q", "-Pbenchmark", "-DskipTests", "-Dbenchmark.main=org.openjdk.jmh.Main", "-pl", "deploy/benchmarks", "-am", "verify"]
        command += ["-o"] if arguments.offline else []
        try:
            subprocess.run([*command, f"-Dspring-boot.run.arguments={jmh}"], cwd=PROJECT, check=True, stdin=subprocess.DEVNULL)
        except FileNotFoundError as failure:
            raise MeasurementFailed("Maven is missing. Install Maven 3.8.6 or newer (the command 'mvn').") from failure
        except subprocess.CalledProcessError as failure:
            raise MeasurementFailed(f"Maven or JMH failed with status {failure.returncode}; its output is above.") from failure
        if not results.exists():
            raise MeasurementFailed(f"JMH found no benchmark for '{arguments.include}'. Its benchmarks are {', '.join(BENCHMARKS)}.")
        for result in json.loads(results.read_text(encoding="utf-8")):
            score = result["primaryMetric"]
            report.add(".".join(result["benchmark"].split(".")[-2:]), score["score"], score["scoreUnit"])
