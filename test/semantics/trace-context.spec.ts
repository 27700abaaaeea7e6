import { parseTraceContext, traceFields } from '../../src/semantics/trace-context';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;

describe('traceparent', () => {
  it.each<[what: string, traceparent: string, flags: string]>([
    ['of version 00', TRACEPARENT, '01'],
    ['with flags that are not known', `00-${TRACE}-${PARENT}-ff`, 'ff'],
    ['of a later version', `01-${TRACE}-${PARENT}-00`, '00'],
    ['of a later version that goes on', `cc-${TRACE}-${PARENT}-09-what-the-future-will-be-like`, '09'],
    ['of a later version that ends with a hyphen', `fe-${TRACE}-${PARENT}-01-`, '01'],
    ['of a later version, as long as it may be', `01-${TRACE}-${PARENT}-01-`.padEnd(512, 'x'), '01'],
  ])('%s names the trace', (_, traceparent, traceFlags) => {
    expect(parseTraceContext(traceparent, undefined)).toEqual({
      traceId: TRACE,
      parentId: PARENT,
      traceFlags,
      traceparent,
      tracestate: null,
    });
  });

  it.each<[what: string, traceparent: string | undefined]>([
    ['that is absent', undefined],
    ['that is empty', ''],
    ['of the forbidden version', `ff-${TRACE}-${PARENT}-01`],
    ['of no version', `${TRACE}-${PARENT}-01`],
    ['of a version with three digits', `000-${TRACE}-${PARENT}-01`],
    ['with a version that is no number', `0g-${TRACE}-${PARENT}-01`],
    ['with a trace-id of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['with a parent-id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['in upper case', TRACEPARENT.toUpperCase()],
    ['with a trace-id that is short', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['with a trace-id that is long', `00-${TRACE}0-${PARENT}-01`],
    ['with a parent-id that is short', `00-${TRACE}-${PARENT.slice(1)}-01`],
    ['without flags', `00-${TRACE}-${PARENT}`],
    ['with one digit of flags', `00-${TRACE}-${PARENT}-1`],
    ['of version 00 that goes on', `${TRACEPARENT}-more`],
    ['of version 00 that ends with a hyphen', `${TRACEPARENT}-`],
    ['of a later version that goes on without a hyphen', `01-${TRACE}-${PARENT}-01more`],
    ['with blanks around it', ` ${TRACEPARENT} `],
    ['given twice', `${TRACEPARENT}, ${TRACEPARENT}`],
    ['with a line end after it', `${TRACEPARENT}\n`],
    ['of a later version with a line end', `01-${TRACE}-${PARENT}-01-\r\nHost: a`],
    ['of a later version that is too long', `01-${TRACE}-${PARENT}-01-`.padEnd(513, 'x')],
  ])('%s is ignored, and tracestate with it', (_, traceparent) => {
    expect(parseTraceContext(traceparent, 'vendor=1')).toBeNull();
  });
});

describe('tracestate', () => {
  it.each([
    ['of one member', 'vendor=1'],
    ['of several, with blanks', 'a=1,b@c=2, d=\t'],
    ['as long as it may be', 'x'.repeat(512)],
    ['with other octets than ASCII', 'caf\xe9=1'],
  ])('%s goes along as it came', (_, tracestate) => {
    expect(parseTraceContext(TRACEPARENT, tracestate)?.tracestate).toBe(tracestate);
  });

  it.each([
    ['that is absent', undefined],
    ['that is empty', ''],
    ['that is too long', 'x'.repeat(513)],
    ['with a line end', 'a=1\r\nHost: b'],
    ['with NUL', 'a=\0'],
    ['with a character that is no octet', 'a=\u0100'],
  ])('%s is left out, and the trace stays', (_, tracestate) => {
    expect(parseTraceContext(TRACEPARENT, tracestate)).toMatchObject({ traceId: TRACE, tracestate: null });
  });
});

describe('what a target is told of the trace', () => {
  const traced = parseTraceContext(TRACEPARENT, 'vendor=1')!;
  const traceparent = { name: 'traceparent', value: TRACEPARENT };
  const tracestate = { name: 'tracestate', value: 'vendor=1' };

  it.each([
    ['both fields', traced, [{ name: 'Accept', value: '*/*' }], [traceparent, tracestate]],
    ['no tracestate where there was none', { ...traced, tracestate: null }, [], [traceparent]],
    [
      'nothing of it where the caller gave a traceparent',
      traced,
      [{ name: 'TraceParent', value: 'own' }],
      [],
    ],
    ['the caller’s tracestate', traced, [{ name: 'Tracestate', value: 'own' }], [traceparent]],
  ])('is %s', (_, trace, given, fields) => {
    expect(traceFields(trace, given)).toEqual(fields);
  });
});
