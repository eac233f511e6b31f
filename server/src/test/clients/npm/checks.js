// Checks that are told in TAP, a line each, so that whoever started this program can tell them apart.

import assert from 'node:assert/strict';

const checks = [];

/** Adds a check; its name is the promise. */
export function check(name, run) {
  checks.push({ name, run });
}

/** What the caller says by the environment. */
export function setting(name) {
  const value = process.env[`APPRENTICE_${name}`];
  assert.ok(value, `APPRENTICE_${name} is not set`);
  return value;
}

/** Awaits a promise that has to fail with an error of this kind, and returns the error. */
export async function fails(kind, promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof kind, `expected ${kind.name}, found ${error}`);
    return error;
  }
  throw new assert.AssertionError({ message: `no ${kind.name}` });
}

export async function run() {
  console.log(`1..${checks.length}`);
  for (const [index, { name, run }] of checks.entries()) {
    const begun = performance.now();
    try {
      await run();
      console.log(`ok ${index + 1} - ${name}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`not ok ${index + 1} - ${name}`);
      console.log(String(error.stack ?? error).replace(/^/gm, '# '));
    }
    console.log(`# took ${((performance.now() - begun) / 1000).toFixed(2)} s`);
  }
}
