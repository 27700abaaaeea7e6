import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import addFormats from 'ajv-formats';
import { Ajv } from 'ajv';

const DIRECTORY = path.dirname(require.resolve('har-schema'));

/** The published schema of HAR 1.2. */
const validate = compile();

function compile(): ReturnType<Ajv['compile']> {
  // "optional", "min" and "unique", which it has, are no keywords of JSON Schema.
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats(ajv);
  ajv.addMetaSchema(read(require.resolve('ajv/dist/refs/json-schema-draft-06.json')));
  for (const file of readdirSync(DIRECTORY))
    if (file.endsWith('.json')) ajv.addSchema(read(path.join(DIRECTORY, file)));
  return ajv.getSchema('har.json')!;
}

function read(file: string): object {
  return JSON.parse(readFileSync(file, 'utf8')) as object;
}

/** @returns what is wrong with an HTTP Archive, nothing when it is as its schema says */
export function harMistakesIn(har: unknown): readonly object[] {
  return validate(har) === true ? [] : (validate.errors ?? []);
}
