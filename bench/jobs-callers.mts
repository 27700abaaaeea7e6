import { Agent, request } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import type { JobDto } from '../src/jobs/dto/job.dto.ts';
import type { JobRun, JobsQuestion, Pace } from './contract.mts';

/** Callers of a service that has jobs, in a process of their own: one that submits a job and waits for its end, and
 *  one that calls POST /fetch meanwhile. */

const LOOK_MS = 50;

interface Answer {
  readonly status: number;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true });
let submitted: { readonly path: string; readonly port: number; readonly acceptedAt: number } | null = null;
let latencies: number[] = [];
let failures = 0;
let timer: NodeJS.Timeout | undefined;

process.on('message', (question: JobsQuestion) => {
  if (question.ask === 'submit') void answer(submit(question));
  else if (question.ask === 'follow') void answer(follow());
  else if (question.ask === 'pace') {
    const { port, url, everyMs } = question;
    const content = JSON.stringify({ url });
    timer = setInterval(() => void call(port, content), everyMs);
    process.send?.('calling');
  } else {
    clearInterval(timer);
    const pace: Pace = { latencies, failures };
    process.send?.(pace);
    latencies = [];
    failures = 0;
  }
});
process.send?.('ready');

/** What fails ends this process, and with it the benchmark. */
async function answer(running: Promise<JobRun | number>): Promise<void> {
  process.send?.(await running);
}

async function submit({ port, url, items, concurrency }: JobsQuestion & { ask: 'submit' }): Promise<number> {
  const requests = Array.from({ length: items }, () => ({ url }));
  const content = JSON.stringify({ requests, concurrency, perHost: { concurrency } });
  const began = performance.now();
  const { status, text } = await ask('POST', port, '/jobs', content);
  const acceptedAt = performance.now();
  if (status !== 202) throw new Error(`the job was answered ${status}: ${text.slice(0, 200)}`);
  submitted = { path: `/jobs/${(JSON.parse(text) as JobDto).id}`, port, acceptedAt };
  return acceptedAt - began;
}

async function follow(): Promise<JobRun> {
  const { path, port, acceptedAt } = submitted!;
  for (;;) {
    const job = JSON.parse((await ask('GET', port, path, null)).text) as JobDto;
    if (job.finishedAt !== null) return { ms: performance.now() - acceptedAt, succeeded: job.succeeded };
    await after(LOOK_MS);
  }
}

async function call(port: number, content: string): Promise<void> {
  const began = performance.now();
  try {
    const { status } = await ask('POST', port, '/fetch', content);
    latencies.push(performance.now() - began);
    if (status !== 200) failures++;
  } catch {
    failures++;
  }
}

function ask(method: string, port: number, path: string, content: string | null): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = content === null ? {} : { 'Content-Type': 'application/json' };
    const asked = request({ host: '127.0.0.1', port, method, path, headers, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => (text += piece));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', reject);
    asked.end(content);
  });
}
