import type { HopGate } from '../exchange/hop-gate';
import type { Ticket } from '../limits/admission';
import type { Place, Slot, SlotLimit, Slots } from './slots';

/** The way of one item: each hop needs a place in its job and one at its host among all workers, and one in this process.
 *  Between two hosts it has none of them, so that no two wait for each other. */
export class ItemGate implements HopGate {
  /** where it has a place among all workers, and that place; null: nowhere */
  private held: { readonly host: string; readonly place: Place } | null = null;

  constructor(
    private readonly slots: Slots,
    private readonly job: Slot,
    private readonly limit: SlotLimit,
    private readonly ticket: Ticket,
    /** told before each hop, when it may begin */
    private readonly entered: () => void,
  ) {}

  /** @throws QueueFull at the first hop */
  async enter(host: string, signal: AbortSignal): Promise<void> {
    // Whoever comes back to the same host begins something there once more.
    if (host !== this.held?.host || this.limit.minGapMs > 0) {
      this.leave();
      const place = await this.slots.enter(this.job, { name: host, limit: this.limit }, signal);
      if (place === null) return;
      this.held = { host, place };
    }
    await this.ticket.enter(host, signal);
    this.entered();
  }

  holds(): boolean {
    return this.slots.areHeld;
  }

  /** Gives back what it holds. */
  leave(): void {
    this.ticket.leave();
    this.held?.place.leave();
    this.held = null;
  }
}
