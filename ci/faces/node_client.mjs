// The official client library of OpenAI for Node, unchanged, against Atelier's face; see python_client.py.
import assert from 'node:assert/strict';
import OpenAI, { toFile } from 'openai';
import { VERSION } from 'openai/version';

const [base, short] = process.argv.slice(2);
const bytes = (image) => Buffer.from(image.b64_json, 'base64');
const size = (png) => [png.readUInt32BE(16), png.readUInt32BE(20)];
const jobs = async (word) => {
  const list = await (await fetch(`${base}/generations?limit=100`)).json();
  return list.data.filter((job) => job.request.prompt.includes(word));
};

async function check(client, suffix) {
  const made = await client.images.generate({ model: 'test-card', prompt: `a card ${suffix}`, size: '256x192', n: 2 });
  assert.deepEqual(made.data.map((image) => size(bytes(image))), [[256, 192], [256, 192]]);

  const first = bytes((await client.images.generate({ model: 'test-card', prompt: 'base', size: '128x128' })).data[0]);
  const file = () => toFile(first, 'a.png', { type: 'image/png' });
  const one = await client.images.edit({ model: 'test-card', image: await file(), prompt: `one ${suffix}`, size: '128x128' });
  assert.deepEqual(size(bytes(one.data[0])), [128, 128]);
  const images = [await file(), await file(), await file()];
  const three = await client.images.edit({ model: 'test-card', image: images, mask: await file(), prompt: `three ${suffix}` });
  assert.equal(three.data.length, 1);

  const types = [];
  for await (const event of await client.images.generate({ model: 'test-card', prompt: `stream ${suffix}`, size: '64x64', stream: true })) {
    types.push(event.type);
    assert.deepEqual(size(Buffer.from(event.b64_json, 'base64')), [64, 64]);
  }
  assert.deepEqual(types, ['image_generation.completed']);

  await assert.rejects(client.images.generate({ model: 'test-card', prompt: `fail:moderation ${suffix}`, size: '64x64' }),
    (error) => error instanceof OpenAI.BadRequestError && error.code === 'moderation_blocked');
  assert.equal((await jobs(`fail:moderation ${suffix}`)).length, 1);
  await assert.rejects(client.images.generate({ model: 'test-card', prompt: 'x', output_format: 'gif' }),
    (error) => error.status === 400 && error.code === 'unsupported_value' && error.param === 'output_format');

  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes('test-card'));

  const slow = await client.images.generate({ model: 'test-card', prompt: `delay:6s slow ${suffix}`, size: '64x64' });
  assert.deepEqual(size(bytes(slow.data[0])), [64, 64]);
  assert.equal((await jobs(`slow ${suffix}`)).length, 1);
}

for (const [name, baseURL] of [['direct', base], ['proxy', short]]) {
  await check(new OpenAI({ baseURL, apiKey: 'none' }), `js-${name}-${process.pid}`);
  console.log('node', VERSION, name);
}
