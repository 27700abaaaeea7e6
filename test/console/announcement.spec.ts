import { announcementOf } from '../../src/console/page/announcement';
import { begin, breakOff, foldAll, refuse } from '../../src/console/page/fetch-state';
import { connected, problem, read, result, sent } from './events';

const RUNNING = foldAll(begin('http://192.0.2.7/'), [connected(5), sent(6), read(20, 9)]);

describe('what is told of a fetch to who does not see it', () => {
  it.each([
    ['what it is at, when it stays there', RUNNING, 100, 'Receiving', false],
    ['silence', RUNNING, 1_100, 'Nothing has come for 1 second.', true],
    ['not each second of it', RUNNING, 4_900, 'Nothing has come for 1 second.', true],
    ['that it goes on', RUNNING, 5_100, 'Nothing has come for 5 seconds.', true],
    ['that it goes on and on', RUNNING, 16_000, 'Nothing has come for 15 seconds.', true],
    [
      'its end',
      foldAll(RUNNING, [result(9, { status: 200, complete: true })]),
      9,
      'Done: status 200, complete.',
      true,
    ],
    ['that it was cancelled', breakOff(RUNNING, 'cancelled', 30), 30, 'Cancelled.', true],
    ['its failure', refuse(RUNNING, problem({ title: 'No answer' })), 9, 'Failed: No answer.', true],
    [
      'a failure that is not known here',
      refuse(RUNNING, problem({ title: 'Odd', code: 'brand-new' as never })),
      9,
      'Failed: Odd.',
      true,
    ],
  ])('%s', (_, state, nowMs, text, atOnce) => {
    expect(announcementOf(state, nowMs)).toEqual({ text, atOnce });
  });
});
