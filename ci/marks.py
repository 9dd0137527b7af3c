"""Checks marks and signatures of images from outside: runs generations of a system whose provider is played by this script, and reads the images that it
delivers with exiftool (XMP, texts) and with c2pa-python (C2PA manifests).
usage: marks.py PROVIDER_PORT GATEWAY_URL   (the system must know http://127.0.0.1:PROVIDER_PORT/v1 as its OpenAI server, and have the test card)"""
import base64, datetime, io, json, random, struct, subprocess, sys, tempfile, threading, urllib.request, zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PORT, GATEWAY = int(sys.argv[1]), sys.argv[2]
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
HOSTILE = 'ein Bär \U0001f43b <b>&amp; "quoted"\nNegative prompt: none of it'


def check(condition, message, *shown):
    if not condition:
        sys.exit("\n".join(["marks: " + message, *map(str, shown)]))


# --- The provider -------------------------------------------------------------------------------------------------------------------
def grid_png(side):
    """2 x 2 images of noise between white gutters, as a PNG."""
    noise = random.Random(12)
    gutter = side // 16
    half = side // 2
    rows = bytearray()
    for y in range(side):
        rows.append(0)
        for x in range(side):
            inside = all(gutter <= at % half < half - gutter for at in (x, y))
            rows += noise.randbytes(3) if inside else b"\xff\xff\xff"
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks)


def certificates():
    """A leaf that may sign manifests, its issuer, and the key of the leaf."""
    now = datetime.datetime.now(datetime.timezone.utc)

    def certificate(name, key, issuer, issuer_key, is_issuer):
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test")]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test")]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=is_issuer, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=not is_issuer, key_cert_sign=is_issuer, crl_sign=is_issuer, content_commitment=False,
                    key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False),
                critical=True))
        if not is_issuer:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()

    issuer_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    chain = certificate("signer", key, "issuer", issuer_key, False) + certificate("issuer", issuer_key, "issuer", issuer_key, True)
    return chain, key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


def signed(png):
    chain, key = certificates()
    manifest = {
        "claim_generator_info": [{"name": "test provider", "version": "1"}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": [
            {"action": "c2pa.created", "digitalSourceType": IPTC + "trainedAlgorithmicMedia"}]}}],
    }
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain.encode(), key.encode(), None))
    result = io.BytesIO()
    c2pa.Builder(manifest).sign(signer, "image/png", io.BytesIO(png), result)
    return result.getvalue()


def state(png):
    """What the manifest of a file is worth: Valid, Invalid, or None without one. No list of trusted issuers is asked."""
    try:
        return c2pa.Reader("image/png", io.BytesIO(png)).get_validation_state()
    except c2pa.C2paError.ManifestNotFound:
        return None


PLAIN = grid_png(512)
SIGNED = signed(PLAIN)


