"""Webhooks, verified by the official client library of OpenAI for Python. The address of the gateway and its secrets, separated by a comma, are
arguments: the first one is new, the second one old. Receives on loopback, which the gateway must allow; the engine is test-card."""
import http.server
import json
import queue
import sys
import threading
import time
import urllib.request

import openai

BASE, SECRETS = sys.argv[1], sys.argv[2].split(",")
received = queue.Queue()
statuses = queue.Queue()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        received.put((body, dict(self.headers.items())))
        self.send_response(statuses.get() if not statuses.empty() else 204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def call(path, body=None, method=None):
    request = urllib.request.Request(BASE + path, method=method, headers={"content-type": "application/json"},
                                     data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def accepts(secret, body, headers):
    try:
        openai.OpenAI(api_key="unused", webhook_secret=secret).webhooks.verify_signature(body, headers)
        return True
    except (openai.InvalidWebhookSignatureError, ValueError):
        return False


def delivery(job, status):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = call(f"/v1/generations/{job}/webhook-deliveries")["data"]
        if found and found[0]["status"] == status:
            return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no delivery of {job} is {status}: {found}")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
webhook = {"url": f"http://127.0.0.1:{server.server_port}/hook?key=value", "events": ["succeeded", "failed"]}

job = call("/v1/generations", {"model": "test-card", "prompt": "a card", "webhook": webhook})["id"]
body, headers = received.get(timeout=120)
message = json.loads(body)
assert message["type"] == "generation.succeeded" and message["data"]["id"] == job, message
assert all(accepts(secret, body, headers) for secret in SECRETS), headers
assert not accepts("whsec_" + "A" * 43 + "=", body, headers), "another secret"
assert not accepts(SECRETS[0], body.replace(b"succeeded", b"cancelled"), headers), "another body"
assert not accepts(SECRETS[0], body, headers | {"webhook-id": "another"}), "another id"
old = str(int(headers["webhook-timestamp"]) - 600)
assert not accepts(SECRETS[0], body, headers | {"webhook-timestamp": old}), "another time"
assert delivery(job, "delivered")["id"] == headers["webhook-id"]
with urllib.request.urlopen(BASE + message["data"]["images"][0]["url"], timeout=60) as image:
    assert image.read(8) == b"\x89PNG\r\n\x1a\n"

call(f"/v1/generations/{job}/webhook-deliveries/{headers['webhook-id']}/redeliver", method="POST")
again, later = received.get(timeout=60)
assert again == body and later["webhook-id"] == headers["webhook-id"] and accepts(SECRETS[0], again, later)

statuses.put(503)
failed = call("/v1/generations", {"model": "test-card", "prompt": "fail:rejected", "webhook": webhook})["id"]
first, headers = received.get(timeout=120)
second, repeated = received.get(timeout=60)
assert json.loads(first)["type"] == "generation.failed" and json.loads(first)["data"]["error"]["code"], first
assert second == first and repeated["webhook-id"] == headers["webhook-id"]
assert repeated["webhook-timestamp"] != headers["webhook-timestamp"] and accepts(SECRETS[1], second, repeated)
assert [attempt.get("http_status") for attempt in delivery(failed, "delivered")["attempts"]] == [503, 204]
assert received.empty()
print("webhooks: signatures, rotation, repetition and redelivery as the standard says")
