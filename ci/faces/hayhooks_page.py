"""The commands and the script of docs/faces/hayhooks.md, with the address changed only: python3 hayhooks_page.py http://127.0.0.1:1416"""

import pathlib
import re
import struct
import subprocess
import sys
import tempfile

PAGE = pathlib.Path("docs/faces/hayhooks.md").read_text(encoding="utf-8")
ADDRESS = sys.argv[1]


def block(language):
    return re.search(f"```{language}\n(.*?)```", PAGE, re.DOTALL).group(1).replace("http://localhost:1416", ADDRESS)


def check(file):
    content = file.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n", content[:200]
    assert struct.unpack(">II", content[16:24]) == (512, 512), content[16:24]
    file.unlink()


with tempfile.TemporaryDirectory() as name:
    image = pathlib.Path(name, "cat.png")
    subprocess.run(["bash", "-euc", block("sh")], cwd=name, check=True, timeout=120)
    check(image)
    subprocess.run([sys.executable, "-c", block("python")], cwd=name, check=True, timeout=120)
    check(image)
print("ok")
