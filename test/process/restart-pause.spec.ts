import { RestartPause } from '../../src/process/restart-pause';

it('the first is replaced at once, then it takes longer and longer, but never long', () => {
  const pause = new RestartPause();
  const pauses = Array.from({ length: 8 }, () => pause.after(10));
  expect(pauses).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

it('whoever lived for a minute has not died at once', () => {
  const pause = new RestartPause();
  for (let deaths = 0; deaths < 5; deaths++) pause.after(10);
  expect([pause.after(60_000), pause.after(59_999)]).toEqual([0, 1_000]);
});
