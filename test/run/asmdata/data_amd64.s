#include "go_asm.h"

DATA ·fromAssembly+0(SB)/8, $const_answer
GLOBL ·fromAssembly(SB), 16, $8

DATA ·address+0(SB)/8, $·target+8(SB)
GLOBL ·address(SB), 16, $8
