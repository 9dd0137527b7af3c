"""The official client library of OpenAI for Python, unchanged, against Atelier's face. The address and the address of a proxy that cuts
every answer are arguments; the engine is test-card, whose prompts say how long it takes and how it fails."""
import base64
import json
import os
import struct
import sys
import urllib.request

import openai

BASE, SHORT = sys.argv[1], sys.argv[2]


def size(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n", png[:8]
    return struct.unpack(">II", png[16:24])


def image(data):
    return base64.b64decode(data.b64_json, validate=True)


def jobs(word):
    """The generations whose prompt has the word."""
    with urllib.request.urlopen(BASE + "/generations?limit=100") as response:
        return [job for job in json.load(response)["data"] if word in job["request"]["prompt"]]


def check(client, suffix):
    made = client.images.generate(model="test-card", prompt=f"a card {suffix}", size="256x192", n=2)
    assert len(made.data) == 2 and [size(image(one)) for one in made.data] == [(256, 192)] * 2
    assert made.created > 0 and made.output_format == "png" and made.size == "256x192", made
    assert made.job["id"].startswith("gen_"), made.job

    raw = client.images.with_raw_response.generate(model="test-card", prompt=f"raw {suffix}", size="64x64", quality="high",
                                                   user="u-1", extra_body={"seed": 7, "client_ref": "r"})
    parsed = raw.parse()
    assert raw.headers["x-generation-id"] == parsed.job["id"] and parsed.quality == "high" and parsed.safety_identifier == "u-1"

    first = image(client.images.generate(model="test-card", prompt="base", size="128x128").data[0])
    second = image(client.images.generate(model="test-card", prompt="other", size="64x64").data[0])
    one = client.images.edit(model="test-card", image=("a.png", first, "image/png"), prompt=f"one {suffix}", size="128x128")
    assert size(image(one.data[0])) == (128, 128)
    three = client.images.edit(model="test-card", image=[("a.png", first, "image/png"), ("b.png", second, "image/png"),
                                                         ("c.png", first, "image/png")],
                               mask=("m.png", first, "image/png"), prompt=f"three {suffix}", size="128x128")
    assert image(three.data[0]) != image(one.data[0])

    events = list(client.images.generate(model="test-card", prompt=f"stream {suffix}", size="64x64", stream=True, partial_images=2))
    assert [event.type for event in events] == ["image_generation.completed"], events
    assert size(base64.b64decode(events[0].b64_json)) == (64, 64) and events[0].usage.total_tokens == 0
    edited = list(client.images.edit(model="test-card", image=("a.png", first, "image/png"), prompt=f"stream edit {suffix}", size="64x64",
                                     stream=True))
    assert [event.type for event in edited] == ["image_edit.completed"], edited

    url = client.images.generate(model="test-card", prompt=f"url {suffix}", size="64x64", response_format="url").data[0].url
    with urllib.request.urlopen(url) as response:
        assert size(response.read()) == (64, 64)

    for prompt, error, status, code in (
            ("fail:moderation", openai.BadRequestError, 400, "moderation_blocked"),
            ("fail:rejected", openai.BadRequestError, 400, "invalid_value")):
        try:
            client.images.generate(model="test-card", prompt=f"{prompt} {suffix}", size="64x64")
            raise AssertionError(prompt)
        except error as failure:
            assert failure.status_code == status and failure.code == code and failure.request_id, failure
        assert len(jobs(f"{prompt} {suffix}")) == 1, prompt
    try:
        list(client.images.generate(model="test-card", prompt=f"fail:moderation stream {suffix}", size="64x64", stream=True))
        raise AssertionError("a stream of a failed job")
    except openai.APIError as failure:
        assert failure.code == "moderation_blocked", failure
    for parameters, parameter in (({"output_format": "webp"}, "output_format"), ({"background": "transparent"}, "background"),
                                  ({"svg": {"model": "x"}}, "svg"), ({"frame_count": 3}, "frame_count")):
        try:
            client.images.generate(model="test-card", prompt="x", extra_body=parameters)
            raise AssertionError(parameters)
        except openai.BadRequestError as failure:
            assert failure.code == "unsupported_value" and failure.param == parameter, failure
    try:
        client.images.generate(model="no-such", prompt="x")
        raise AssertionError("an unknown model")
    except openai.NotFoundError as failure:
        assert failure.code == "model_not_found", failure

    assert "test-card" in [model.id for model in client.models.list()]
    assert client.models.retrieve("test-card").object == "model"


def check_slow(client, suffix):
    """Slower than the wait of the face, which is shorter than what cuts the connection: the repeated request joins the job."""
    made = client.images.generate(model="test-card", prompt=f"delay:6s slow {suffix}", size="64x64")
    assert size(image(made.data[0])) == (64, 64)
    assert len(jobs(f"slow {suffix}")) == 1, jobs(f"slow {suffix}")
    keyed = client.images.generate(model="test-card", prompt=f"delay:6s keyed {suffix}", size="64x64",
                                   extra_headers={"Idempotency-Key": f"key-{suffix}"})
    assert keyed.data and len(jobs(f"keyed {suffix}")) == 1
    edit = client.images.edit(model="test-card", image=("a.png", image(made.data[0]), "image/png"), prompt=f"delay:6s edited {suffix}",
                              size="64x64")
    assert edit.data and len(jobs(f"edited {suffix}")) == 1


for name, address in (("direct", BASE), ("proxy", SHORT)):
    client = openai.OpenAI(base_url=address, api_key="none")
    check(client, f"py-{name}-{os.getpid()}")
    check_slow(client, f"py-{name}-{os.getpid()}")
    print("python", openai.__version__, name)
