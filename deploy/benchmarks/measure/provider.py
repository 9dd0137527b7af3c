"""The scripted provider of deploy/avatar-sample in place of OpenAI and Flowise, as a process of its own."""

import subprocess

from measure.failure import MeasurementFailed
from measure.running_system import PROJECT, java

MODULE = PROJECT / "deploy/avatar-sample"
END_LIMIT = 20


class Provider:
    """Used with `with`. Answers after the given times with images of this side."""

    def __init__(self, prompt_ms, base_ms, grid_ms, side):
        times = {"--prompt-delay": prompt_ms, "--base-delay": base_ms, "--grid-delay": grid_ms}
        self.options = [part for name, milliseconds in times.items() for part in (name, f"{milliseconds / 1_000:.3f}")] + ["--side", str(side)]
        self.process = None
        self.url = None

    def __enter__(self):
        command = [java(), "-cp", str(_jar()), "io.atelier.avatarsample.ProviderServer", *self.options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise MeasurementFailed(f"the scripted provider did not start; it ended with status {self.process.wait()}.")
        return self

    def __exit__(self, *failure):
        # It ends with its input, so that it does not outlive a measurement that is killed.
        self.process.stdin.close()
        try:
            self.process.wait(END_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def settings(self):
        """Environment variables of a system that uses it."""
        return {
            "OPENAI_API_KEY": "the-scripted-provider-takes-any", "OPENAI_BASE_URL": f"{self.url}/v1",
            "FLOWISE_URL": self.url, "FLOWISE_FLOW": "avatar-prompts"}


def build(offline):
    """Builds the provider if there is no jar of it, or its sources are newer."""
    if (jar := _newest_jar()) and all(source.stat().st_mtime < jar.stat().st_mtime for source in (MODULE / "src").rglob("*")):
        return
    command = ["mvn", "-q", "-B", "-Pquick", "-pl", "deploy/avatar-sample", "package", *(["-o"] if offline else [])]
    try:
        subprocess.run(command, cwd=PROJECT, check=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError as failure:
        raise MeasurementFailed("Maven is missing. Install Maven 3.8.6 or newer (the command 'mvn').") from failure
    except subprocess.CalledProcessError as failure:
        raise MeasurementFailed(f"Maven failed with status {failure.returncode}; its output is above.") from failure


def _newest_jar():
    return max((MODULE / "target/quick").glob("avatar-sample-*.jar"), key=lambda jar: jar.stat().st_mtime, default=None)


def _jar():
    jar = _newest_jar()
    if jar is None:
        raise MeasurementFailed("the jar of deploy/avatar-sample was not built.")
    return jar
