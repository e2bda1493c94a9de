// Numeric kinds of types, basic types, objects, variables, operands and selections; import-free so that the bundler turns
// them into literals in hot switches.

// ---- Kinds of types
export const TBasic = 1;
export const TNamed = 2;
export const TPointer = 3;
export const TSlice = 4;
export const TArray = 5;
export const TMap = 6;
export const TChan = 7;
export const TSignature = 8;
export const TTuple = 9;
export const TStruct = 10;
export const TInterface = 11;
export const TTypeParam = 12;
export const TUnion = 13;
export const TAlias = 14;

// ---- Kinds of basic types
export const Invalid = 0;
export const Bool = 1;
export const Int = 2;
export const Int8 = 3;
export const Int16 = 4;
export const Int32 = 5;
export const Int64 = 6;
export const Uint = 7;
export const Uint8 = 8;
export const Uint16 = 9;
export const Uint32 = 10;
export const Uint64 = 11;
export const Uintptr = 12;
export const Float32 = 13;
export const Float64 = 14;
export const Complex64 = 15;
export const Complex128 = 16;
export const String_ = 17;
export const UnsafePointer = 18;
export const UntypedBool = 19;
export const UntypedInt = 20;
export const UntypedRune = 21;
export const UntypedFloat = 22;
export const UntypedComplex = 23;
export const UntypedString = 24;
export const UntypedNil = 25;
export const Byte = Uint8;
export const Rune = Int32;

// ---- Properties of basic types, as bits
export const IsBoolean = 1;
export const IsInteger = 2;
export const IsUnsigned = 4;
export const IsFloat = 8;
export const IsComplex = 16;
export const IsString = 32;
export const IsUntyped = 64;
export const IsOrdered = IsInteger | IsFloat | IsString;
export const IsNumeric = IsInteger | IsFloat | IsComplex;
export const IsConstType = IsBoolean | IsNumeric | IsString;

// ---- Directions of channel types
export const SendRecv = 0;
export const SendOnly = 1;
export const RecvOnly = 2;

// ---- Kinds of objects
export const OPkgName = 1;
export const OConst = 2;
export const OTypeName = 3;
export const OVar = 4;
export const OFunc = 5;
export const OLabel = 6;
export const OBuiltin = 7;
export const ONil = 8;

// ---- Kinds of variables
export const PackageVar = 1;
export const LocalVar = 2;
export const RecvVar = 3;
export const ParamVar = 4;
export const ResultVar = 5;
export const FieldVar = 6;

// ---- Modes of operands
export const ModeInvalid = 0;
export const ModeNoValue = 1;
export const ModeBuiltin = 2;
export const ModeTypExpr = 3;
export const ModeConstant = 4;
export const ModeVariable = 5;
export const ModeMapIndex = 6;
export const ModeValue = 7;
export const ModeNilValue = 8;
export const ModeCommaOk = 9;
export const ModeCommaErr = 10;
export const ModeCgoFunc = 11;

// ---- Kinds of selections
export const FieldVal = 0;
export const MethodVal = 1;
export const MethodExpr = 2;

// ---- Built-in functions
export const BAppend = 0;
export const BCap = 1;
export const BClear = 2;
export const BClose = 3;
export const BComplex = 4;
export const BCopy = 5;
export const BDelete = 6;
export const BImag = 7;
export const BLen = 8;
export const BMake = 9;
export const BMax = 10;
export const BMin = 11;
export const BNew = 12;
export const BPanic = 13;
export const BPrint = 14;
export const BPrintln = 15;
export const BReal = 16;
export const BRecover = 17;
// package unsafe
export const BAdd = 18;
export const BAlignof = 19;
export const BOffsetof = 20;
export const BSizeof = 21;
export const BSlice = 22;
export const BSliceData = 23;
export const BString = 24;
export const BStringData = 25;
// testing only
export const BAssert = 26;
export const BTrace = 27;
