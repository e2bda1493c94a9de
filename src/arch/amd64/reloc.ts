// What the linker needs to know of amd64. All its relocations are of the kinds that every architecture shares (addresses, offsets,
// 32-bit distances), so there is nothing to patch in an architecture's way.

export const amd64Link = {
  /** EM_X86_64 */
  machine: 62,
  elfFlags: 0,
  /** int3: whoever runs into a gap between functions stops at once. */
  textFill: 0xcc,
  relocate: (_kind: number, _bytes: Uint8Array, _offset: number, _target: number, _place: number): boolean => false,
};
