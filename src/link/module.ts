// The module record: how the runtime finds everything that the linker made. The order of fields is the contract of docs/metadata.md
// and of the runtime's moduleInfo struct.

/** Field names in order; true: an address (relocated at start), false: a plain number. */
const fields = [
  ["image", true],
  ["text", true],
  ["etext", true],
  ["rodata", true],
  ["erodata", true],
  ["relro", true],
  ["erelro", true],
  ["data", true],
  ["edata", true],
  ["bss", true],
  ["ebss", true],
  ["gcdata", true],
  ["gcbss", true],
  ["functab", true],
  ["nfunc", false],
  ["funcs", true],
  ["stackmaps", true],
  ["pcln", true],
  ["npcln", false],
  ["itabs", true],
  ["nitabs", false],
  ["typelinks", true],
  ["ntypelinks", false],
  ["inittasks", false],
  ["ninit", false],
  ["buildinfo", true],
  ["nbuildinfo", false],
  ["flags", false],
] as const;

export type ModuleField = (typeof fields)[number][0];

/** Bytes of the record. */
export const moduleSize = 8 * fields.length;

/** The record's shape: which fields are addresses, and how to encode it. */
export function makeModule(): {
  readonly addressFields: readonly number[];
  readonly encode: (values: Readonly<Record<ModuleField, number>>) => Uint8Array;
} {
  const addressFields: number[] = [];
  fields.forEach(([, address], i) => {
    if (address) addressFields.push(i);
  });
  return {
    addressFields,
    encode: (values) => {
      const bytes = new Uint8Array(moduleSize);
      const view = new DataView(bytes.buffer);
      fields.forEach(([name], i) => {
        view.setUint32(8 * i, values[name] >>> 0, true);
        view.setUint32(8 * i + 4, Math.floor(values[name] / 4294967296), true);
      });
      return bytes;
    },
  };
}
