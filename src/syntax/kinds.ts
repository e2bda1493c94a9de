// Numeric kinds of syntax nodes, import-free so that the bundler turns them into literals in hot switches.
// Expressions come first, then declarations, statements and the rest: ranges can be tested by comparison.

export const KindBadExpr = 1;
export const KindName = 2;
export const KindBasicLit = 3;
export const KindCompositeLit = 4;
export const KindKeyValueExpr = 5;
export const KindFuncLit = 6;
export const KindParenExpr = 7;
export const KindSelectorExpr = 8;
export const KindIndexExpr = 9;
export const KindSliceExpr = 10;
export const KindAssertExpr = 11;
export const KindTypeSwitchGuard = 12;
export const KindOperation = 13;
export const KindCallExpr = 14;
export const KindListExpr = 15;
export const KindArrayType = 16;
export const KindSliceType = 17;
export const KindDotsType = 18;
export const KindStructType = 19;
export const KindInterfaceType = 20;
export const KindFuncType = 21;
export const KindMapType = 22;
export const KindChanType = 23;
export const KindImportDecl = 24;
export const KindConstDecl = 25;
export const KindTypeDecl = 26;
export const KindVarDecl = 27;
export const KindFuncDecl = 28;
export const KindEmptyStmt = 29;
export const KindLabeledStmt = 30;
export const KindBlockStmt = 31;
export const KindExprStmt = 32;
export const KindSendStmt = 33;
export const KindDeclStmt = 34;
export const KindAssignStmt = 35;
export const KindBranchStmt = 36;
export const KindCallStmt = 37;
export const KindReturnStmt = 38;
export const KindIfStmt = 39;
export const KindForStmt = 40;
export const KindSwitchStmt = 41;
export const KindSelectStmt = 42;
export const KindRangeClause = 43;
export const KindCaseClause = 44;
export const KindCommClause = 45;
export const KindField = 46;
export const KindFile = 47;

/** Kinds are 1 ... KindCount. */
export const KindCount = 47;

/** The last kind of an expression; the first is 1. */
export const LastExprKind = KindChanType;
/** The last kind of a declaration; the first is LastExprKind + 1. */

/** Names of the kinds, by number, for dumps. */
export const kindNames: readonly string[] = [
  "",
  "BadExpr",
  "Name",
  "BasicLit",
  "CompositeLit",
  "KeyValueExpr",
  "FuncLit",
  "ParenExpr",
  "SelectorExpr",
  "IndexExpr",
  "SliceExpr",
  "AssertExpr",
  "TypeSwitchGuard",
  "Operation",
  "CallExpr",
  "ListExpr",
  "ArrayType",
  "SliceType",
  "DotsType",
  "StructType",
  "InterfaceType",
  "FuncType",
  "MapType",
  "ChanType",
  "ImportDecl",
  "ConstDecl",
  "TypeDecl",
  "VarDecl",
  "FuncDecl",
  "EmptyStmt",
  "LabeledStmt",
  "BlockStmt",
  "ExprStmt",
  "SendStmt",
  "DeclStmt",
  "AssignStmt",
  "BranchStmt",
  "CallStmt",
  "ReturnStmt",
  "IfStmt",
  "ForStmt",
  "SwitchStmt",
  "SelectStmt",
  "RangeClause",
  "CaseClause",
  "CommClause",
  "Field",
  "File",
];

/** Whether a node of a kind can only be a type: a type spelled out. Names and pointers can be types, too. */
export function isTypeLiteral(kind: number): boolean {
  return kind >= KindArrayType && kind <= KindChanType && kind !== KindDotsType;
}
