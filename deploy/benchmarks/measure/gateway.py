"""Requests to the gateway, one at a time on one connection."""

import http.client
import json
import time

from measure.failure import MeasurementFailed

OPEN = ("queued", "running")


def request_body(prompt, size="64x64", **members):
    return json.dumps({"prompt": prompt, "model": "test-card", "size": size, **members}).encode()


class Gateway:

    def __init__(self, port):
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def close(self):
        self.connection.close()

    def is_ready(self):
        try:
            return self.exchange("GET", "/readyz")[0] == 200
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return False

    def exchange(self, method, path, body=None, **headers):
        """Status and body of a response."""
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return response.status, response.read()

    def call(self, method, path, body=None, **headers):
        """The JSON of a response that is no error."""
        status, content = self.exchange(method, path, body, **headers)
        if status >= 400:
            raise MeasurementFailed(f"{method} {path} was answered with {status}: {content.decode(errors='replace')[:500]}")
        return json.loads(content)

    def submit(self, prompt, size="64x64", **members):
        """Creates a generation, and returns its id."""
        return self.call("POST", "/v1/generations", request_body(prompt, size, **members))["id"]

    def generate(self, prompt, size="64x64"):
        """Creates a generation, waits for its end, and returns it."""
        id = self.submit(prompt, size)
        return self.await_end(id, 300)

    def split(self, png, layout):
        """Creates a generation that splits an image without trimming it, and returns its id."""
        boundary = "a-part-of-the-form"
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode() for name, text in (("layout", layout), ("trim", "none"))]
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="grid.png"\r\nContent-Type: image/png\r\n\r\n'.encode())
        form = b"".join([*parts, png, f"\r\n--{boundary}--\r\n".encode()])
        return self.call("POST", "/v1/grids/split", form, **{"Content-Type": f"multipart/form-data; boundary={boundary}"})["id"]

    def status(self, id):
        return self.call("GET", f"/v1/generations/{id}")

    def await_end(self, id, limit, pause=0.0005):
        """Polls a generation until it has succeeded. A short pause finds the end soon, and takes processor time from the system."""
        end = time.monotonic() + limit
        while (generation := self.status(id))["status"] in OPEN:
            if time.monotonic() > end:
                raise MeasurementFailed(f"{id} has not ended within {limit} s. Look at the logs of the system, which stay with --keep.")
            time.sleep(pause)
        if generation["status"] != "succeeded":
            raise MeasurementFailed(f"{id} ended as {generation['status']}: {generation.get('error')}")
        return generation

    def cancel(self, id):
        return self.call("POST", f"/v1/generations/{id}/cancel", b"{}")

    def open_jobs(self):
        """The numbers of queued and of running jobs."""
        queue = self.call("GET", "/v1/queue")
        return queue["queued"], queue["running"]

    def await_open_jobs(self, wanted, what, limit):
        """Polls the queue until its numbers are as wanted.

        wanted: a function of the numbers of queued and of running jobs
        """
        end = time.monotonic() + limit
        while not wanted(*self.open_jobs()):
            if time.monotonic() > end:
                raise MeasurementFailed(f"{what}: not within {limit} s, {self.open_jobs()} jobs are queued and running. Measure fewer jobs.")
            time.sleep(0.02)

    def hold_slots(self, slots):
        """Occupies all slots of the worker with jobs that take long, and returns their ids."""
        ids = [self.submit("delay:3600s a job that holds a slot") for _ in range(slots)]
        self.await_open_jobs(lambda queued, running: running == slots, f"the worker takes {slots} tasks", 60)
        return ids
