//! Which of the files make up the package.

use crate::error::{Error, Problem};
use crate::input::Files;

/// The Python files that describe the API.
#[derive(Debug)]
pub(crate) struct Package {
    /// `raritan`
    pub(crate) name: String,
    /// From the metadata.
    pub(crate) version: Option<String>,
    /// Files with IDL types, by IDL module.
    pub(crate) modules: Vec<PythonFile>,
    /// Files with opaque types, by IDL module.
    pub(crate) opaques: Vec<PythonFile>,
}

/// One Python file.
#[derive(Debug)]
pub(crate) struct PythonFile {
    /// The IDL module: `pdumodel`, `auth.ldapsrv`.
    pub(crate) module: String,
    /// Path inside the package.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

impl Package {
    /// Finds the package among the files.
    pub(crate) fn find(files: &Files) -> Result<Self, Error> {
        let root = root(files)?;
        let name = root.strip_suffix("/rpc").unwrap_or(root);
        let name = name.rsplit('/').next().unwrap_or(name).to_owned();
        let mut package = Self {
            version: version(files, &name),
            name,
            modules: vec![],
            opaques: vec![],
        };
        let mut problems = Vec::new();
        for (path, bytes) in files {
            let Some(inner) = path
                .strip_prefix(root)
                .and_then(|rest| rest.strip_prefix('/'))
            else {
                continue;
            };
            let (module, list) = match inner.strip_prefix("opaque/") {
                Some(inner) => (inner.strip_suffix(".py"), &mut package.opaques),
                None => (inner.strip_suffix("/__init__.py"), &mut package.modules),
            };
            let Some(module) = module.filter(|module| !module.ends_with("__init__")) else {
                continue;
            };
            match std::str::from_utf8(bytes) {
                Ok(text) => list.push(PythonFile {
                    module: module.replace('/', "."),
                    path: path.clone(),
                    text: text.to_owned(),
                }),
                Err(_) => problems.push(Problem {
                    file: path.clone(),
                    line: 1,
                    message: "not UTF-8".to_owned(),
                    can_be_left_out: false,
                }),
            }
        }
        if problems.is_empty() {
            Ok(package)
        } else {
            Err(Error::NotUnderstood(problems))
        }
    }
}

/// The directory with the run-time files of the vendor.
fn root(files: &Files) -> Result<&str, Error> {
    let roots: Vec<&str> = files
        .keys()
        .filter_map(|path| path.strip_suffix("/Interface.py"))
        .filter(|root| {
            root.ends_with("/rpc") && files.contains_key(&format!("{root}/typecheck.py"))
        })
        .collect();
    match roots.as_slice() {
        [] => Err(Error::NoPackage),
        [root] => Ok(root),
        several => Err(Error::SeveralPackages(
            several.iter().map(|&root| root.to_owned()).collect(),
        )),
    }
}

/// The version in the metadata of the package of that name.
fn version(files: &Files, package: &str) -> Option<String> {
    let metadata = files.iter().filter(|(path, _)| {
        path.ends_with(".dist-info/METADATA") || path.ends_with("/PKG-INFO") || *path == "PKG-INFO"
    });
    for (_, bytes) in metadata {
        let text = String::from_utf8_lossy(bytes);
        let head = text.lines().take_while(|line| !line.is_empty());
        let field = |key: &str| {
            head.clone()
                .find_map(|line| line.strip_prefix(key))
                .map(|value| value.trim().to_owned())
        };
        if field("Name:").is_some_and(|name| name.eq_ignore_ascii_case(package)) {
            return field("Version:").filter(|version| is_version(version));
        }
    }
    None
}

/// Whether it can be shown as it is.
fn is_version(text: &str) -> bool {
    text.len() <= 40
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._+-!".contains(c))
}
