//! An [`Api`] as IDL texts.

mod comments;
mod declarations;
mod includes;
mod names;

use std::collections::BTreeMap;

use xerus_idl::print;

use self::declarations::Writer;
use self::includes::Includes;
use self::names::Scopes;
use crate::api::{Api, IdlFile, Notes, TypeId};
use crate::complete::like::Like;
use crate::error::Error;
use crate::report::{FindingKind, Report};

/// A file's name and text.
pub(crate) type Text = (String, String);

/// Documentation of modules that no file has yet.
type ModuleDocs = BTreeMap<String, Vec<String>>;

/// Writes all files, sorted by name.
pub(crate) fn write(api: &Api, likes: &[Like], report: &mut Report) -> Result<Vec<Text>, Error> {
    let scopes = Scopes::of(api);
    let includes = Includes::of(api, likes, report);
    let mut texts = Vec::new();
    // The first file of a module documents it.
    let mut module_docs = api.module_docs.clone();
    let mut files: Vec<_> = api.files.iter().enumerate().collect();
    files.sort_by_key(|(_, file)| &file.name);
    for (at, file) in files {
        let mut writer = Writer::new(api, &scopes);
        let includes = includes.texts(api, at);
        draft(
            &mut writer,
            api,
            file,
            &includes,
            likes,
            &mut module_docs,
            report,
        )?;
        let draft = writer.finish();
        let text = print::format(&file.name, &draft)
            .map_err(|report| Error::Unsound(report.to_short()))?;
        texts.push((file.name.clone(), text));
    }
    Ok(texts)
}

fn draft(
    writer: &mut Writer<'_>,
    api: &Api,
    file: &IdlFile,
    includes: &[String],
    likes: &[Like],
    module_docs: &mut ModuleDocs,
    report: &mut Report,
) -> Result<(), Error> {
    let guard = guard(api, file, likes);
    if let Some(guard) = &guard {
        writer.line(&format!("#ifndef {guard}"));
        writer.line(&format!("#define {guard}"));
        writer.line("");
    }
    for include in includes {
        writer.line(&format!("#include <{include}>"));
    }
    if !includes.is_empty() {
        writer.line("");
    }
    if !file.named_by_package {
        let text = "the package does not name the IDL file of its types";
        report.add(FindingKind::Choice, file.name.clone(), text);
        let choices = vec![format!("file name, {text}")];
        writer.notes(&Notes {
            choices,
            ..Notes::default()
        });
    }
    let mut tree = ModuleTree::default();
    for &id in &file.types {
        let module = api.types.get(id).map_or("", |ty| ty.module.as_str());
        tree.add(module.split('.'), id);
    }
    tree.write(writer, "", module_docs)?;
    if guard.is_some() {
        writer.line("");
        writer.line("#endif");
    }
    Ok(())
}

/// The macro that guards a file: that of other IDL of the same name, if it has one or none there.
fn guard(api: &Api, file: &IdlFile, likes: &[Like]) -> Option<String> {
    if let Some(like) = likes.iter().find_map(|like| like.file(&file.name)) {
        return like.guard.as_ref().map(|guard| guard.name.text.clone());
    }
    let module = file.types.first().and_then(|id| api.types.get(*id));
    let module = module.map_or("", |ty| ty.module.as_str());
    let stem = file.name.strip_suffix(".idl").unwrap_or(&file.name);
    let text = format!("__{module}_{stem}_IDL__");
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    Some(text.chars().map(plain).collect())
}

/// The modules of a file; nested ones are rare.
#[derive(Default)]
struct ModuleTree {
    types: Vec<TypeId>,
    modules: BTreeMap<String, ModuleTree>,
}

impl ModuleTree {
    fn add<'a>(&mut self, mut path: impl Iterator<Item = &'a str>, id: TypeId) {
        match path.next() {
            Some(name) => self
                .modules
                .entry(name.to_owned())
                .or_default()
                .add(path, id),
            None => self.types.push(id),
        }
    }

    /// Types before nested modules, since those look outwards.
    fn write(
        &self,
        writer: &mut Writer<'_>,
        path: &str,
        docs: &mut ModuleDocs,
    ) -> Result<(), Error> {
        for (at, id) in self.types.iter().enumerate() {
            if at > 0 {
                writer.line("");
            }
            writer.ty(*id)?;
        }
        for (name, module) in &self.modules {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let leading = docs.remove(&path).unwrap_or_default();
            writer.notes(&Notes {
                leading,
                ..Notes::default()
            });
            writer.line(&format!("module {name} {{"));
            module.write(writer, &path, docs)?;
            writer.line("}");
        }
        Ok(())
    }
}
