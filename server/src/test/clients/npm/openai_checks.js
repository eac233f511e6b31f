// OpenAI's own npm package against a real server: it knows nothing of us but the address.

import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { check, fails, run, setting } from './checks.js';

const QUESTION = 'Name the capital of France.';
const SUM = [{ role: 'user', content: 'What is 2 plus 3?' }];
const ADD = {
  type: 'function',
  function: {
    name: 'add',
    parameters: { type: 'object', properties: { x: { type: 'integer' }, y: { type: 'integer' } } },
  },
};
// has few values, so that a small model is soon done
const Weather = z.object({
  city: z.enum(['Oslo', 'Rome']),
  wind: z.object({ from: z.enum(['north', 'south']), strong: z.boolean() }),
});

const client = new OpenAI({ baseURL: `${setting('URL')}/v1`, apiKey: 'any', maxRetries: 0 });
const guarded = client.withOptions({ baseURL: `${setting('GUARDED_URL')}/v1`, apiKey: setting('KEY') });

function request(more) {
  return {
    model: 'base',
    messages: [{ role: 'user', content: QUESTION }],
    temperature: 0,
    max_completion_tokens: 8,
    ...more,
  };
}

function chat(more, to = client) {
  return to.chat.completions.create(request(more));
}

check('a chat and its stream say the same, and usage comes last', async () => {
  const whole = await chat();
  assert.match(whole.choices[0].message.content, /Paris/);
  const chunks = [];
  for await (const chunk of await chat({ stream: true, stream_options: { include_usage: true } })) {
    chunks.push(chunk);
  }
  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
  assert.equal(text, whole.choices[0].message.content);
  const last = chunks.at(-1);
  assert.deepEqual(last.choices, []);
  assert.equal(last.usage.completion_tokens, whole.usage.completion_tokens);
  assert.equal(chunks.at(-2).choices[0].finish_reason, whole.choices[0].finish_reason);
  assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1);
});

check('the streaming helper gathers a completion', async () => {
  const stream = client.chat.completions.stream(request());
  let text = '';
  stream.on('content', (delta) => (text += delta));
  const whole = await stream.finalChatCompletion();
  assert.equal(whole.choices[0].message.content, text);
  assert.match(text, /Paris/);
});

check('a stream that is aborted can be followed by another request', async () => {
  const stream = await chat({ stream: true, max_completion_tokens: 200, ignore_eos: true });
  for await (const chunk of stream) {
    assert.ok(chunk.id);
    break;
  }
  stream.controller.abort();
  assert.equal((await chat({ max_completion_tokens: 1 })).usage.completion_tokens, 1);
});

check('logprobs are read', async () => {
  const answer = await chat({ logprobs: true, top_logprobs: 2, max_completion_tokens: 3 });
  const tokens = answer.choices[0].logprobs.content;
  assert.equal(tokens.length, 3);
  for (const token of tokens) {
    assert.ok(token.logprob <= 0);
    assert.equal(token.top_logprobs.length, 2);
  }
});

check('parse returns what the zod schema says', async () => {
  const answer = await client.chat.completions.parse(
    request({
      messages: [{ role: 'user', content: 'Tell the weather in Oslo as JSON.' }],
      max_completion_tokens: 80,
      response_format: zodResponseFormat(Weather, 'weather'),
    }),
  );
  assert.deepEqual(Weather.parse(answer.choices[0].message.parsed), answer.choices[0].message.parsed);
});

check('a tool is called and its result told', async () => {
  const tooled = { model: setting('CALLER'), messages: SUM, tools: [ADD], max_completion_tokens: 60 };
  const asked = await chat(tooled, guarded);
  assert.equal(asked.choices[0].finish_reason, 'tool_calls');
  const message = asked.choices[0].message;
  assert.equal(message.tool_calls[0].function.name, 'add');
  assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), { x: 2, y: 3 });
  const told = await chat(
    {
      ...tooled,
      messages: [...SUM, message, { role: 'tool', tool_call_id: message.tool_calls[0].id, content: '5' }],
      max_completion_tokens: 2,
    },
    guarded,
  );
  assert.ok(told.usage.prompt_tokens > asked.usage.prompt_tokens);
});

check('the helper runs the tool that a stream calls', async () => {
  const sums = [];
  const runner = guarded.chat.completions.runTools(
    {
      model: setting('CALLER'),
      messages: SUM,
      stream: true,
      temperature: 0,
      max_completion_tokens: 60,
      tools: [{ type: 'function', function: { ...ADD.function, parse: JSON.parse, function: ({ x, y }) => sums.push(x + y) } }],
    },
    { maxChatCompletions: 1 },
  );
  await runner.done();
  assert.deepEqual(sums, [5]);
});

