// Where nodes start and end in the source; a node's own position is often that of a token in its middle.

import type { Pos } from "../base/pos.ts";
import * as K from "./kinds.ts";
import type { Node } from "./tree.ts";

const encoder = new TextEncoder();

/** The first position of a node. */
export function startPos(node: Node): Pos {
  let n = node;
  for (;;) {
    switch (n.kind) {
      case K.KindFile:
        return n.source.pos(0);
      case K.KindCompositeLit:
        if (n.type === null) return n.pos;
        n = n.type;
        break;
      case K.KindKeyValueExpr:
        n = n.key;
        break;
      case K.KindSelectorExpr:
      case K.KindIndexExpr:
      case K.KindAssertExpr:
        n = n.x;
        break;
      case K.KindTypeSwitchGuard:
        n = n.lhs ?? n.x;
        break;
      case K.KindOperation:
        if (n.y === null) return n.pos;
        n = n.x;
        break;
      case K.KindCallExpr:
        n = n.fun;
        break;
      case K.KindListExpr:
        if (n.elemList.length === 0) return n.pos;
        n = n.elemList[0] as Node;
        break;
      case K.KindSendStmt:
        n = n.chan;
        break;
      case K.KindAssignStmt:
        n = n.lhs;
        break;
      case K.KindRangeClause:
        n = n.lhs ?? n.x;
        break;
      default:
        return n.pos;
    }
  }
}

function last<N extends Node>(list: readonly N[]): N | undefined {
  return list[list.length - 1];
}

function byteLength(text: string): number {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) >= 0x80) return encoder.encode(text).length;
  }
  return text.length;
}

/**
 * About where a node ends: behind names and literals, at the closing brace of blocks, behind the last expression
 * inside parentheses. Good for the extents of scopes, not for exact ranges.
 */
export function endPos(node: Node): Pos {
  let n = node;
  for (;;) {
    let next: Node | null | undefined;
    switch (n.kind) {
      case K.KindFile:
        return n.eof;
      case K.KindImportDecl:
        next = n.path;
        break;
      case K.KindConstDecl:
      case K.KindVarDecl:
        next = n.values ?? n.type ?? last(n.nameList);
        break;
      case K.KindTypeDecl:
        next = n.type;
        break;
      case K.KindFuncDecl:
        if (n.body === null && n.hasBody) return (n.pos + (n.bodyEnd - n.bodyStart)) as Pos;
        next = n.body ?? n.type;
        break;
      case K.KindName:
      case K.KindBasicLit:
        return (n.pos + byteLength(n.value)) as Pos;
      case K.KindCompositeLit:
      case K.KindBlockStmt:
      case K.KindSwitchStmt:
      case K.KindSelectStmt:
        return n.rbrace;
      case K.KindKeyValueExpr:
      case K.KindMapType:
      case K.KindSendStmt:
        next = n.value;
        break;
      case K.KindFuncLit:
      case K.KindForStmt:
        next = n.body;
        break;
      case K.KindParenExpr:
      case K.KindTypeSwitchGuard:
      case K.KindExprStmt:
      case K.KindRangeClause:
        next = n.x;
        break;
      case K.KindSelectorExpr:
        next = n.sel;
        break;
      case K.KindIndexExpr:
        next = n.index;
        break;
      case K.KindSliceExpr:
        next = n.x;
        break;
      case K.KindAssertExpr:
        next = n.type;
        break;
      case K.KindOperation:
        next = n.y ?? n.x;
        break;
      case K.KindCallExpr:
        next = last(n.argList) ?? n.fun;
        break;
      case K.KindListExpr:
        next = last(n.elemList);
        break;
      case K.KindArrayType:
      case K.KindSliceType:
      case K.KindDotsType:
      case K.KindChanType:
        next = n.elem;
        break;
      case K.KindStructType:
        next = last(n.fieldList);
        break;
      case K.KindField:
        next = n.type;
        break;
      case K.KindInterfaceType:
        next = last(n.methodList);
        break;
      case K.KindFuncType:
        next = last(n.resultList) ?? last(n.paramList);
        break;
      case K.KindLabeledStmt:
        next = n.stmt;
        break;
      case K.KindDeclStmt:
        next = last(n.declList);
        break;
      case K.KindAssignStmt:
        if (n.rhs === null) return (endPos(n.lhs) + 2) as Pos;
        next = n.rhs;
        break;
      case K.KindBranchStmt:
        next = n.label;
        break;
      case K.KindCallStmt:
        next = n.call;
        break;
      case K.KindReturnStmt:
        next = n.results;
        break;
      case K.KindIfStmt:
        next = n.else_ ?? n.then_;
        break;
      case K.KindCaseClause:
      case K.KindCommClause:
        if (n.body.length === 0) return n.colon;
        next = last(n.body);
        break;
      default:
        return n.pos;
    }
    if (next === null || next === undefined) return n.pos;
    n = next;
  }
}
