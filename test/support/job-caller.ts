import { request } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import type { JobDto, JobItemDto, JobResultsDto } from '../../src/jobs/dto/job.dto';
import { type Answer, call, jsonOf } from './app';

type Headers = Readonly<Record<string, string>>;

const POLL_MS = 50;

/** A client of the routes of jobs. */
export class JobCaller {
  constructor(
    readonly url: string,
    private readonly headers: Headers = {},
  ) {}

  post(body: unknown, headers: Headers = {}): Promise<Answer> {
    return call(`${this.url}/jobs`, { method: 'POST', headers: { ...this.headers, ...headers }, body });
  }

  /** @throws when it is not accepted */
  async submit(body: unknown): Promise<JobDto> {
    const answer = await this.post(body);
    if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
    return jsonOf(answer);
  }

  get(path: string, headers: Headers = {}): Promise<Answer> {
    return call(this.url + path, { headers: { ...this.headers, ...headers } });
  }

  async job(id: string): Promise<JobDto> {
    return jsonOf(await this.get(`/jobs/${id}`));
  }

  cancel(id: string): Promise<Answer> {
    return call(`${this.url}/jobs/${id}`, { method: 'DELETE', headers: this.headers });
  }

  /** When a job is as it should be. */
  async until(id: string, holds: (job: JobDto) => boolean): Promise<JobDto> {
    for (;;) {
      const job = await this.job(id);
      if (holds(job)) return job;
      await after(POLL_MS);
    }
  }

  over(id: string): Promise<JobDto> {
    return this.until(id, ({ finishedAt }) => finishedAt !== null);
  }

  /** All results of a job that has ended, by its pages. */
  async results(id: string, limit = 1_000, state = ''): Promise<JobItemDto[]> {
    const items: JobItemDto[] = [];
    const filter = state === '' ? '' : `&state=${state}`;
    for (let next: string | null = '0'; next !== null;) {
      const page: JobResultsDto = jsonOf(
        await this.get(`/jobs/${id}/results?limit=${limit}&after=${next}${filter}`),
      );
      items.push(...page.items);
      next = page.next;
    }
    return items;
  }

  /** Reads an answer as it comes, to its end.
   *  @param took told of all that has come, each time more has */
  follow(path: string, accept: string, took: (text: string) => void = () => undefined): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { ...this.headers, accept };
      const outgoing = request(this.url + path, { headers, agent: false }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (piece: string) => took((text += piece)));
        incoming.on('end', () => resolve(text));
        incoming.on('error', reject);
      });
      outgoing.on('error', reject).end();
    });
  }
}
