import { execFileSync } from 'node:child_process';
import { threadFlags } from '../../src/process/v8-threads';

it.each([
  [1, 1, 1, 1],
  [2, 2, 1, 1],
  [4, 4, 2, 2],
  [16, 16, 4, 2],
])('on %i processors %i threads mark, and %i and %i compile', (processors, marking, turbofan, maglev) => {
  expect(threadFlags(processors)).toEqual([
    `--concurrent-marking-max-worker-num=${marking}`,
    `--concurrent-turbofan-max-threads=${turbofan}`,
    `--concurrent-maglev-max-threads=${maglev}`,
  ]);
});

it('the runtime knows these flags', () => {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  for (const flag of threadFlags(2)) expect(known).toContain(`  ${flag.split('=')[0]} (`);
});
