//! Built-ins that generated policies call: what they take and what they give. Those that depend on chance, the
//! network or the process are left out; so are keys and tokens, which OPA's own cases cover.

use super::values::Kind::{self, Any, Array, Bool, Int, Number, Object, Set, String};

pub struct Builtin {
    pub name: &'static str,
    pub takes: &'static [Takes],
    pub gives: Kind,
}

/// What an operand should be, where a kind alone would rarely do.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    Is(Kind),
    Oneof(&'static [&'static str]),
    Collection,
    /// An array or a set.
    Ordered,
    Strings,
    Numbers,
    Objects,
    Sets,
    Paths,
}

use Takes::{Collection, Is, Numbers, Objects, Oneof, Ordered, Paths, Sets, Strings};

const fn b(name: &'static str, takes: &'static [Takes], gives: Kind) -> Builtin {
    Builtin { name, takes, gives }
}

const A: Takes = Is(Any);
const N: Takes = Is(Number);
const I: Takes = Is(Int);
const S: Takes = Is(String);
const L: Takes = Is(Array);
const O: Takes = Is(Object);
const U: Takes = Is(Set);
const REGEX: Takes = Oneof(&[
    r#""a""#,
    r#""^a.*""#,
    r#""[a-c]+""#,
    r#""(a)(b)?""#,
    r#""""#,
    r#""[""#,
    r#"`\d+`"#,
    r#"`^\s*(\w+)\s*$`"#,
    r#"`(?i)A`"#,
    r#""x|""#,
    r#""(?P<n>a)""#,
    r#""é""#,
    r#"".""#,
]);
const REPLACEMENT: Takes = Oneof(&[r#""$1""#, r#""<$0>""#, r#""${1}x""#, r#""""#, r#""$n""#, r#""$""#, r#""é""#]);
const GLOB: Takes = Oneof(&[
    r#""*""#,
    r#""a*""#,
    r#""**""#,
    r#""a.*.c""#,
    r#""a.**""#,
    r#""{a,b}""#,
    r#""[a-c]""#,
    r#""?""#,
    r#""[!a]""#,
    r#""""#,
    r#""[""#,
]);
const DELIMITERS: Takes = Oneof(&["[]", "null", r#"["."]"#, r#"["/"]"#, r#"[".", "/"]"#, r#"[".."]"#]);
const FORMAT: Takes = Oneof(&[
    r#""%v""#,
    r#""%d""#,
    r#""%s""#,
    r#""%v %v""#,
    r#""%05d|%-5s""#,
    r#""%x""#,
    r#""%q""#,
    r#""%t""#,
    r#""%.2f""#,
    r#""%e""#,
    r#""%g""#,
    r#""%%""#,
    r#""%!""#,
    r#""%[2]v""#,
    r#""%c""#,
    r#""%T""#,
    r#""%U""#,
    r#""%8.3f""#,
    r#""%+d""#,
    r#""%o""#,
    r#""%b""#,
    r#""""#,
]);
const BASE: Takes = Oneof(&["2", "8", "10", "16", "3", "0", "10.0"]);
const UNIT: Takes = Oneof(&[
    r#""1K""#,
    r#""1Ki""#,
    r#""10m""#,
    r#""1.5GB""#,
    r#""100""#,
    r#""1e3""#,
    r#""""#,
    r#""x""#,
    r#""1 K""#,
    r#""\"5M\"""#,
    r#""-1""#,
    r#""0.1Ti""#,
    r#"".5k""#,
]);
const JSON_TEXT: Takes = Oneof(&[
    r#""{}""#,
    r#"`{"a": 1.0}`"#,
    r#""[1,""#,
    r#""1e3""#,
    r#""null""#,
    r#""""#,
    r#""  2 ""#,
    r#""1 2""#,
    r#"`{"a":1,"a":2}`"#,
    r#"`"\u00e9"`"#,
    r#"`[1, {"b": null}]`"#,
    r#""nul""#,
    r#""01""#,
    r#"`"\ud800"`"#,
]);
const YAML_TEXT: Takes = Oneof(&[
    r#""a: 1""#,
    r#""- 1\n- b""#,
    r#""""#,
    r#""{a: [1, 2]}""#,
    r#""a: b: c""#,
    r#""yes""#,
    r#""1.0""#,
    r#""~""#,
]);
const VERSION: Takes = Oneof(&[
    r#""1.2.3""#,
    r#""1.2.4-rc1""#,
    r#""v1.2.3""#,
    r#""1.2""#,
    r#""1.2.3+b""#,
    r#""01.2.3""#,
    r#""""#,
    r#""1.2.3-1""#,
    r#""1.2.3-a.b""#,
]);
const CIDR: Takes = Oneof(&[
    r#""10.0.0.0/8""#,
    r#""10.1.2.3""#,
    r#""10.1.0.0/30""#,
    r#""::1""#,
    r#""2001:db8::/126""#,
    r#""x""#,
    r#""10.0.0.0/33""#,
    r#""192.168.1.5/24""#,
    r#""::ffff:10.0.0.1""#,
]);
const TIME: Takes = Oneof(&[
    "0",
    "1700000000000000000",
    "-1",
    "1e18",
    "1.5",
    r#"[1700000000000000000, "Europe/Berlin"]"#,
    r#"[0, "America/New_York"]"#,
    r#"[0, "x"]"#,
    "[0]",
    r#"[1700000000000000000, "UTC"]"#,
    "9223372036854775807",
    "9223372036854775808",
]);
const DATE: Takes = Oneof(&[
    r#""2023-11-14T22:13:20Z""#,
    r#""2023-02-30T00:00:00Z""#,
    r#""x""#,
    r#""2023-11-14T22:13:20.5+01:00""#,
    r#""2023-11-14""#,
]);
const LAYOUT: Takes = Oneof(&[
    r#""2006-01-02""#,
    r#""RFC3339""#,
    r#""2006-01-02T15:04:05Z07:00""#,
    r#""RFC1123""#,
    r#""""#,
    r#""Jan _2 15:04""#,
]);
const DURATION: Takes =
    Oneof(&[r#""1h""#, r#""1.5s""#, r#""-2m3s""#, r#""x""#, r#""""#, r#""1d""#, r#""100ns""#, r#""1""#]);
const ENCODED: Takes = Oneof(&[
    r#""YQ==""#,
    r#""YQ""#,
    r#""YWI=""#,
    r#""!""#,
    r#""""#,
    r#""_-8=""#,
    r#""+/8=""#,
    r#""6162""#,
    r#""616""#,
    r#""zz""#,
]);
const ESCAPED: Takes =
    Oneof(&[r#""a%20b""#, r#""a+b=c&d""#, r#""%zz""#, r#""x=1&x=2&y""#, r#""é&=""#, r#""""#, r#""a;b""#]);
const URL: Takes = Oneof(&[
    r#""https://u:p@h.example:8080/a/b?x=1#f""#,
    r#""/a""#,
    r#""http://[::1]:80""#,
    r#""http://a b""#,
    r#""""#,
    r#""mailto:x@y""#,
    r#""%""#,
    r#""HTTP://h/%41""#,
]);
const PATCHES: Takes = Oneof(&[
    r#"[{"op": "add", "path": "/a", "value": 1}]"#,
    r#"[{"op": "remove", "path": "/a"}]"#,
    r#"[{"op": "replace", "path": "b", "value": [1]}]"#,
    r#"[{"op": "add", "path": "/0", "value": "x"}]"#,
    r#"[{"op": "add", "path": "/-", "value": "x"}]"#,
    r#"[{"op": "move", "from": "/a", "path": "/b"}]"#,
    r#"[{"op": "copy", "from": "/a", "path": "/c/d"}]"#,
    r#"[{"op": "test", "path": "/a", "value": 1}]"#,
    "[]",
    r#"[{"op": "add", "path": ["a", "b"], "value": 2}]"#,
    r#"[{"op": "x", "path": "/a"}]"#,
    r#"[{"path": "/a"}]"#,
    r#"[{"op": "replace", "path": "", "value": 3}]"#,
]);
const GRAPH: Takes = Oneof(&[
    r#"{"a": ["b"], "b": ["c", "a"], "c": []}"#,
    r#"{"a": {"b"}, "b": null}"#,
    "{}",
    r#"{"a": ["a"]}"#,
    r#"{"a": "b"}"#,
]);
const KEYS: Takes = Oneof(&[r#"["a"]"#, r#"{"a", "b"}"#, r#"["a", "z"]"#, "[]", r#"{"a": 1}"#, "[1]", r#"["b"]"#]);
const TYPES: Takes = Oneof(&["data", "input"]);
const CUTSET: Takes = Oneof(&[r#""a""#, r#"" ""#, r#""""#, r#""abc""#, r#""é""#]);
const SCHEMA: Takes = Oneof(&[
    r#"{"type": "object"}"#,
    r#"{"type": "array", "items": {"type": "number"}}"#,
    r#"{"properties": {"a": {"type": "string"}}}"#,
    "{}",
    r#"{"type": "x"}"#,
    r#"{"required": ["a"]}"#,
    r#""{""#,
]);
const OBJECT_PATH: Takes = Oneof(&[r#""a""#, r#"["a"]"#, r#"["a", "b"]"#, "[]", "0", "[0]", r#"["xs", 0]"#, "null"]);

#[rustfmt::skip]
pub const BUILTINS: &[Builtin] = &[
    b("abs", &[N], Number), b("ceil", &[N], Number), b("floor", &[N], Number), b("round", &[N], Number),
    b("count", &[Collection], Int), b("sum", &[Numbers], Number), b("product", &[Numbers], Number),
    b("max", &[Ordered], Any), b("min", &[Ordered], Any), b("sort", &[Ordered], Array),
    b("numbers.range", &[I, I], Array), b("numbers.range_step", &[I, I, I], Array),
    b("bits.and", &[I, I], Int), b("bits.or", &[N, I], Int), b("bits.xor", &[I, I], Int), b("bits.negate", &[N], Int),
    b("bits.lsh", &[I, I], Int), b("bits.rsh", &[N, I], Int), b("format_int", &[N, BASE], String), b("to_number", &[A], Number),
    b("array.concat", &[L, L], Array), b("array.reverse", &[L], Array), b("array.slice", &[L, I, I], Array), b("array.flatten", &[L], Array),
    b("union", &[Sets], Set), b("intersection", &[Sets], Set),
    b("object.get", &[O, OBJECT_PATH, A], Any), b("object.keys", &[O], Set), b("object.remove", &[O, KEYS], Object), b("object.filter", &[O, KEYS], Object),
    b("object.union", &[O, O], Object), b("object.union_n", &[Objects], Object), b("object.subset", &[O, O], Bool), b("object.subset", &[L, L], Bool), b("object.subset", &[U, U], Bool),
    b("json.filter", &[O, Paths], Object), b("json.remove", &[O, Paths], Object), b("json.patch", &[A, PATCHES], Any),
    b("json.marshal", &[A], String), b("json.unmarshal", &[JSON_TEXT], Any), b("json.is_valid", &[JSON_TEXT], Bool),
    b("json.match_schema", &[O, SCHEMA], Array), b("json.verify_schema", &[SCHEMA], Array),
    b("yaml.marshal", &[A], String), b("yaml.unmarshal", &[YAML_TEXT], Any), b("yaml.is_valid", &[YAML_TEXT], Bool),
    b("concat", &[S, Strings], String), b("contains", &[S, S], Bool), b("startswith", &[S, S], Bool), b("endswith", &[S, S], Bool),
    b("indexof", &[S, S], Int), b("indexof_n", &[S, S], Array), b("lower", &[S], String), b("upper", &[S], String), b("replace", &[S, S, S], String),
    b("split", &[S, S], Array), b("sprintf", &[FORMAT, L], String), b("substring", &[S, I, I], String), b("trim", &[S, CUTSET], String),
    b("trim_left", &[S, CUTSET], String), b("trim_right", &[S, CUTSET], String), b("trim_prefix", &[S, S], String), b("trim_suffix", &[S, S], String),
    b("trim_space", &[S], String), b("strings.reverse", &[S], String), b("strings.count", &[S, S], Int),
    b("strings.replace_n", &[O, S], String), b("strings.any_prefix_match", &[Strings, Strings], Bool), b("strings.any_suffix_match", &[Strings, Strings], Bool),
    b("strings.render_template", &[Oneof(&[r#""{{.a}}""#, r#""{{if .a}}x{{end}}""#, r#""{{range .xs}}{{.}},{{end}}""#, r#""{{.z}}""#, r#""{{""#]), O], String),
    b("regex.match", &[REGEX, S], Bool), b("regex.is_valid", &[REGEX], Bool), b("regex.find_n", &[REGEX, S, I], Array),
    b("regex.find_all_string_submatch_n", &[REGEX, S, I], Array), b("regex.split", &[REGEX, S], Array), b("regex.replace", &[S, REGEX, REPLACEMENT], String),
    b("regex.template_match", &[Oneof(&[r#""a{.*}""#, r#""{a|b}""#, r#""{""#]), S, Oneof(&[r#""{""#]), Oneof(&[r#""}""#])], Bool),
    b("regex.globs_match", &[Oneof(&[r#""a.*""#, r#""[a-c]+""#, r#""b""#]), Oneof(&[r#""ab*""#, r#""a""#, r#""x?""#])], Bool),
    b("glob.match", &[GLOB, DELIMITERS, S], Bool), b("glob.quote_meta", &[GLOB], String),
    b("units.parse", &[UNIT], Number), b("units.parse_bytes", &[UNIT], Number),
    b("semver.compare", &[VERSION, VERSION], Int), b("semver.is_valid", &[VERSION], Bool),
    b("net.cidr_contains", &[CIDR, CIDR], Bool), b("net.cidr_intersects", &[CIDR, CIDR], Bool), b("net.cidr_is_valid", &[CIDR], Bool),
    b("net.cidr_merge", &[Oneof(&[r#"["10.0.0.0/25", "10.0.0.128/25"]"#, r#"{"10.0.0.1", "::1"}"#, r#"["x"]"#, "[]"])], Set),
    b("net.cidr_expand", &[Oneof(&[r#""10.0.0.0/30""#, r#""x""#, r#""10.0.0.9/31""#])], Set),
    b("net.cidr_contains_matches", &[Oneof(&[r#"["10.0.0.0/8", "::/0"]"#, r#"{"a": "10.0.0.0/24"}"#, r#""10.0.0.0/8""#]), Oneof(&[r#"{"10.0.0.1"}"#, r#"["10.0.0.1", "::1"]"#])], Set),
    b("time.date", &[TIME], Array), b("time.clock", &[TIME], Array), b("time.weekday", &[TIME], String), b("time.format", &[TIME], String),
    b("time.add_date", &[TIME, I, I, I], Int), b("time.diff", &[TIME, TIME], Array), b("time.parse_rfc3339_ns", &[DATE], Int),
    b("time.parse_ns", &[LAYOUT, DATE], Int), b("time.parse_duration_ns", &[DURATION], Int), b("time.now_ns", &[], Int),
    b("base64.encode", &[S], String), b("base64.decode", &[ENCODED], String), b("base64.is_valid", &[ENCODED], Bool), b("base64url.encode", &[S], String),
    b("base64url.encode_no_pad", &[S], String), b("base64url.decode", &[ENCODED], String), b("hex.encode", &[S], String), b("hex.decode", &[ENCODED], String),
    b("urlquery.encode", &[S], String), b("urlquery.decode", &[ESCAPED], String), b("urlquery.encode_object", &[O], String), b("urlquery.decode_object", &[ESCAPED], Object),
    b("uri.parse", &[URL], Object), b("uri.is_valid", &[URL], Bool), b("uuid.parse", &[S], Object),
    b("crypto.md5", &[S], String), b("crypto.sha1", &[S], String), b("crypto.sha256", &[S], String), b("crypto.hmac.sha256", &[S, S], String),
    b("crypto.hmac.equal", &[S, S], Bool),
    b("graph.reachable", &[GRAPH, KEYS], Set), b("graph.reachable_paths", &[GRAPH, KEYS], Set),
    b("is_array", &[A], Bool), b("is_boolean", &[A], Bool), b("is_null", &[A], Bool), b("is_number", &[A], Bool), b("is_object", &[A], Bool),
    b("is_set", &[A], Bool), b("is_string", &[A], Bool), b("type_name", &[A], String), b("type_name", &[TYPES], String),
    b("io.jwt.decode", &[S], Array), b("object.get", &[O, S, A], Any), b("and", &[U, U], Set), b("or", &[U, U], Set),
];
