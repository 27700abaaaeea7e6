import type { ResponseEvent } from '../../src/http1/events';
import { ResponseParser } from '../../src/http1/response-parser';
import { VECTORS } from '../support/vectors';
import { type Failure, fuzz, replay } from './fuzz';
import { Random } from './random';
import { ownSeeds, vectorSeeds } from './seeds';

/** some seconds of work; `npm run fuzz` does more */
const RUNS = 50_000;

it('finds nothing wrong with the response parser, from seeds of our own and the vectors', () => {
  const seeds = [...ownSeeds(), ...vectorSeeds(VECTORS)];
  expect(fuzz({ runs: RUNS, seed: 9112, seeds })).toBeNull();
}, 120_000);

describe('finds, from seeds of our own, a parser that', () => {
  function find(
    make: new (...options: ConstructorParameters<typeof ResponseParser>) => ResponseParser,
  ): Failure {
    const failure = fuzz({ runs: 20_000, seed: 1, seeds: ownSeeds(), make: (options) => new make(options) });
    if (failure === null) throw new Error('nothing was found');
    return failure;
  }

  it('throws another error', () => {
    class Throwing extends ResponseParser {
      override receive(octets: Buffer): void {
        if (octets.includes(0xff)) throw new RangeError('0xff');
        super.receive(octets);
      }
    }
    const { complaint, input } = find(Throwing);
    expect(complaint).toBe('threw RangeError: 0xff');
    expect(input).toEqual(Buffer.of(0xff));
  });

  it('goes by where a read ended', () => {
    class Splitting extends ResponseParser {
      private begun = false;
      override receive(octets: Buffer): void {
        super.receive(this.begun && octets[0] === 0x0a ? Buffer.from(' ') : octets);
        this.begun = true;
      }
    }
    const { complaint, input } = find(Splitting);
    expect(complaint).toContain('another reply');
    expect(input.length).toBeLessThan(20);
  });

  it('keeps what was to be overwritten', () => {
    class Keeping extends ResponseParser {
      private kept: ResponseEvent | null = null;
      override next(): ResponseEvent | null {
        const event = super.next();
        if (event?.type !== 'end') {
          if (event?.type === 'content') this.kept = event;
          return event;
        }
        const { kept } = this;
        this.kept = null;
        return kept ?? event;
      }
    }
    expect(find(Keeping).complaint).toMatch(/content|another reply|complete/);
  });

  it('loses octets after the message', () => {
    class Losing extends ResponseParser {
      override takeExtra(): Buffer {
        return super.takeExtra().subarray(0, 0);
      }
    }
    expect(find(Losing).complaint).toMatch(/is at \d+/);
  });

  it('loses content', () => {
    class Losing extends ResponseParser {
      override next(): ResponseEvent | null {
        const event = super.next();
        if (event?.type !== 'content') return event;
        return { type: 'content', octets: event.octets.subarray(0, 4) };
      }
    }
    expect(find(Losing).complaint).toContain('content');
  });

  it('tells a chunk that is not there', () => {
    class Inventing extends ResponseParser {
      override next(): ResponseEvent | null {
        const event = super.next();
        return event?.type === 'transfer-chunk' ? { ...event, size: event.size + 1 } : event;
      }
    }
    expect(find(Inventing).complaint).toContain('there is no chunk');
  });

  it('does work that grows faster than the octets', () => {
    class Slow extends ResponseParser {
      private received = 0;
      looked = 0;
      override receive(octets: Buffer): void {
        this.received += octets.length;
        for (let at = 0; at < this.received; at += 2) this.looked ^= at;
        super.receive(octets);
      }
    }
    expect(find(Slow).complaint).toMatch(/^\d+ octets took/);
  });
});

it('looks at one input again', () => {
  expect(
    replay(Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0;a\r\n\r\n\0')),
  ).toEqual([]);
});

it('does the same again for the same seed', () => {
  const numbers = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 5 }, () => random.below(1_000));
  };
  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(7)).not.toEqual(numbers(8));
});