check('embeddings are equal in both encodings', async () => {
  const input = ['a cat', 'tax law'];
  const packed = await client.embeddings.create({ model: 'base', input }); // asks for base64 and unpacks it
  const floats = await client.embeddings.create({ model: 'base', input, encoding_format: 'float' });
  assert.deepEqual(packed.data.map((item) => item.index), [0, 1]);
  packed.data.forEach((item, i) => {
    assert.ok(item.embedding.length > 100);
    item.embedding.forEach((x, j) => assert.equal(Math.fround(x), Math.fround(floats.data[i].embedding[j])));
  });
});

check('a response is created, retrieved, gone on from and deleted', async () => {
  const first = await client.responses.create({ model: 'base', input: QUESTION, temperature: 0, max_output_tokens: 16 });
  assert.match(first.output_text, /Paris/);
  assert.deepEqual((await client.responses.retrieve(first.id)).output, first.output);
  const second = await client.responses.create({
    model: 'base',
    input: 'And of Italy?',
    previous_response_id: first.id,
    max_output_tokens: 16,
  });
  assert.ok(second.usage.input_tokens > first.usage.input_tokens);
  await client.responses.delete(first.id);
  await fails(OpenAI.NotFoundError, client.responses.retrieve(first.id));
});

check('the events of a response gather to it', async () => {
  const stream = client.responses.stream({ model: 'base', input: QUESTION, temperature: 0, max_output_tokens: 16 });
  let text = '';
  const types = [];
  for await (const event of stream) {
    types.push(event.type);
    text += event.type === 'response.output_text.delta' ? event.delta : '';
  }
  const whole = await stream.finalResponse();
  assert.equal(types[0], 'response.created');
  assert.match(types.at(-1), /^response\.(completed|incomplete)$/);
  assert.equal(whole.output_text, text);
});

check('a response is parsed to what the zod schema says', async () => {
  const answer = await client.responses.parse({
    model: 'base',
    input: 'Tell the weather in Oslo as JSON.',
    temperature: 0,
    max_output_tokens: 80,
    text: { format: zodTextFormat(Weather, 'weather') },
  });
  assert.deepEqual(Weather.parse(answer.output_parsed), answer.output_parsed);
});

check('a completion goes on and streams', async () => {
  const prompt = { model: 'base', prompt: 'One, two, three,', temperature: 0, max_tokens: 3 };
  const whole = await client.completions.create(prompt);
  let text = '';
  for await (const chunk of await client.completions.create({ ...prompt, stream: true })) {
    text += chunk.choices[0]?.text ?? '';
  }
  assert.equal(text, whole.choices[0].text);
});

check('models are listed and found', async () => {
  const ids = [];
  for await (const model of client.models.list()) {
    ids.push(model.id);
  }
  assert.ok(ids.includes('base') && ids.includes('apprentice'), ids.join());
  assert.equal((await client.models.retrieve('base')).id, 'base');
});

check('errors have their type, code and field', async () => {
  const bad = await fails(OpenAI.BadRequestError, chat({ temperature: 9 }));
  assert.deepEqual([bad.status, bad.param, bad.type], [400, 'temperature', 'invalid_request_error']);
  const unknown = await fails(OpenAI.NotFoundError, chat({ model: 'nobody' }));
  assert.deepEqual([unknown.code, unknown.param], ['model_not_found', 'model']);
  const schema = { type: 'object', properties: { a: { not: { type: 'string' } } } };
  const odd = { type: 'json_schema', json_schema: { name: 'odd', schema } };
  assert.match((await fails(OpenAI.BadRequestError, chat({ response_format: odd }))).param, /^response_format/);
});

check('keys are asked for, and their scopes and limits kept', async () => {
  const stranger = guarded.withOptions({ apiKey: 'ak_nobody' });
  assert.equal((await fails(OpenAI.AuthenticationError, chat({}, stranger))).code, 'invalid_api_key');
  const teacher = guarded.withOptions({ apiKey: setting('TEACHER_KEY') });
  await fails(OpenAI.PermissionDeniedError, chat({}, teacher));
  const thrifty = guarded.withOptions({ apiKey: setting('THRIFTY_KEY') });
  await chat({ max_completion_tokens: 1 }, thrifty);
  const limited = await fails(OpenAI.RateLimitError, chat({ max_completion_tokens: 1 }, thrifty));
  assert.ok(Number(limited.headers.get('retry-after')) >= 1);
});

check('what a hop failed is tried again after the time it says', async () => {
  const patient = client.withOptions({ baseURL: `${setting('HOP_URL')}/v1`, maxRetries: 2 });
  const begun = performance.now();
  const answer = await patient.chat.completions.create(request({ max_completion_tokens: 1 }));
  assert.equal(answer.usage.completion_tokens, 1);
  assert.ok(performance.now() - begun >= 1000, 'the hop said Retry-After: 1');
  await fails(OpenAI.BadRequestError, patient.chat.completions.create(request({ temperature: 9 })));
});

await run();
