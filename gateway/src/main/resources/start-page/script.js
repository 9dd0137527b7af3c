'use strict';

const form = document.getElementById('form');
const prompt = document.getElementById('prompt');
const model = document.getElementById('model');
const create = document.getElementById('create');
const status = document.getElementById('status');
const progress = document.getElementById('progress');
const images = document.getElementById('images');

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

function show(text, isError) {
  status.textContent = text;
  status.classList.toggle('error', Boolean(isError));
}

function describe(problem) {
  const fields = (problem.errors || []).map(error => `${error.pointer.substring(1) || 'request'}: ${error.detail}`);
  return fields.length > 0 ? fields.join('\n') : problem.detail || problem.title;
}

async function read(response) {
  const body = await response.json().catch(() => ({ title: `HTTP ${response.status}` }));
  if (!response.ok) {
    throw Object.assign(new Error(describe(body)), { retryable: body.retryable === true });
  }
  return body;
}

function showState(job) {
  const queue = job.queue && job.queue.eta_seconds != null ? `, about ${job.queue.eta_seconds} s` : '';
  show(job.terminal ? job.status : `${job.status} (${job.stage.replaceAll('_', ' ')}${queue})`);
  progress.hidden = job.terminal;
  if (job.progress) {
    progress.value = job.progress.fraction;
  } else {
    progress.removeAttribute('value');
  }
}

function showImages(job) {
  for (const image of job.images) {
    const element = document.createElement('img');
    element.src = `v1/generations/${job.id}/images/${image.index}`;
    element.alt = job.request.prompt || 'image';
    element.width = image.width;
    element.height = image.height;
    images.append(element);
  }
}

/* Shows the image as it is made, for models that can. Their end, or an error, is left to the requests of follow(). */
function showPreviews(job) {
  const events = new EventSource(`v1/generations/${job.id}/events?previews=true`);
  const element = document.createElement('img');
  element.className = 'preview';
  element.width = job.request.width;
  element.height = job.request.height;
  events.addEventListener('generation.preview', event => {
    const preview = JSON.parse(event.data);
    element.src = `data:${preview.media_type};base64,${preview.data}`;
    element.alt = `preview, step ${preview.step} of ${preview.steps}`;
    images.append(element);
  });
  return () => {
    events.close();
    element.remove();
  };
}

/* Waits for the end of the job. A gateway that restarts meanwhile only delays it. */
async function follow(id) {
  let etag = null;
  for (;;) {
    const headers = { Prefer: 'wait=20' };
    if (etag) {
      headers['If-None-Match'] = etag;
    }
    try {
      const response = await fetch(`v1/generations/${id}`, { headers, cache: 'no-store' });
      if (response.status !== 304) {
        const job = await read(response);
        etag = response.headers.get('ETag');
        showState(job);
        if (job.terminal) {
          return job;
        }
      }
    } catch (failure) {
      if (failure.retryable === false) {
        throw failure;
      }
      show('The gateway does not answer; asking again.', true);
    }
    await pause(500);
  }
}

async function submit() {
  const request = { prompt: prompt.value };
  if (model.value) {
    request.model = model.value;
  }
  const response = await fetch('v1/generations', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
  });
  const accepted = await read(response);
  showState(accepted);
  const endPreviews = showPreviews(accepted);
  const job = await follow(accepted.id).finally(endPreviews);
  if (job.error) {
    show(`${job.status}: ${job.error.message}`, true);
  } else {
    showImages(job);
  }
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  create.disabled = true;
  images.replaceChildren();
  show('Sending');
  try {
    await submit();
  } catch (failure) {
    show(failure.message, true);
  } finally {
    progress.hidden = true;
    create.disabled = false;
  }
});

fetch('v1/models')
  .then(read)
  .then(list => {
    for (const known of list.data.filter(each => each.state !== 'not_configured' && !each.deprecated)) {
      const option = document.createElement('option');
      option.value = known.id;
      option.textContent = known.state === 'ready' ? known.id : `${known.id} (${known.state.replaceAll('_', ' ')})`;
      model.append(option);
    }
  })
  .catch(() => {});
