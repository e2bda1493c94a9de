// Register names of the amd64 assembler. Operands of one register file but different widths have names and numbers of their
// own here (AL, AX; X0, Y0, Z0), since the width chooses the form of an instruction.

import { RegFP, RegPC, RegSB } from "../asm.ts";
import { AH, CR0, DR0, ES, F0, K0, M0, X0 } from "./regs.ts";

/** al, cl, dl, bl, spl, bpl, sil, dil, r8b to r15b. */
export const AL = 160;
export const Y0 = 192;
export const Z0 = 224;
export const TLS = 256;
export const GDTR = 257;
export const IDTR = 258;
export const LDTR = 259;
export const MSW = 260;
export const TASK = 261;
export const TR0 = 264;

const general = ["AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI"];
const low = ["AL", "CL", "DL", "BL", "SPB", "BPB", "SIB", "DIB"];

/** All register names with their numbers. */
export function registerNames(): Map<string, number> {
  const names = new Map<string, number>();
  for (let i = 0; i < 16; i++) {
    names.set(i < 8 ? (general[i] as string) : `R${i}`, i);
    names.set(i < 8 ? (low[i] as string) : `R${i}B`, AL + i);
  }
  ["AH", "CH", "DH", "BH"].forEach((name, i) => {
    names.set(name, AH + i);
  });
  for (let i = 0; i < 8; i++) {
    names.set(`F${i}`, F0 + i);
    names.set(`M${i}`, M0 + i);
    names.set(`K${i}`, K0 + i);
    names.set(`TR${i}`, TR0 + i);
  }
  for (let i = 0; i < 32; i++) {
    names.set(`X${i}`, X0 + i);
    names.set(`Y${i}`, Y0 + i);
    names.set(`Z${i}`, Z0 + i);
  }
  ["ES", "CS", "SS", "DS", "FS", "GS"].forEach((name, i) => {
    names.set(name, ES + i);
  });
  for (let i = 0; i < 16; i++) names.set(`CR${i}`, CR0 + i);
  for (let i = 0; i < 8; i++) names.set(`DR${i}`, DR0 + i);
  names.set("GDTR", GDTR);
  names.set("IDTR", IDTR);
  names.set("LDTR", LDTR);
  names.set("MSW", MSW);
  names.set("TASK", TASK);
  names.set("TLS", TLS);
  names.set("SB", RegSB);
  names.set("FP", RegFP);
  names.set("PC", RegPC);
  names.set("g", 14);
  return names;
}

/** The number that the encoder knows a register by. */
export function encoderRegister(reg: number): number {
  if (reg >= AL && reg < AL + 16) return reg - AL;
  if (reg >= Y0 && reg < Y0 + 32) return reg - Y0 + X0;
  if (reg >= Z0 && reg < Z0 + 32) return reg - Z0 + X0;
  return reg;
}
