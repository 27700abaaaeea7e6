import { LEASE_MS, Lease, type Moment, thisMoment } from '../../src/jobs/lease';

function held(at: Moment): boolean {
  const lease = new Lease();
  lease.renew(at);
  return lease.isHeld;
}

describe('a lease', () => {
  it('is not held before it was ever renewed', () => {
    expect(new Lease().isHeld).toBe(false);
  });

  it('is held for its time', () => {
    expect(held(thisMoment())).toBe(true);
  });

  it.each(['monotonicMs', 'wallMs'] as const)('is over by either clock: %s', (clock) => {
    const now = thisMoment();
    expect(held({ ...now, [clock]: now[clock] - LEASE_MS })).toBe(false);
    expect(held({ ...now, [clock]: now[clock] - LEASE_MS + 5_000 })).toBe(true);
  });

  it('is as long as the last that began says', () => {
    const now = thisMoment();
    const lease = new Lease();
    lease.renew(now);
    lease.renew({ monotonicMs: now.monotonicMs - LEASE_MS, wallMs: now.wallMs - LEASE_MS });
    expect(lease.isHeld).toBe(true);
  });
});
