"""Requests in the way of the clients that the replaced services had, with the address and the keys of docs/faces/cloudflare.md only: one for Cloudflare
workers, with its limits, its percent-encoding and the errors that it tells apart, and the demo client of Intel's service, which starts a run and polls.
python3 replaced_clients.py MAIN INTEL, two URLs without a slash at the end."""

import asyncio
import json
import pathlib
import re
import struct
import sys
import time
import urllib.parse

import httpx
import requests

MAIN, INTEL = sys.argv[1:]


def size(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n", png[:200]
    return struct.unpack(">II", png[16:24])


# --- Cloudflare workers: the addresses and the key are settings, so are they here -------------------------------------------------
def settings():
    page = pathlib.Path("docs/faces/cloudflare.md").read_text(encoding="utf-8")
    return {key: value.replace("http://127.0.0.1:8080", MAIN) for key, value in re.findall(r"(?m)^([A-Z_]+)=(\S+)$", page)}


def outcome(response):
    """What the client makes of a response: the bytes of an image, or its message."""
    if response.status_code == 200 and response.headers.get("content-type", "").lower().startswith("image/"):
        return response.content
    return response.status_code, response.json()["error"]


async def flux(client, prompt):
    return outcome(await client.get(f"{settings()['FLUX_WORKER_URL']}?prompt={urllib.parse.quote(prompt)}"))


async def sdxl(client, prompt, key=settings()["SDXL_API_KEY"]):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return outcome(await client.post(settings()["SDXL_WORKER_URL"], headers=headers, json={"prompt": prompt}))


async def cloudflare():
    timeout = httpx.Timeout(connect=30, read=120, write=120, pool=30)
    limits = httpx.Limits(max_connections=10, max_keepalive_connections=5)
    async with httpx.AsyncClient(timeout=timeout, limits=limits, follow_redirects=True) as client:
        assert size(await flux(client, "A beautiful cat & dog/é? 100%\nnew"))
        assert size(await sdxl(client, "A beautiful cat"))
        prompts = [f"card {number}" for number in range(12)]
        assert all([size(image) for image in await asyncio.gather(*(flux(client, prompt) for prompt in prompts))])

        assert (await flux(client, ""))[0] == 400
        assert (await sdxl(client, " "))[0] == 400
        assert await sdxl(client, "A cat", "another-key") == (401, "SDXL API key invalid or missing")
        assert (await flux(client, "fail:moderation"))[0] == 400
        status, message = outcome(await client.get(settings()["SDXL_WORKER_URL"]))
        assert status == 405 and message.startswith("Invalid request method"), message


# --- Intel's text2image ------------------------------------------------------------------------------------------------------------
def intel():
    def post(path, body):
        response = requests.post(INTEL + path, json=body, timeout=100)
        response.raise_for_status()
        return response.text

    assert requests.get(f"{INTEL}/health", timeout=10).text == '{"status":"healthy"}'
    assert post("/pipeline/select-device", {"device": "CPU"}) == '{"status":"success","message":"Pipeline prepared on CPU."}'
    run = {"prompt": "delay:1s A castle", "width": 1024, "height": 1024, "num_inference_steps": 50}
    assert post("/pipeline/run", run) == '{"status":"success","message":"Pipeline execution started in background."}'
    early = requests.get(f"{INTEL}/pipeline/image", timeout=10)
    assert early.status_code == 400 and early.json()["detail"] == "Pipeline execution is not yet complete.", early.text
    again = requests.post(f"{INTEL}/pipeline/run", json=run, timeout=100)
    assert again.status_code == 400 and again.json()["detail"].startswith("Another pipeline execution is in progress."), again.text
    end = time.monotonic() + 300
    while True:
        status = json.loads(requests.get(f"{INTEL}/pipeline/status", timeout=10).text)
        assert set(status) == {"running", "completed"}, status
        if status["completed"]:
            break
        assert status["running"] and time.monotonic() < end, status
        time.sleep(0.5)
    image = requests.get(f"{INTEL}/pipeline/image", timeout=100)
    assert image.headers["content-type"] == "image/png" and size(image.content) == (1024, 1024)


asyncio.run(cloudflare())
print("cloudflare: ok")
intel()
print("intel: ok")
