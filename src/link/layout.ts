// Where everything goes: the order of pieces in their sections, and the addresses of sections in the image. The image is linked at
// address 0. Segments follow one another in the file without padding; each starts on a page of its own in memory, at an
// address that agrees with its file offset modulo the page size, as the kernel's mapping needs.

import { type DataObject, DataReadOnly, DataWritable, type FuncCode, RelocAbs64 } from "../ssa/object.ts";

export const pageSize = 4096;

/** A section of the image. */
export class Section {
  readonly name: string;
  /** Address in the image; set by `assignAddresses`. */
  address = 0;
  /** Offset in the file. */
  offset = 0;
  size = 0;
  align: number;
  /** No bytes in the file. */
  readonly zero: boolean;

  constructor(name: string, align: number, zero: boolean) {
    this.name = name;
    this.align = align;
    this.zero = zero;
  }

  /** Reserves room; yields the offset in the section. */
  reserve(size: number, align: number): number {
    this.align = Math.max(this.align, align);
    const at = alignUp(this.size, align);
    this.size = at + size;
    return at;
  }
}

export function alignUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/** Data in the order and section that it will have. */
export interface Placement {
  readonly object: DataObject;
  readonly section: Section;
  readonly offset: number;
}

/** The sections of every image. */
export class Layout {
  readonly note = new Section(".note.gnu.build-id", 4, false);
  readonly rodata = new Section(".rodata", 16, false);
  readonly text = new Section(".text", 16, false);
  readonly relro = new Section(".data.rel.ro", 16, false);
  /** Variables with pointers, then those without. */
  readonly data = new Section(".data", 16, false);
  readonly noptrdata = new Section(".noptrdata", 16, false);
  readonly bss = new Section(".bss", 16, true);
  readonly noptrbss = new Section(".noptrbss", 16, true);

  /** The program headers' order: what is readable, what runs, what is written only at start, what is written. */
  get segments(): readonly Segment[] {
    return [
      { sections: [this.note, this.rodata], flags: 4, headers: true },
      { sections: [this.text], flags: 5, headers: false },
      { sections: [this.relro], flags: 6, headers: false },
      { sections: [this.data, this.noptrdata, this.bss, this.noptrbss], flags: 6, headers: false },
    ];
  }

  get sections(): readonly Section[] {
    return this.segments.flatMap((s) => s.sections);
  }
}

export interface Segment {
  readonly sections: readonly Section[];
  /** PF_R 4, PF_W 2, PF_X 1. */
  readonly flags: number;
  /** Holds the ELF and program headers. */
  readonly headers: boolean;
}

/** Variables above this size lie apart from the others: a program that touches a few small ones touches few pages. */
const largeVariable = 1024;

/**
 * Decides each object's section and offset. Objects keep their order within a section, but what is relocated or zero is grouped so
 * that a start touches few pages, and what the program checks of itself lies at the end. The result is deterministic.
 */
export function placeData(layout: Layout, objects: readonly DataObject[], isChecked: (d: DataObject) => boolean): Placement[] {
  const placements: Placement[] = [];
  const checked = objects.map(isChecked);
  for (let group = 0; group < groups; group++) {
    for (let i = 0; i < objects.length; i++) {
      const object = objects[i] as DataObject;
      const section = sectionOf(layout, object);
      if ((checked[i] === true ? groups - 1 : groupOf(layout, section, object)) !== group) continue;
      placements.push({ object, section, offset: section.reserve(object.size, alignment(object)) });
    }
  }
  return placements;
}

const groups = 3;

/**
 * The place within its section: relocated variables are next to the relocated constants, small zero variables at the border between those
 * with pointers and those without.
 */
function groupOf(layout: Layout, section: Section, object: DataObject): number {
  if (section === layout.data) return object.relocs.kind.includes(RelocAbs64) ? 0 : 1;
  if (section === layout.bss) return object.size > largeVariable ? 0 : 1;
  if (section === layout.noptrbss) return object.size > largeVariable ? 1 : 0;
  return 0;
}

/** Assembly relies on it that large variables lie at multiples of 16, whatever their type (AES key schedules). */
const variableAlign = 16;

function alignment(object: DataObject): number {
  let align = Math.max(object.align, 1);
  if (object.section === DataReadOnly) return align;
  while (align < variableAlign && 2 * align <= object.size) align *= 2;
  return align;
}

function sectionOf(layout: Layout, object: DataObject): Section {
  if (object.section === DataReadOnly) {
    return object.relocs.kind.includes(RelocAbs64) ? layout.relro : layout.rodata;
  }
  const pointers = object.pointers.length > 0;
  if (object.section === DataWritable) return pointers ? layout.data : layout.noptrdata;
  return pointers ? layout.bss : layout.noptrbss;
}

/** The offsets of functions in the text, in their order. */
export function placeText(layout: Layout, functions: readonly FuncCode[]): number[] {
  return functions.map((f) => layout.text.reserve(f.code.length, f.align));
}

/** Gives every section its address and file offset. Sizes are final. The result is the size of the file up to there. */
export function assignAddresses(layout: Layout, headersSize: number): number {
  let offset = 0;
  let address = 0;
  for (const segment of layout.segments) {
    if (segment.headers) {
      offset = headersSize;
      address = headersSize;
    } else {
      address = alignUp(address, pageSize) + (offset % pageSize);
    }
    for (const section of segment.sections) {
      const padding = alignUp(address, section.align) - address;
      address += padding;
      if (!section.zero) offset += padding;
      section.address = address;
      section.offset = offset;
      address += section.size;
      if (!section.zero) offset += section.size;
    }
  }
  return offset;
}
