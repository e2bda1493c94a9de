// Detection of endless instantiation: generic code that instantiates itself with ever larger types, so that no finite
// number of instances would do. Types and type parameters are vertices, arguments passed are edges, of weight 1 if the
// argument is larger than what it is made of; a cycle of positive weight is an error.

import type { Pos } from "../base/pos.ts";
import { startPos } from "../syntax/positions.ts";
import type { Expr } from "../syntax/tree.ts";
import { unalias } from "./alias.ts";
import type { Checker } from "./checker.ts";
import { newError } from "./errors.ts";
import * as K from "./kinds.ts";
import { funcSignature, namedObj, originNamed } from "./named.ts";
import type { TypeName } from "./object.ts";
import type { Package } from "./package.ts";
import { typeSet } from "./typeset.ts";
import type { Named, Tuple, Type, TypeParam } from "./types.ts";
import { isAliasName, relativeTo, typeString } from "./typestring.ts";

class Vertex {
  weight = 0;
  /** The last edge of the heaviest path to here. */
  pre = -1;
  len = 0;
  readonly obj: TypeName;

  constructor(obj: TypeName) {
    this.obj = obj;
  }
}

interface Edge {
  readonly dst: number;
  readonly src: number;
  readonly weight: number;
  readonly pos: Pos;
  readonly typ: Type;
}

export class MonoGraph {
  readonly vertices: Vertex[] = [];
  readonly edges: Edge[] = [];
  /** Type parameters of receivers to those of the receiver's type. */
  readonly canon: Map<TypeParam, TypeParam> = new Map();
  readonly index: Map<TypeName, number> = new Map();
  readonly pkg: Package;

  constructor(pkg: Package) {
    this.pkg = pkg;
  }

  assign(pos: Pos, tpar: TypeParam, targ: Type): void {
    // Cycles lie within one package.
    if (tpar.obj.pkg !== this.pkg) return;
    this.walk(pos, tpar, targ, targ);
  }

  private flow(pos: Pos, tpar: TypeParam, src: number, typ: Type, targ: Type): void {
    this.edges.push({ dst: this.typeParamVertex(tpar), src, weight: typ === targ ? 0 : 1, pos, typ: targ });
  }

  private walk(pos: Pos, tpar: TypeParam, T: Type, targ: Type): void {
    const t = unalias(T);
    switch (t.kind) {
      case K.TTypeParam:
        this.flow(pos, tpar, this.typeParamVertex(t), t, unalias(targ));
        break;
      case K.TNamed: {
        const src = this.localNamedVertex(originNamed(t));
        if (src >= 0) this.flow(pos, tpar, src, t, unalias(targ));
        if (t.inst !== null) for (const a of t.inst.targs) this.walk(pos, tpar, a, targ);
        break;
      }
      case K.TArray:
      case K.TChan:
      case K.TPointer:
      case K.TSlice:
        this.walk(pos, tpar, t.elem, targ);
        break;
      case K.TMap:
        this.walk(pos, tpar, t.key, targ);
        this.walk(pos, tpar, t.elem, targ);
        break;
      case K.TInterface:
        for (const m of typeSet(t).methods) this.walk(pos, tpar, funcSignature(m), targ);
        break;
      case K.TSignature:
        this.walkTuple(pos, tpar, t.params, targ);
        this.walkTuple(pos, tpar, t.results, targ);
        break;
      case K.TStruct:
        for (const f of t.fields) this.walk(pos, tpar, f.type as Type, targ);
        break;
    }
  }

  private walkTuple(pos: Pos, tpar: TypeParam, t: Tuple, targ: Type): void {
    for (const v of t.vars) this.walk(pos, tpar, v.type as Type, targ);
  }

  /** The vertex of a type declared inside a generic function, which is implicitly parameterised; -1 for others. */
  private localNamedVertex(named: Named): number {
    const obj = namedObj(named);
    const root = this.pkg.scope;
    if (obj.pkg !== this.pkg || obj.parent === root) return -1;
    const known = this.index.get(obj);
    if (known !== undefined) return known;
    let idx = -1;
    for (let scope = obj.parent; scope !== null && scope !== root; scope = scope.parent) {
      for (const elem of scope.elems?.values() ?? []) {
        if (elem.kind !== K.OTypeName || isAliasName(elem) || elem.pos >= obj.pos) continue;
        const tpar = elem.type;
        if (tpar === null || tpar.kind !== K.TTypeParam) continue;
        if (idx < 0) {
          idx = this.vertices.length;
          this.vertices.push(new Vertex(obj));
        }
        this.edges.push({ dst: idx, src: this.typeParamVertex(tpar), weight: 1, pos: obj.pos, typ: tpar });
      }
    }
    this.index.set(obj, idx);
    return idx;
  }

  private typeParamVertex(t: TypeParam): number {
    const obj = (this.canon.get(t) ?? t).obj;
    const known = this.index.get(obj);
    if (known !== undefined) return known;
    const idx = this.vertices.length;
    this.vertices.push(new Vertex(obj));
    this.index.set(obj, idx);
    return idx;
  }
}

function graph(check: Checker): MonoGraph {
  if (check.mono === null) check.mono = new MonoGraph(check.pkg);
  return check.mono;
}

/** Notes that a type parameter of a receiver stands for one of the receiver's type. */
export function recordMonoCanon(check: Checker, mpar: TypeParam, tpar: TypeParam): void {
  if (!check.options.lazy) graph(check).canon.set(mpar, tpar);
}

/** Notes an instantiation. */
export function recordMonoInstance(check: Checker, pos: Pos, tparams: TypeParam[], targs: Type[], xlist: readonly Expr[]): void {
  if (check.options.lazy) return;
  const g = graph(check);
  for (let i = 0; i < tparams.length; i++) {
    g.assign(i < xlist.length ? startPos(xlist[i]) : pos, tparams[i], targs[i]);
  }
}

/** Looks for cycles and reports one. */
export function monomorph(check: Checker): void {
  const g = check.mono;
  if (g === null) return;
  let again = true;
  while (again) {
    again = false;
    for (let i = 0; i < g.edges.length; i++) {
      const edge = g.edges[i];
      const src = g.vertices[edge.src];
      const dst = g.vertices[edge.dst];
      const w = src.weight + edge.weight;
      if (w <= dst.weight) continue;
      dst.pre = i;
      dst.len = src.len + 1;
      if (dst.len === g.vertices.length) {
        reportLoop(check, g, edge.dst);
        return;
      }
      dst.weight = w;
      again = true;
    }
  }
}

function reportLoop(check: Checker, g: MonoGraph, v: number): void {
  const stack: number[] = [];
  const seen = new Set<number>();
  // The path holds a cycle, though v need not be on it.
  while (!seen.has(v)) {
    stack.push(v);
    seen.add(v);
    v = g.edges[g.vertices[v].pre].src;
  }
  while (stack[0] !== v) stack.shift();
  const err = newError(check);
  err.addf(g.vertices[v].obj, "instantiation cycle:");
  const qf = relativeTo(check.pkg);
  for (const i of stack) {
    const edge = g.edges[g.vertices[i].pre];
    const obj = g.vertices[edge.dst].obj;
    const isNamed = obj.type !== null && obj.type.kind === K.TNamed;
    err.addf(edge.pos, isNamed ? "%s implicitly parameterized by %s" : "%s instantiated as %s", obj.name, typeString(edge.typ, qf));
  }
  err.report();
}
