"""A real browser. At the port for clients of hayhooks: a page of another origin generates an image, and /docs is drawn and shows the image of
"Try it out". At the main port: the start page shows previews of an image and then the image. python3 browser.py HAYHOOKS MAIN SCREENSHOT, two URLs without a slash at the end, and the file for a picture of /docs."""

import functools
import http.server
import json
import pathlib
import sys
import tempfile
import threading

from playwright.sync_api import expect, sync_playwright

HAYHOOKS, MAIN, SCREENSHOT = sys.argv[1:]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync"]

GENERATE = """async ([url, options]) => {
  const response = await fetch(url, {method: 'POST', headers: {'Content-Type': 'application/json', 'X-Of-The-Page': '1'},
    body: JSON.stringify({prompt: 'a card', width: 128, height: 64}), ...options});
  const image = await createImageBitmap(await response.blob());
  return [response.status, response.headers.get('content-type'), image.width, image.height];
}"""
READ = "async (url) => { const response = await fetch(url); return [response.status, await response.json()]; }"
IS_REFUSED = "async ([url, options]) => { try { await fetch(url, options); return false; } catch (e) { return e instanceof TypeError; } }"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def page_of_another_origin(context, folder):
    pathlib.Path(folder, "index.html").write_text("<!DOCTYPE html><title>Another origin</title>", encoding="utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = context.new_page()
    network = context.new_cdp_session(page)
    preflights = []
    network.on("Network.responseReceived", lambda event: event["type"] == "Preflight" and preflights.append(event["response"]))
    network.send("Network.enable")
    page.goto(f"http://localhost:{server.server_port}/")
    run = f"{HAYHOOKS}/image_generation/run"

    assert page.evaluate(GENERATE, [run, {}]) == [200, "image/png", 128, 64]
    assert len(preflights) == 1 and preflights[0]["status"] == 200, preflights
    headers = {name.lower(): value for name, value in preflights[0]["headers"].items()}
    assert headers["access-control-max-age"] == "600" and "access-control-allow-credentials" not in headers, headers
    assert page.evaluate(GENERATE, [run, {}]) == [200, "image/png", 128, 64]
    assert len(preflights) == 1, "the browser did not keep the preflight"
    status, body = page.evaluate(READ, f"{HAYHOOKS}/status")
    assert status == 200 and "image_generation" in body["pipelines"], body
    assert page.evaluate(READ, f"{HAYHOOKS}/no_such/path")[0] == 404, "an error cannot be read"
    for method in "PUT", "DELETE", "PATCH":
        allowed = page.evaluate("async ([url, method]) => (await fetch(url, {method})).status", [run, method])
        assert allowed == 405, (method, allowed)

    assert page.evaluate(IS_REFUSED, [f"{HAYHOOKS}/status", {"credentials": "include"}]), "a page may send credentials"
    assert page.evaluate(IS_REFUSED, [f"{MAIN}/v1/models", {}]), "pages of every origin may use the main port"
    server.shutdown()
    print("a page of another origin: ok")


def docs(context):
    page = context.new_page()
    complaints, addresses = [], []
    page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(f"{HAYHOOKS}/docs")
    operation = page.locator("#operations-pipelines-image_generation_run")
    operation.get_by_text("/image_generation/run", exact=False).first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("textarea.body-param__text").fill(json.dumps({"prompt": "a card", "width": 256, "height": 128}))
    operation.get_by_role("button", name="Execute").click()
    image = operation.locator(".live-responses-table img")
    expect(image).to_be_visible(timeout=60_000)
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle(), timeout=30_000)
    assert image.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [256, 128]
    page.screenshot(path=SCREENSHOT, full_page=True)
    assert not complaints, complaints
    foreign = [url for url in addresses if not url.startswith((HAYHOOKS + "/", "data:", f"blob:{HAYHOOKS}/"))]
    assert not foreign, foreign
    print("/docs: ok")


def start_page(context):
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def prolong(route):
        # So that the browser sees more than one preview of the small model.
        route.continue_(post_data=json.dumps({**route.request.post_data_json, "steps": 100, "n": 4}))

    page.route("**/v1/generations", prolong)
    page.goto(f"{MAIN}/")
    model = page.locator("#model")
    expect(model.locator("option[value=pocket]")).to_be_attached(timeout=30_000)
    model.select_option("pocket")
    page.locator("#create").click()
    preview = page.locator("#images img.preview")
    expect(preview).to_be_visible(timeout=60_000)
    first = preview.get_attribute("src")
    assert first.startswith("data:image/jpeg;base64,"), first[:40]
    page.wait_for_function("image => image.complete && image.naturalWidth === 64", arg=preview.element_handle(), timeout=30_000)
    expect(preview).not_to_have_attribute("src", first, timeout=30_000)
    assert page.locator("#images img").count() == 1, "images beside the preview of a running job"

    images = page.locator("#images img:not(.preview)")
    expect(images).to_have_count(4, timeout=120_000)
    expect(preview).to_have_count(0)
    for image in images.element_handles():
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image, timeout=30_000)
    expect(page.locator("#status")).to_have_text("succeeded")
    assert not complaints, complaints
    print("the start page: ok")


with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
    browser = playwright.chromium.launch_persistent_context(profile, executable_path="/usr/bin/chromium", headless=True, args=FLAGS)
    print("chromium", browser.browser.version if browser.browser else "")
    page_of_another_origin(browser, folder)
    docs(browser)
    start_page(browser)
    browser.close()
