import 'reflect-metadata';
import { Equals, IsIn, IsString, Matches, MaxLength, ValidateNested, validateSync } from 'class-validator';
import fc from 'fast-check';
import {
  FetchRequestDto,
  IncludeOptionsDto,
  NetworkOptionsDto,
  RawRequestDto,
  ReadOptionsDto,
  RedirectOptionsDto,
  RequestBodyDto,
  TimeoutsDto,
  TlsOptionsDto,
} from '../../src/fetch/dto/fetch-request.dto';
import { fieldChecks } from '../../src/fetch/dto/field-checks';
import { JobRequestDto, PerHostDto, RetriesDto, WebhookDto } from '../../src/jobs/dto/job-request.dto';

type Fields = Record<string, unknown>;

const OF_FETCHES = [RequestBodyDto, RawRequestDto, TimeoutsDto, ReadOptionsDto, RedirectOptionsDto];
const OF_CONNECTIONS = [NetworkOptionsDto, TlsOptionsDto, IncludeOptionsDto];
const OF_JOBS = [PerHostDto, RetriesDto, WebhookDto];
const CLASSES = [FetchRequestDto, JobRequestDto, ...OF_FETCHES, ...OF_CONNECTIONS, ...OF_JOBS];

function judged(type: new () => object, fields: Fields): Fields {
  const object = Object.assign(new type(), fields) as Fields;
  const told = [...fieldChecks(type)].map(
    ([name, check]) => [name, check.judge(object[name], object)] as const,
  );
  return Object.fromEntries(told.filter(([, message]) => message !== null));
}

/** What class-validator says itself. */
function validated(type: new () => object, fields: Fields): Fields {
  const errors = validateSync(Object.assign(new type(), fields));
  return Object.fromEntries(
    errors.map(({ property, constraints = {} }) => [
      property,
      [...new Set(Object.values(constraints))].join('; '),
    ]),
  );
}

const WORDS = [
  '',
  'GET',
  'CONNECT',
  'any',
  'complete',
  'auto',
  'full',
  '192.0.2.7',
  '::1',
  'TLSv1.3',
  'a\nb',
];
const DATES = ['2030-01-01T00:00:00Z', '2030-02-30T00:00:00Z'];
const LISTS = [[], ['h2'], ['h2', 'h2'], ['h2', 7], ['completed'], new Set(['h2'])];
const NUMBERS = [0, 1, 4, 1.5, -1, 100_000, 2 ** 53, NaN];
const LIKELY = [
  ...WORDS,
  ...DATES,
  ...LISTS,
  ...NUMBERS,
  undefined,
  null,
  true,
  {},
  { text: 'a' },
  new Map(),
];
const likely = fc.constantFrom<unknown>(...LIKELY);
const values = fc.oneof({ weight: 3, arbitrary: likely }, { weight: 1, arbitrary: fc.anything() });

it.each(CLASSES)('of $name the same is told as by class-validator', (type) => {
  const names = [...fieldChecks(type).keys()];
  expect(names).not.toEqual([]);
  fc.assert(
    fc.property(fc.record(Object.fromEntries(names.map((name) => [name, values]))), (fields) => {
      expect(judged(type, fields)).toEqual(validated(type, fields));
    }),
    { numRuns: 500 },
  );
});

it('of rules with the same name the message is told of the one that stands first', () => {
  class Twice {
    @Matches(/a/, { message: 'must have an a' })
    @Matches(/b/, { message: 'must have a b' })
    field: unknown;
  }
  expect(judged(Twice, { field: '' })).toEqual({ field: 'must have an a' });
  expect(judged(Twice, { field: 'a' })).toEqual({ field: 'must have a b' });
  expect(judged(Twice, { field: 'ab' })).toEqual({});
});

it('what several rules say alike is told once', () => {
  class Short {
    @IsString({ message: 'must be short text' })
    @MaxLength(2, { message: 'must be short text' })
    @Equals('no', { message: 'must be no' })
    field: unknown;
  }
  expect(judged(Short, { field: 7 })).toEqual({ field: 'must be no; must be short text' });
});

it('a rule for each item is for the value itself where that is no list', () => {
  class Each {
    @IsIn(['a', 'b'], { each: true, message: 'must be a or b' })
    field: unknown;
  }
  expect(judged(Each, { field: ['a', 'b'] })).toEqual({});
  expect(judged(Each, { field: ['a', 'c'] })).toEqual({ field: 'must be a or b' });
  expect(judged(Each, { field: 'b' })).toEqual({});
  expect(judged(Each, { field: 'c' })).toEqual({ field: 'must be a or b' });
});

describe('a mistake of ours', () => {
  class Silent {
    @IsString()
    field: unknown;
  }
  class Quoting {
    @IsString({ message: '$value is no string' })
    field: unknown;
  }
  class Conditional {
    @IsString({ message: 'must be a string', validateIf: () => false })
    field: unknown;
  }
  class Within {
    @ValidateNested()
    field: unknown;
  }

  it.each([
    [Silent, 'a decorator of field does not say what is wrong'],
    [Quoting, 'a decorator of field does not say what is wrong'],
    [Conditional, 'a decorator of field has validateIf'],
    [Within, 'field: nestedValidation is not known here'],
  ])('is a decorator that asks for what is not done here: $name', (type, message) => {
    expect(() => fieldChecks(type)).toThrow(message);
  });
});
