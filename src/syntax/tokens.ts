// Tokens, operators, precedences and literal kinds as integer constants; import-free for literal case labels.

export const TokEOF = 1;
export const TokName = 2;
export const TokLiteral = 3;
/** An operator that is no other token; which one is in `op`. Excludes `*`. */
export const TokOperator = 4;
/** `op=`. */
export const TokAssignOp = 5;
/** `++` or `--`. */
export const TokIncOp = 6;
export const TokAssign = 7;
export const TokDefine = 8;
export const TokArrow = 9;
export const TokStar = 10;
export const TokLparen = 11;
export const TokLbrack = 12;
export const TokLbrace = 13;
export const TokRparen = 14;
export const TokRbrack = 15;
export const TokRbrace = 16;
export const TokComma = 17;
export const TokSemi = 18;
export const TokColon = 19;
export const TokDot = 20;
export const TokDotDotDot = 21;
export const TokBreak = 22;
export const TokCase = 23;
export const TokChan = 24;
export const TokConst = 25;
export const TokContinue = 26;
export const TokDefault = 27;
export const TokDefer = 28;
export const TokElse = 29;
export const TokFallthrough = 30;
export const TokFor = 31;
export const TokFunc = 32;
export const TokGo = 33;
export const TokGoto = 34;
export const TokIf = 35;
export const TokImport = 36;
export const TokInterface = 37;
export const TokMap = 38;
export const TokPackage = 39;
export const TokRange = 40;
export const TokReturn = 41;
export const TokSelect = 42;
export const TokStruct = 43;
export const TokSwitch = 44;
export const TokType = 45;
export const TokVar = 46;
export const TokCount = 47;

/** The spelling of tokens, by number, as error messages show them. */
export const tokenNames: readonly string[] = [
  "",
  "EOF",
  "name",
  "literal",
  "op",
  "op=",
  "opop",
  "=",
  ":=",
  "<-",
  "*",
  "(",
  "[",
  "{",
  ")",
  "]",
  "}",
  ",",
  ";",
  ":",
  ".",
  "...",
  "break",
  "case",
  "chan",
  "const",
  "continue",
  "default",
  "defer",
  "else",
  "fallthrough",
  "for",
  "func",
  "go",
  "goto",
  "if",
  "import",
  "interface",
  "map",
  "package",
  "range",
  "return",
  "select",
  "struct",
  "switch",
  "type",
  "var",
];

// Operators. 0 is "none".
/** `:=`, as the operator of an AssignStmt. */
export const OpDef = 1;
export const OpNot = 2;
export const OpRecv = 3;
export const OpTilde = 4;
export const OpOrOr = 5;
export const OpAndAnd = 6;
export const OpEql = 7;
export const OpNeq = 8;
export const OpLss = 9;
export const OpLeq = 10;
export const OpGtr = 11;
export const OpGeq = 12;
export const OpAdd = 13;
export const OpSub = 14;
export const OpOr = 15;
export const OpXor = 16;
export const OpMul = 17;
export const OpDiv = 18;
export const OpRem = 19;
export const OpAnd = 20;
export const OpAndNot = 21;
export const OpShl = 22;
export const OpShr = 23;

/** The spelling of operators, by number. */
export const opNames: readonly string[] = [
  "",
  ":",
  "!",
  "<-",
  "~",
  "||",
  "&&",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "+",
  "-",
  "|",
  "^",
  "*",
  "/",
  "%",
  "&",
  "&^",
  "<<",
  ">>",
];

// Precedences of binary operators.
export const PrecOrOr = 1;
export const PrecAndAnd = 2;
export const PrecCmp = 3;
export const PrecAdd = 4;
export const PrecMul = 5;

/** The precedence of an operator as a binary one, 0 for those that can't be binary. */
export const opPrecedence: readonly number[] = [0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5];

// Kinds of literals.
export const IntLit = 0;
export const FloatLit = 1;
export const ImagLit = 2;
export const RuneLit = 3;
export const StringLit = 4;

// Directions of channels; 0 is both.
export const SendOnly = 1;
export const RecvOnly = 2;

// Pragmas of declarations, as bits of `pragma`.
export const PragmaNoinline = 1 << 0;
export const PragmaNosplit = 1 << 1;
export const PragmaNoescape = 1 << 2;
export const PragmaNorace = 1 << 3;
export const PragmaNocheckptr = 1 << 4;
export const PragmaSystemstack = 1 << 5;
export const PragmaNowritebarrier = 1 << 6;
export const PragmaNowritebarrierrec = 1 << 7;
export const PragmaYeswritebarrierrec = 1 << 8;
export const PragmaUintptrkeepalive = 1 << 9;
export const PragmaUintptrescapes = 1 << 10;
export const PragmaNointerface = 1 << 11;
export const PragmaRegisterparams = 1 << 12;
