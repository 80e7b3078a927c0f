//! Every diagnostic code with its title.
//!
//! `X01xx` lexical, `X02xx` preprocessor, `X03xx` syntax, `X04xx` names and semantics, `X05xx` lints.

use super::Code;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal;)*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $title, ".")]
            pub const $name: Code = Code($code);
        )*

        /// Every code with its title, in order.
        pub const ALL: &[(Code, &str)] = &[$(($name, $title),)*];
    };
}

codes! {
    UNTERMINATED_COMMENT = "X0101", "unterminated block comment";
    STRAY_COMMENT_END = "X0102", "end of a comment that was never opened";
    UNTERMINATED_STRING = "X0103", "unterminated string";
    UNEXPECTED_CHARACTER = "X0104", "character that the language does not use";
    NON_ASCII_NAME = "X0105", "letter beyond ASCII in an identifier";
    MALFORMED_NUMBER = "X0106", "malformed number";
    NOT_UTF8 = "X0107", "text that is not UTF-8";
    BYTE_ORDER_MARK = "X0108", "byte order mark";
    TOO_DEEP = "X0109", "nesting too deep";
    TOO_LONG = "X0110", "file too long";
    TOO_MANY_ERRORS = "X0111", "too many errors in one file";
    UNREADABLE = "X0112", "file or directory that cannot be read";
    MALFORMED_INCLUDE = "X0201", "malformed include";
    INCLUDE_NOT_FOUND = "X0202", "included file not found";
    INCLUDE_PATH = "X0203", "include of a path instead of a file name";
    LATE_INCLUDE = "X0204", "include behind the first declaration";
    INCLUDE_CYCLE = "X0205", "files that include each other";
    IFNDEF_OPEN = "X0206", "include guard without end";
    ENDIF_ALONE = "X0207", "end of an include guard that was never opened";
    MALFORMED_GUARD = "X0208", "malformed include guard";
    GUARD_NAMES = "X0209", "include guard with two names";
    GUARD_EXTENT = "X0210", "include guard that does not wrap the file";
    UNSUPPORTED_DIRECTIVE = "X0211", "unsupported directive";
    DIRECTIVE_LINE = "X0212", "directive that shares its line";
    INCLUDE_DIRECTORY = "X0213", "include directory that does not exist";
    UNEXPECTED_TOKEN = "X0301", "unexpected token";
    MISSING_SEMICOLON = "X0302", "missing semicolon";
    UNCLOSED = "X0303", "block that is never closed";
    MISSPELT_KEYWORD = "X0304", "misspelt keyword";
    KEYWORD_AS_NAME = "X0305", "keyword used as a name";
    OUTSIDE_MODULE = "X0306", "declaration outside a module";
    MISPLACED = "X0307", "declaration where it is not allowed";
    NOT_A_METHOD = "X0308", "field in an interface";
    NOT_A_FIELD = "X0309", "method outside an interface";
    MODULE_PATH = "X0310", "dotted module name";
    INCOMPLETE_PATH = "X0311", "dotted name that ends in a dot";
    SEVERAL_BASES = "X0312", "more than one base";
    CANNOT_EXTEND = "X0313", "base of something that cannot have one";
    OPAQUE_BODY = "X0314", "opaque type with a body";
    PARAMETER_DIRECTION = "X0315", "parameter without a known direction";
    TRAILING_COMMA = "X0316", "trailing comma";
    MISSING_SEPARATOR = "X0317", "missing comma";
    ENUMERATOR_VALUE = "X0318", "explicit enumerator value";
    EMPTY_ENUMERATION = "X0319", "enumeration without enumerators";
    CONSTANT_WITHOUT_VALUE = "X0320", "constant without a value";
    CONSTANT_EXPRESSION = "X0321", "constant with an expression";
    CONSTANT_VALUE = "X0322", "constant whose value is not an integer";
    LEADING_ZERO = "X0323", "integer with a leading zero";
    TEMPLATE_ARGUMENTS = "X0324", "wrong type arguments";
    MISPLACED_VOID = "X0325", "void where a value is needed";
    LOOSE_ANNOTATION = "X0326", "annotation without a declaration";
    MALFORMED_ANNOTATION = "X0327", "malformed annotation";
    UNKNOWN_TYPE = "X0401", "unknown type";
    DUPLICATE_NAME = "X0402", "name declared twice in one scope";
    DUPLICATE_FIELD = "X0403", "duplicate field";
    DUPLICATE_METHOD = "X0404", "duplicate method";
    DUPLICATE_PARAMETER = "X0405", "duplicate parameter";
    RESERVED_PARAMETER = "X0406", "parameter name reserved for the return value";
    DUPLICATE_ENUMERATOR = "X0407", "duplicate enumerator";
    DUPLICATE_CONSTANT = "X0408", "duplicate constant";
    WRONG_BASE = "X0409", "base of another kind";
    INHERITANCE_CYCLE = "X0410", "inheritance cycle";
    CONTAINMENT_CYCLE = "X0411", "structure contains itself by value";
    TYPEDEF_CYCLE = "X0412", "typedef stands for itself";
    NOT_A_TYPE = "X0413", "name of something that is not a type";
    MAP_KEY = "X0414", "map key that is neither string nor int";
    CONSTANT_TYPE = "X0415", "constant of a type that is not an integer";
    CONSTANT_RANGE = "X0416", "constant does not fit its type";
    ANNOTATION_ARGUMENTS = "X0417", "wrong arguments of an annotation";
    ANNOTATION_TARGET = "X0418", "annotation on the wrong kind of declaration";
    INHERITED_MEMBER = "X0419", "member already declared in a base";
    SAME_WIRE_ID = "X0420", "two types with one wire id";
    VERSION_OVERFLOW = "X0421", "version number out of range";
    NAME_TOO_LONG = "X0422", "type name too long";
    MARK_ARGUMENTS = "X0423", "wrong arguments of a mark";
    REPEATED_MARK = "X0424", "mark given twice or taken back";
    MARK_NAME = "X0425", "mark that names something that is not there";
    MARK_METHOD = "X0426", "mark that does not fit its method";
    UNKNOWN_ANNOTATION = "X0501", "unknown annotation";
    HIDDEN_CONSTANT = "X0502", "constant hides one of a base";
    ODD_SUFFIX = "X0503", "name that looks like it had a version suffix";
    NOT_INCLUDED = "X0504", "type of a file that is not included";
    EMPTY_STRUCTURE = "X0505", "structure without fields";
    FORWARD_REFERENCE = "X0506", "type used before its declaration";
    REPEATED_ANNOTATION = "X0507", "annotation given twice";
    LOOSE_DOCUMENTATION = "X0508", "documentation comment that belongs to nothing";
    UNKNOWN_MARK = "X0509", "mark that is neither known nor a command of Doxygen";
    MISPLACED_MARK = "X0510", "mark where no mark is taken";
}
