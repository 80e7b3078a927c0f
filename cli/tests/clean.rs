//! Generated code gives no warning wherever it is included: in programs and libraries, in private and public modules,
//! with the lints of the compiler and of clippy denied, in every edition, with the runtime under another name.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "support/repository.rs"]
mod repository;
#[path = "support/scratch.rs"]
mod scratch;
mod support;

use std::fs;
use std::path::Path;

use scratch::{Scratch, runtime_as};
use support::{api, directory, text, xerus};

/// What clippy has something to say of when nobody else can use it.
const COLOR: &str = "module lab {
    enumeration Color { COLOR_RED, COLOR_GREEN, COLOR_BLUE };
    interface Lamp { Color get(); };
}";

/// Shapes and names that the compiler or clippy would rather have otherwise.
const ODD: &str = "module odd {
    enumeration Mode { MODE_A, MODE_B };
    enumeration Phase_2_0_0 { L1, L2 };
    enumeration Phase { ONE };
    module part { module part { opaque Part; } }
    [sparse_in] structure Settings { map<string, vector<map<int, vector<map<string, Mode>>>>> deep; int is; };
    valueobject Changed { [deprecated] Mode mode; };
    [deprecated] interface Gone {};
    interface Odd extends Gone {
        constant int MODE_MAX = 1;
        enumeration OddKind { ODD_ONE, ODD_TWO };
        int new();
        int next();
        int fromText(in string text);
        void intoText();
        int isOn(in int a, in int b, in int c, in int d, in int e, in int f, in int g, in int h);
        Settings index(in int at, in Settings settings);
        Settings add(in Settings settings, out vector<Odd> others, out map<string, vector<Phase>> phases);
        [deprecated(\"no more\")] void old();
        bool_ toBool();
    };
    typedef vector<map<string, vector<map<int, vector<map<string, Odd>>>>>> bool_;
}";

/// Where a package finds the runtime: its dependencies, and the option.
const RUNTIMES: [(&str, Option<&str>); 4] = [
    ("default", None),
    ("renamed", Some("::rpc")),
    ("foreign", Some("::house::rpc")),
    ("own", Some("crate::inner::rpc")),
];

/// The code of a directory: the root and, with `--layout files`, what it includes.
type Code = Vec<(String, String)>;

fn generate(idl: &Path, options: &[&str]) -> Code {
    let place = directory(&[]);
    let (idl, root) = (text(idl), text(place.path().join("xerus.rs")));
    let arguments = ["generate", idl.as_str(), "--out", root.as_str()];
    let done = xerus(arguments.iter().chain(options));
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let mut code = Vec::new();
    let mut folders = vec![place.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let inside = path.strip_prefix(place.path()).unwrap();
                code.push((
                    text(Path::new("src").join(inside)),
                    fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    code
}

fn dependencies(runtime: &str) -> String {
    let dependency = match runtime {
        "renamed" => runtime_as("rpc"),
        "foreign" => "house = { path = \"../house\" }".to_owned(),
        _ => runtime_as("xerus-rpc"),
    };
    format!("[dependencies]\n{dependency}\n")
}

/// The packages of the matrix, all built at once.
struct Matrix {
    scratch: Scratch,
    expected: Vec<String>,
}

impl Matrix {
    /// A program or library of an edition that includes the code as the README does it; `uses` may use some of it.
    fn add(
        &mut self,
        name: &str,
        edition: &str,
        runtime: &str,
        head: &str,
        uses: &str,
        code: &Code,
    ) {
        let is_program = name.contains("program");
        let visibility = if name.contains("public") { "pub " } else { "" };
        let uses = match uses {
            "" if is_program => "fn main() {}\n",
            uses => uses,
        };
        let root = format!(
            "//! Generated code in its place.\n#![deny(warnings, clippy::all)]\n{head}\n\
             /// As the README does it.\n{visibility}mod xerus {{\n    include!(\"xerus.rs\");\n}}\n{uses}"
        );
        let file = if is_program {
            "src/main.rs"
        } else {
            "src/lib.rs"
        };
        let mut tail = dependencies(runtime);
        if name.contains("features") {
            tail.push_str("[features]\ndefault = [\"lab\"]\nlab = []\nodd = []\nserver = []\n");
        }
        let code = code
            .iter()
            .map(|(path, text)| (path.clone(), text.as_str()));
        let files = code.chain([(file.to_owned(), root.as_str())]);
        self.scratch.package(name, edition, &tail, files);
        self.expected.push(name.to_owned());
    }
}

#[test]
fn no_lint_is_left_wherever_the_code_is_included() {
    if repository::is_missing() {
        return;
    }
    let mut matrix = Matrix {
        scratch: Scratch::new("clean"),
        expected: Vec::new(),
    };
    let house = ("src/lib.rs".to_owned(), "pub use xerus_rpc as rpc;\n");
    matrix
        .scratch
        .package("house", "2021", &dependencies("default"), [house]);
    let idl = directory(&[("Color.idl", COLOR), ("Odd.idl", ODD)]);
    let mut editions = ["2018", "2021", "2024"].into_iter().cycle();
    for (runtime, path) in RUNTIMES {
        let options = path.map_or_else(Vec::new, |path| vec!["--runtime-path", path]);
        let code = generate(idl.path(), &options);
        let head = match runtime {
            "own" => "mod inner {\n    pub(crate) use xerus_rpc as rpc;\n}",
            _ => "",
        };
        for kind in [
            "program-private",
            "program-public",
            "library-private",
            "library-public",
        ] {
            let edition = editions.next().unwrap();
            matrix.add(
                &format!("{kind}-{runtime}"),
                edition,
                runtime,
                head,
                "",
                &code,
            );
        }
    }
    // Lints that are off unless somebody wants them.
    let strict = "#![deny(clippy::pedantic, missing_docs, unreachable_pub, rust_2018_idioms)]";
    let code = generate(idl.path(), &["--docs=false", "--format=false"]);
    matrix.add(
        "program-private-strict",
        "2024",
        "default",
        strict,
        "",
        &code,
    );
    matrix.add(
        "library-public-strict",
        "2024",
        "default",
        strict,
        "",
        &code,
    );

    for (name, option) in [
        ("program-private-files", "--docs=false"),
        ("program-private-features", "--cargo-features"),
    ] {
        let code = generate(idl.path(), &["--layout", "files", option]);
        assert!(code.len() > 2, "{name}");
        matrix.add(name, "2021", "default", "", "", &code);
    }

    let firmware = api().with_file_name("xerus-4.4.1");
    let whole = generate(&firmware, &[]);
    matrix.add(
        "program-private-whole",
        "2024",
        "default",
        strict,
        "",
        &whole,
    );
    matrix.add("program-public-whole", "2018", "default", "", "", &whole);
    let part = generate(&firmware, &["--root", "pdumodel.Pdu", "--client-only"]);
    matrix.add("program-private-part", "2021", "default", "", PART, &part);

    // Both of these are warnings, which shows that warnings are seen.
    let unused = (
        "src/lib.rs".to_owned(),
        "#![deny(warnings)]\nfn unused() {}\n",
    );
    let returned = (
        "src/lib.rs".to_owned(),
        "#![deny(warnings)]\npub fn one() -> u8 {\n    return 1;\n}\n",
    );
    matrix.scratch.package("unused", "2024", "", [unused]);
    matrix.scratch.package("returned", "2024", "", [returned]);

    let outcome = matrix.scratch.clippy();
    let mut failed = vec!["unused"];
    if outcome.has_clippy {
        failed.insert(0, "returned");
    }
    assert!(outcome.failed.iter().eq(failed), "{}", outcome.errors);
    for name in matrix.expected {
        let target = name.replace('-', "_");
        let is_there = outcome.compiled.contains(&name) || outcome.compiled.contains(&target);
        assert!(is_there, "{name}: {outcome:?}");
    }
}

/// A program that uses one constructor.
const PART: &str = "use xerus::pdumodel::Pdu;

fn main() {
    let show: fn(&xerus_rpc::Agent) -> String = |agent| Pdu::well_known(agent, 0).rid().to_string();
    std::hint::black_box(show);
}
";
