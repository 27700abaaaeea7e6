import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as originModule from '../../demo/origin.mjs' with { 'resolution-mode': 'import' };
import { TestService } from '../support/app';

/** Every example of docs/clients.md, run as a reader would run it. */

jest.setTimeout(60_000);

const ROOT = join(__dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs/clients.md'), 'utf8');
/** a fenced block, and the comment before it if that makes it an example */
const BLOCK =
  /(?:^<!-- example(?: with (?<settings>[^>]*?))? -->\n\n)?^```(?<language>\w*)\n(?<text>[^]*?)^```$/gm;
const NAMES = { ts: 'example.ts', python: 'example.py', sh: 'example.sh' } as const;

type Language = keyof typeof NAMES;

interface Example {
  readonly title: string;
  readonly language: Language;
  /** of the service */
  readonly settings: Readonly<Record<string, string>>;
  readonly text: string;
  /** what it prints */
  readonly output: string;
}

function readExamples(): Example[] {
  const examples: Example[] = [];
  let waiting: Omit<Example, 'output'>[] = [];
  for (const { 0: block, groups, index } of PAGE.matchAll(BLOCK)) {
    const { language = '', settings = '', text = '' } = groups!;
    if (language === 'text') {
      examples.push(...waiting.map((example) => ({ ...example, output: text })));
      waiting = [];
    }
    if (!block.startsWith('<!--')) continue;
    const heading = PAGE.slice(0, index)
      .match(/(?<=^## ).*$/gm)!
      .at(-1)!;
    const pairs = settings.split(' ').filter(Boolean);
    waiting.push({
      title: `${heading}, line ${PAGE.slice(0, index).split('\n').length}`,
      language: language as Language,
      settings: Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string])),
      text,
    });
  }
  if (waiting.length > 0) throw new Error(`what ${waiting[0]!.title} prints does not stand there`);
  return examples;
}

const EXAMPLES = readExamples();

/** what a language lacks here */
const ABSENT: Readonly<Record<Language, string | null>> = {
  ts: null,
  python: runs('python3', '-c', 'import requests') ? null : 'python3 with its package requests',
  sh: runs('curl', '--version') ? null : 'curl',
};

function runs(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}

/** Jest takes no .mts; the runtime does. */
function load<Module>(path: string): { readonly [Name in keyof Module]: Module[Name] } {
  const { createRequire: create } = process.getBuiltinModule('module') as {
    readonly createRequire: typeof createRequire;
  };
  return create(__filename)(join(ROOT, path)) as { readonly [Name in keyof Module]: Module[Name] };
}

let origin: Server;
let project: string;
/** by their settings */
const services = new Map<string, Promise<TestService>>();

function serviceWith(settings: Readonly<Record<string, string>>): Promise<TestService> {
  const name = JSON.stringify(settings);
  if (!services.has(name)) services.set(name, TestService.start(settings));
  return services.get(name)!;
}

beforeAll(async () => {
  origin = await load<typeof originModule>('demo/origin.mts').startOrigin(0);
  project = mkdtempSync(join(tmpdir(), 'wirefetch-client-'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  cpSync(join(ROOT, 'openapi/client'), join(project, 'wirefetch'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
});

afterAll(async () => {
  for (const service of await Promise.all(services.values())) await service.close();
  rmSync(project, { recursive: true, force: true });
  origin.close();
  await once(origin, 'close');
});

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const child = spawn(command, args, {
    cwd: project,
    env: { ...process.env, NO_PROXY: '*', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

const COMMANDS: Readonly<Record<Language, readonly [string, ...string[]]>> = {
  ts: [process.execPath],
  python: ['python3'],
  sh: ['bash', '-e', '-o', 'pipefail'],
};

describe.each(Object.keys(NAMES) as Language[])('examples in %s', (language) => {
  const examples = EXAMPLES.filter((example) => example.language === language);
  const absent = ABSENT[language];
  if (absent !== null) {
    it.todo(`${examples.length} are not run, ${absent} is absent`);
    return;
  }

  it.each(examples)('$title', async ({ settings, text, output }) => {
    const service = await serviceWith(settings);
    const { port } = origin.address() as AddressInfo;
    const ours = text
      .replaceAll('localhost:8080', new URL(service.url).host)
      .replaceAll('127.0.0.1:8081', `127.0.0.1:${port}`);
    writeFileSync(join(project, NAMES[language]), ours);
    const [command, ...args] = COMMANDS[language];
    const ran = await run(command, [...args, NAMES[language]], {
      WIREFETCH_API_KEY: settings['WIREFETCH_API_KEYS'],
    });
    // What it warns of is not looked at, but shown where it fails.
    expect(ran).toEqual({ code: 0, stdout: output, stderr: expect.any(String) as string });
  });
});

it('are in every language', () => {
  for (const language of Object.keys(NAMES))
    expect(EXAMPLES.filter((example) => example.language === language).length).toBeGreaterThan(6);
});

describe('the client in a project of its own', () => {
  // Those who take it have settings of their own.
  const FOR_BROWSERS = {
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: [],
  };
  const FOR_NODE = {
    module: 'nodenext',
    lib: ['es2023'],
    types: ['node'],
    allowImportingTsExtensions: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
  };
  const ALL = {
    target: 'es2023',
    strict: true,
    noEmit: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
  };

  async function check(compilerOptions: object, texts: readonly string[]): Promise<Run> {
    const files = texts.map((text, index) => {
      const name = `checked-${index}.ts`;
      writeFileSync(join(project, name), text);
      return name;
    });
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    return run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.']);
  }

  it('is right by the settings of a bundler, for browsers', async () => {
    const checked = await check({ ...ALL, ...FOR_BROWSERS }, ["export * from './wirefetch/client.js';"]);
    expect(checked).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('is right by the strictest settings for Node, as are the examples, and knows mistakes', async () => {
    const texts = [...PAGE.matchAll(BLOCK)]
      .filter(({ groups }) => groups?.['language'] === 'ts')
      .map(({ groups }) => `${groups?.['text']}\nexport {};\n`);
    const wrong = `
      import { createWirefetch, WirefetchProblem } from './wirefetch/client.ts';
      const wirefetch = createWirefetch({ baseUrl: 'http://localhost:8080' });
      await wirefetch.fetch({ url: 'http://127.0.0.1/', parser: 'loose' });
      for await (const event of wirefetch.stream({ url: '' })) if (event.event === 'problem') break;
      new WirefetchProblem((await wirefetch.api.GET('/jobs')).error!).code === 'no-such-code';
    `;
    const { stdout } = await check({ ...ALL, ...FOR_NODE }, [...texts, wrong]);
    expect(stdout.match(/^\S+?: error TS\d+/gm)).toEqual([
      expect.stringMatching(/^checked-\d+\.ts\(4,\d+\): error TS2322$/),
      expect.stringMatching(/^checked-\d+\.ts\(5,\d+\): error TS2367$/),
      expect.stringMatching(/^checked-\d+\.ts\(6,\d+\): error TS2367$/),
    ]);
  });
});
