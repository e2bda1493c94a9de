// Iteration over the children of nodes, in source order of the fields.

import * as K from "./kinds.ts";
import type { Node } from "./tree.ts";

/** Appends the children of a node to a list (a caller's stack, reused between calls). */
export function children(n: Node, out: Node[]): void {
  switch (n.kind) {
    case K.KindBadExpr:
    case K.KindName:
    case K.KindBasicLit:
    case K.KindEmptyStmt:
      return;
    case K.KindCompositeLit:
      one(n.type, out);
      many(n.elemList, out);
      return;
    case K.KindKeyValueExpr:
    case K.KindMapType:
      out.push(n.key, n.value);
      return;
    case K.KindFuncLit:
      out.push(n.type, n.body);
      return;
    case K.KindParenExpr:
    case K.KindExprStmt:
      out.push(n.x);
      return;
    case K.KindSelectorExpr:
      out.push(n.x, n.sel);
      return;
    case K.KindIndexExpr:
      out.push(n.x, n.index);
      return;
    case K.KindSliceExpr:
      out.push(n.x);
      many(n.index, out);
      return;
    case K.KindAssertExpr:
      out.push(n.x, n.type);
      return;
    case K.KindTypeSwitchGuard:
      one(n.lhs, out);
      out.push(n.x);
      return;
    case K.KindOperation:
      out.push(n.x);
      one(n.y, out);
      return;
    case K.KindCallExpr:
      out.push(n.fun);
      many(n.argList, out);
      return;
    case K.KindListExpr:
      many(n.elemList, out);
      return;
    case K.KindArrayType:
      one(n.len, out);
      out.push(n.elem);
      return;
    case K.KindSliceType:
    case K.KindDotsType:
    case K.KindChanType:
      out.push(n.elem);
      return;
    case K.KindStructType:
      many(n.fieldList, out);
      many(n.tagList, out);
      return;
    case K.KindInterfaceType:
      many(n.methodList, out);
      return;
    case K.KindFuncType:
      many(n.paramList, out);
      many(n.resultList, out);
      return;
    case K.KindImportDecl:
      one(n.localPkgName, out);
      one(n.path, out);
      return;
    case K.KindConstDecl:
    case K.KindVarDecl:
      many(n.nameList, out);
      one(n.type, out);
      one(n.values, out);
      return;
    case K.KindTypeDecl:
      out.push(n.name);
      many(n.tparamList, out);
      out.push(n.type);
      return;
    case K.KindFuncDecl:
      one(n.recv, out);
      out.push(n.name);
      many(n.tparamList, out);
      out.push(n.type);
      one(n.body, out);
      return;
    case K.KindLabeledStmt:
      out.push(n.label, n.stmt);
      return;
    case K.KindBlockStmt:
      many(n.list, out);
      return;
    case K.KindSendStmt:
      out.push(n.chan, n.value);
      return;
    case K.KindDeclStmt:
      many(n.declList, out);
      return;
    case K.KindAssignStmt:
      out.push(n.lhs);
      one(n.rhs, out);
      return;
    case K.KindBranchStmt:
      one(n.label, out);
      return;
    case K.KindCallStmt:
      out.push(n.call);
      return;
    case K.KindReturnStmt:
      one(n.results, out);
      return;
    case K.KindIfStmt:
      one(n.init, out);
      out.push(n.cond, n.then_);
      one(n.else_, out);
      return;
    case K.KindForStmt:
      one(n.init, out);
      one(n.cond, out);
      one(n.post, out);
      out.push(n.body);
      return;
    case K.KindSwitchStmt:
      one(n.init, out);
      one(n.tag, out);
      many(n.body, out);
      return;
    case K.KindSelectStmt:
      many(n.body, out);
      return;
    case K.KindRangeClause:
      one(n.lhs, out);
      out.push(n.x);
      return;
    case K.KindCaseClause:
      one(n.cases, out);
      many(n.body, out);
      return;
    case K.KindCommClause:
      one(n.comm, out);
      many(n.body, out);
      return;
    case K.KindField:
      one(n.name, out);
      out.push(n.type);
      return;
    case K.KindFile:
      out.push(n.pkgName);
      many(n.declList, out);
  }
}

function one(n: Node | null, out: Node[]): void {
  if (n !== null) out.push(n);
}

function many(list: readonly (Node | null)[], out: Node[]): void {
  for (let i = 0; i < list.length; i++) one(list[i] as Node | null, out);
}

/** Calls `visit` for a node and everything below it, parents first; where it returns false, not for what is below. */
export function walk(root: Node, visit: (n: Node) => boolean): void {
  const stack: Node[] = [root];
  const below: Node[] = [];
  while (stack.length > 0) {
    const n = stack.pop() as Node;
    if (!visit(n)) continue;
    below.length = 0;
    children(n, below);
    for (let i = below.length - 1; i >= 0; i--) stack.push(below[i] as Node);
  }
}
