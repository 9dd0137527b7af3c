"""The commands and scripts of the pages in docs/faces, in their order and with the addresses changed only:
python3 face_pages.py MAIN HAYHOOKS INTEL PIPELINES, three URLs without a slash at the end, and the folder of the pipelines of the hayhooks face."""

import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

MAIN, HAYHOOKS, INTEL, PIPELINES = sys.argv[1:]
ADDRESSES = {":8080": MAIN, ":1416": HAYHOOKS, ":8100": INTEL}


def blocks(page, language):
    text = pathlib.Path(f"docs/faces/{page}.md").read_text(encoding="utf-8")
    found = re.findall(f"```{language}\n(.*?)```", text, re.DOTALL)
    assert found, f"docs/faces/{page}.md has no block in {language}"
    return [re.sub(r"http://(?:localhost|127\.0\.0\.1)(:\d+)", lambda match: ADDRESSES[match.group(1)], block) for block in found]


def lines(block):
    """The commands of a block; one that ends with a backslash goes on in the next line."""
    return re.sub(r"\\\n\s*", "", block).splitlines()


def run(folder, command, *arguments):
    print(arguments[-1].strip(), flush=True)
    return subprocess.run([command, *arguments], cwd=folder, check=True, timeout=180, stdout=subprocess.PIPE, encoding="utf-8").stdout


def shell(folder, text):
    # The progress of curl is not shown.
    return run(folder, "bash", "-euc", re.sub(r"\bcurl ", "curl -sS ", text))


def check(file, size=None):
    content = file.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n", content[:200]
    if size:
        assert struct.unpack(">II", content[16:24]) == size, content[16:24]
    file.unlink()


def await_that(what, condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.2)


def pipeline(name, text):
    """Adds a pipeline as the page says: the file is written elsewhere and moved."""
    file = pathlib.Path(PIPELINES, f".{name}")
    file.write_text(text, encoding="utf-8")
    file.rename(file.with_name(f"{name}.yaml"))

    def is_listed():
        with urllib.request.urlopen(f"{HAYHOOKS}/status") as response:
            status = json.load(response)
        assert "broken" not in status, status
        return name in status["pipelines"]

    await_that(f"the pipeline {name}", is_listed)


def hayhooks(folder):
    run_image, *others = blocks("hayhooks", "sh")
    image = folder / "cat.png"
    shell(folder, run_image)
    shutil.copy(image, folder / "castle.png")
    check(image, (512, 512))
    run(folder, sys.executable, "-c", blocks("hayhooks", "python")[0])
    check(image, (512, 512))

    yaml = blocks("hayhooks", "yaml")[0]
    pipeline("image_pipeline", re.sub(r"(?m)^(name|model): *[^\s#]+", lambda key: f"{key.group(1)}: "
                                      + {"name": "image_pipeline", "model": "test-card"}[key.group(1)], yaml))
    shell(folder, run_image.replace("/image_generation/", "/image_pipeline/"))
    check(image, (512, 512))
    pipeline("edit", "model: test-card\nfiles: 1\n")
    (edit,) = [block for block in others if "/edit/run" in block]
    shell(folder, edit)
    check(folder / "winter.png")


def intel(folder):
    (block,) = blocks("intel", "sh")
    select, start, status, image = lines(block)
    assert shell(folder, select) == '{"status":"success","message":"Pipeline prepared on CPU."}'
    assert shell(folder, start) == '{"status":"success","message":"Pipeline execution started in background."}'
    await_that("the end of the run", lambda: json.loads(shell(folder, status)) == {"running": False, "completed": True})
    shell(folder, image)
    check(folder / "image.png")


def cloudflare(folder):
    for line in lines(blocks("cloudflare", "sh")[1]):
        shell(folder, line)
        check(folder / "cat.png")


def openai(folder):
    (command,) = blocks("openai", "sh")
    shell(folder, command)
    check(folder / "castle.png")
    (script,) = blocks("openai", "python")
    run(folder, sys.executable, "-c", script + "import base64, sys\nsys.stdout.flush()\n"
        "open('castle.png', 'wb').write(base64.b64decode(image.data[0].b64_json))\n")
    check(folder / "castle.png", (512, 512))


for page in hayhooks, intel, cloudflare, openai:
    with tempfile.TemporaryDirectory() as name:
        page(pathlib.Path(name))
    print(f"{page.__name__}: ok")
