// Parallel moves: several values change places at once (arguments into their registers, the registers of a block's end into those that its
// successor expects). Put in an order in which nothing is overwritten before it is read; cycles are exchanged or go through a temporary.

/** Items of allocated code. Four numbers each: kind, value, to, from. */
export const ItemValue = 0; // the instruction of a value
export const ItemMove = 1; // register to register
export const ItemLoad = 2; // spill slot of the value to register `to`
export const ItemStore = 3; // register `from` to the spill slot of the value
export const ItemRemat = 4; // make the value in register `to`
export const ItemExchange = 5; // exchange registers `to` and `from` (value is in `from`)
export const ItemSlotMove = 6; // spill slot of value `from` to the spill slot of value `value`
export const ItemRematSlot = 7; // make value `from` in the spill slot of `value`
export const ItemScratchIn = 8; // spill slot of the value to the frame's scratch word
export const ItemScratchOut = 9; // the frame's scratch word to the spill slot of the value
export const ItemClear = 10; // the float scratch register is zero again
export const ItemScratchTo = 11; // the frame's scratch word to register `to`

/** Locations: registers 0..31, spill slots from here on. */
export const SlotLocation = 32;
const Remat = -1;
const Scratch = -2;

/** Collects moves and writes them out in order. */
export class ParallelMove {
  private readonly floatMask: number;
  private readonly floatScratch: number;
  private readonly to: number[] = [];
  private readonly from: number[] = [];
  /** The value that moves, and for slots as destination the value that owns the slot. */
  private readonly value: number[] = [];
  private readonly owner: number[] = [];
  private readonly pending: number[] = [];

  constructor(floatMask: number, floatScratch: number) {
    this.floatMask = floatMask;
    this.floatScratch = floatScratch;
  }

  /** A register destination. `from`: a register, a slot location or -1 to make the value anew. */
  toRegister(value: number, to: number, from: number): void {
    if (to === from) return;
    this.to.push(to);
    this.from.push(from);
    this.value.push(value);
    this.owner.push(0);
  }

  /** The spill slot of `owner` as destination. */
  toSlot(value: number, owner: number, to: number, from: number): void {
    if (to === from) return;
    this.to.push(to);
    this.from.push(from);
    this.value.push(value);
    this.owner.push(owner);
  }

  /** Appends the items and forgets the moves. */
  write(items: number[]): void {
    const { to, from, value, owner, pending } = this;
    const count = to.length;
    pending.length = 0;
    let used = false;
    // Stores and moves first; loads and rematerialisations free no place, so they wait until nobody reads their destination.
    for (let i = 0; i < count; i++) pending.push(i);
    while (pending.length > 0) {
      let progress = false;
      for (let k = 0; k < pending.length; k++) {
        const i = pending[k];
        let blocked = false;
        for (let j = 0; j < pending.length; j++) {
          if (j !== k && from[pending[j]] === to[i]) {
            blocked = true;
            break;
          }
        }
        if (blocked) continue;
        this.item(items, i);
        pending.splice(k, 1);
        k--;
        progress = true;
      }
      if (progress) continue;
      // Only cycles are left. Registers: exchange the first with its source.
      let at = pending.findIndex((i) => to[i] < SlotLocation && from[i] >= 0 && from[i] < SlotLocation);
      if (at < 0) at = 0;
      const i = pending[at];
      const a = to[i];
      const b = from[i];
      if (a < SlotLocation && b >= 0 && b < SlotLocation && ((this.floatMask >>> a) & 1) === 0) {
        items.push(ItemExchange, value[i], a, b);
        pending.splice(at, 1);
        // What was in a is in b now.
        for (const j of pending) if (from[j] === a) from[j] = b;
        for (let k = pending.length - 1; k >= 0; k--) if (from[pending[k]] === to[pending[k]]) pending.splice(k, 1);
        continue;
      }
      // Save what is in the destination, whoever reads it reads the copy.
      const reader = pending.find((j) => from[j] === a) as number;
      if (a < SlotLocation) {
        items.push(ItemMove, value[reader], this.floatScratch, a);
        used = true;
        for (const j of pending) if (from[j] === a) from[j] = this.floatScratch;
      } else {
        items.push(ItemScratchIn, owner[i], 0, 0);
        for (const j of pending) if (from[j] === a) from[j] = Scratch;
      }
    }
    if (used) items.push(ItemClear, 0, 0, 0);
    to.length = 0;
    from.length = 0;
    value.length = 0;
    owner.length = 0;
  }

  private item(items: number[], i: number): void {
    const { to, from, value, owner } = this;
    const t = to[i];
    const s = from[i];
    if (t < SlotLocation) {
      if (s === Remat) items.push(ItemRemat, value[i], t, 0);
      else if (s >= SlotLocation) items.push(ItemLoad, value[i], t, 0);
      else if (s === Scratch) items.push(ItemScratchTo, value[i], t, 0);
      else items.push(ItemMove, value[i], t, s);
      return;
    }
    if (s === Remat) items.push(ItemRematSlot, owner[i], 0, value[i]);
    else if (s === Scratch) items.push(ItemScratchOut, owner[i], 0, 0);
    else if (s >= SlotLocation) items.push(ItemSlotMove, owner[i], 0, value[i]);
    else items.push(ItemStore, owner[i], 0, s);
  }
}