class Provider(BaseHTTPRequestHandler):
    """The images API of OpenAI: new images are signed, edited ones are not."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"])) if "Content-Length" in self.headers else self.read_chunks()
        image = PLAIN if self.path.endswith("/edits") else SIGNED
        body = json.dumps({"created": 1, "data": [{"b64_json": base64.b64encode(image).decode()}]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def read_chunks(self):
        while size := int(self.rfile.readline(), 16):
            self.rfile.read(size + 2)
        self.rfile.readline()

    def log_message(self, *args):
        pass


# --- The client ---------------------------------------------------------------------------------------------------------------------
def call(path, body=None):
    headers = {"Content-Type": "application/json", "Prefer": "wait=60"}
    request = urllib.request.Request(GATEWAY + path, data=None if body is None else json.dumps(body).encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=90) as response:
        return response.read()


def generate(path="/v1/generations", **body):
    job = json.loads(call(path, body))
    check(job["status"] == "succeeded", "the generation did not succeed", json.dumps(job, indent=1))
    return job


def tags(png):
    """All that exiftool finds, by group and name."""
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(png)
        file.flush()
        result = subprocess.run(["exiftool", "-json", "-G1", "-n", "-charset", "utf8", "-validate", "-warning", "-all", file.name], capture_output=True, check=True)
    return json.loads(result.stdout)[0]


def check_marked(name, png, image, term, c2pa_word):
    found = tags(png)
    check(found.get("XMP-iptcExt:DigitalSourceType") == IPTC + term, f"{name}: exiftool finds no {term}", json.dumps(found, indent=1))
    check("ExifTool:Warning" not in found, f"{name}: exiftool warns", json.dumps(found, indent=1))
    check(image["provenance"] == {"marked": True, "c2pa": c2pa_word}, f"{name}: wrong provenance", image)
    check(state(png) is None, f"{name}: has a manifest, which cannot be valid")
    print(f"{name}: {term}")
    return found


def check_signed(name, png, image):
    check(png == SIGNED, f"{name}: is not what the provider sent, byte for byte")
    check(state(png) == "Valid", f"{name}: the manifest is {state(png)}")
    check(image["provenance"] == {"marked": False, "c2pa": "kept"}, f"{name}: wrong provenance", image)
    print(f"{name}: manifest valid")


def images(job):
    return [(f"tile {image['index']}", call(image["url"]), image) for image in job["images"]]


def main():
    check(state(SIGNED) == "Valid", f"the signed image of this test is {state(SIGNED)}")
    spoiled = bytearray(SIGNED)
    spoiled[-20] ^= 1
    check(state(bytes(spoiled)) != "Valid", "a changed image has a valid signature, so this test would prove nothing")
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    for level in ("none", "minimal", "full"):
        job = generate(prompt=HOSTILE, model="test-card", size="64x64", seed=5, output={"metadata": level})
        found = check_marked(f"test card, metadata {level}", call(job["images"][0]["url"]), job["images"][0], "trainedAlgorithmicMedia", "none")
        check(("PNG:Seed" in found) == (level != "none"), f"metadata {level}: wrong texts", json.dumps(found, indent=1))
        if level == "full":
            check(found["PNG:Prompt"] == HOSTILE, "the prompt was changed", json.dumps(found, indent=1))
            check(found["XMP-iptcExt:AIPromptInformation"] == HOSTILE, "the prompt in XMP was changed", json.dumps(found, indent=1))
            check("Seed: 5, Size: 64x64, Model: test-card" in found["PNG:Parameters"], "no parameters", json.dumps(found, indent=1))

    grid = generate(prompt="a card", model="test-card", size="512x512", seed=7, grid={"layout": "2x2"}, output={"metadata": "full"})
    again = generate(f"/v1/generations/{grid['id']}/split", layout="1x2", trim="none")
    for kind, job in (("split", grid), ("split again", again)):
        check(job["images"], "no tiles", json.dumps(job, indent=1))
        for name, png, image in images(job):
            found = check_marked(f"{kind}, {name}", png, image, "trainedAlgorithmicMedia", "none")
            check(found.get("PNG:Job") == grid["id"] and image["seed"] == 7 and "PNG:Parameters" in found, f"{kind}, {name}: texts are lost", found)

    job = generate(prompt="a cat", model="gpt-image-1.5")
    check_signed("signed by the provider", call(job["images"][0]["url"]), job["images"][0])
    signed_grid = generate(prompt="four cats", model="gpt-image-1.5", grid={"layout": "2x2"})
    again = generate("/v1/grids/split", image={"generation": {"id": job["id"], "index": 0}}, layout="2x2")
    for kind, split in (("signed grid", signed_grid), ("signed image, split", again)):
        original = split["grid"]["originals"][0]
        check_signed(kind, call(original["url"]), original)
        check(len(split["images"]) == 4, "no four tiles", json.dumps(split, indent=1))
        for name, png, image in images(split):
            found = check_marked(f"{kind}, {name}", png, image, "trainedAlgorithmicMedia", "dropped")
            check("PNG:Job" in found, f"{kind}, {name}: texts are lost", found)

    edit = generate(prompt="make it blue", model="gpt-image-1.5", images=[{"generation": {"id": job["id"], "index": 0}}])
    check_marked("edit", call(edit["images"][0]["url"]), edit["images"][0], "compositeWithTrainedAlgorithmicMedia", "none")


main()
