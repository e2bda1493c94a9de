// Prints expressions and simple statements in the short form that error messages use: one line, bodies and composite
// literals as "{…}". Parentheses appear only where the tree kept them.

import * as K from "./kinds.ts";
import * as T from "./tokens.ts";
import type { BasicLit, Expr, Field, FuncType, Node } from "./tree.ts";

/** An expression in short form. */
export function printExpr(x: Expr): string {
  return printNode(x);
}

/** Any expression or simple statement in short form; other nodes give "". */
export function printNode(n: Node): string {
  switch (n.kind) {
    case K.KindBadExpr:
      return "<bad expr>";
    case K.KindName:
    case K.KindBasicLit:
      return n.value;
    case K.KindFuncLit:
      return `${printNode(n.type)} {${n.body.list.length > 0 ? "…" : ""}}`;
    case K.KindCompositeLit:
      return `${n.type === null ? "" : printNode(n.type)}{${n.elemList.length > 0 ? "…" : ""}}`;
    case K.KindParenExpr:
      return `(${printNode(n.x)})`;
    case K.KindSelectorExpr:
      return `${printNode(n.x)}.${n.sel.value}`;
    case K.KindIndexExpr:
      return `${printNode(n.x)}[${printNode(n.index)}]`;
    case K.KindSliceExpr: {
      const [i, j, k] = n.index;
      const last = k ? `:${printNode(k)}` : "";
      return `${printNode(n.x)}[${i ? printNode(i) : ""}:${j ? printNode(j) : ""}${last}]`;
    }
    case K.KindAssertExpr:
      return `${printNode(n.x)}.(${printNode(n.type)})`;
    case K.KindTypeSwitchGuard:
      return `${n.lhs === null ? "" : `${n.lhs.value} := `}${printNode(n.x)}.(type)`;
    case K.KindCallExpr:
      return `${printNode(n.fun)}(${printList(n.argList)}${n.hasDots ? "..." : ""})`;
    case K.KindOperation: {
      const op = T.opNames[n.op];
      return n.y === null ? `${op}${printNode(n.x)}` : `${printNode(n.x)} ${op} ${printNode(n.y)}`;
    }
    case K.KindKeyValueExpr:
      return `${printNode(n.key)}: ${printNode(n.value)}`;
    case K.KindListExpr:
      return printList(n.elemList);
    case K.KindArrayType:
      return `[${n.len === null ? "..." : printNode(n.len)}]${printNode(n.elem)}`;
    case K.KindSliceType:
      return `[]${printNode(n.elem)}`;
    case K.KindDotsType:
      return `...${printNode(n.elem)}`;
    case K.KindStructType:
      return `struct{${printFields(n.fieldList, n.tagList)}}`;
    case K.KindFuncType:
      return `func${printSignature(n)}`;
    case K.KindInterfaceType:
      return `interface{${n.methodList.map(printMethod).join("; ")}}`;
    case K.KindMapType:
      return `map[${printNode(n.key)}]${printNode(n.value)}`;
    case K.KindChanType: {
      const elem = printNode(n.elem);
      if (n.dir === T.RecvOnly) return `<-chan ${elem}`;
      if (n.dir === T.SendOnly) return `chan<- ${elem}`;
      return n.elem.kind === K.KindChanType && n.elem.dir === T.RecvOnly ? `chan (${elem})` : `chan ${elem}`;
    }
    case K.KindExprStmt:
      return printNode(n.x);
    case K.KindSendStmt:
      return `${printNode(n.chan)} <- ${printNode(n.value)}`;
    case K.KindAssignStmt: {
      const op = T.opNames[n.op];
      return n.rhs === null ? `${printNode(n.lhs)}${op}${op}` : `${printNode(n.lhs)} ${op}= ${printNode(n.rhs)}`;
    }
    case K.KindCallStmt:
      return `${T.tokenNames[n.tok]} ${printNode(n.call)}`;
    case K.KindRangeClause: {
      const lhs = n.lhs === null ? "" : `${printNode(n.lhs)} ${n.def ? ":=" : "="} `;
      return `${lhs}range ${printNode(n.x)}`;
    }
    default:
      return "";
  }
}

function printList(list: readonly Expr[]): string {
  return list.map(printNode).join(", ");
}

function printMethod(m: Field): string {
  if (m.name === null) return printNode(m.type);
  return m.name.value + (m.type.kind === K.KindFuncType ? printSignature(m.type) : ` ${printNode(m.type)}`);
}

/** Fields with one type node were declared in one list. */
function printFields(fields: readonly Field[], tags: readonly (BasicLit | null)[]): string {
  const parts: string[] = [];
  let i = 0;
  while (i < fields.length) {
    const first = fields[i] as Field;
    let names = first.name === null ? "" : first.name.value;
    let j = i + 1;
    if (first.name !== null) {
      while (j < fields.length && fields[j]?.name && fields[j]?.type === first.type) {
        names += `, ${fields[j]?.name?.value}`;
        j++;
      }
    }
    const tag = tags[i];
    parts.push(`${names === "" ? "" : `${names} `}${printNode(first.type)}${tag ? ` ${tag.value}` : ""}`);
    i = j;
  }
  return parts.join("; ");
}

function printSignature(sig: FuncType): string {
  const results = sig.resultList;
  let text = printParameters(sig.paramList);
  if (results.length === 1 && results[0]?.name === null) text += ` ${printNode(results[0].type)}`;
  else if (results.length > 0) text += ` ${printParameters(results)}`;
  return text;
}

function printParameters(list: readonly Field[]): string {
  let text = "(";
  for (let i = 0; i < list.length; i++) {
    const f = list[i] as Field;
    if (i > 0) text += ", ";
    if (f.name !== null) {
      text += f.name.value;
      const after = list[i + 1];
      if (after !== undefined && after.name !== null && after.type === f.type) continue;
      text += " ";
    }
    text += printNode(f.type);
  }
  return `${text})`;
}
