// The memory form of types is the business of the generator; the program uses it under its old name.

export * from "../irgen/shape.ts";
