//! From a model to the whole output.

use std::cell::RefCell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use xerus_idl::diagnostic::Diagnostics;

use crate::emit::{self, Plan, Unit};
use crate::error::Error;
use crate::facts::Facts;
use crate::features::{Feature, Features};
use crate::files::{self, File, Files};
use crate::header;
use crate::input::Input;
use crate::names::{check, reserved, table::Names};
use crate::options::{Layout, Options};
use crate::output::{Aside, Output, Pretty, Tokens};
use crate::overrides::Overrides;
use crate::runtime_path::RuntimePath;
use crate::select::Selection;
use crate::threads;
use crate::typed_errors::TypedErrors;
use crate::well_known::WellKnown;

const SERVER_DOCS: &str =
    "The server side: a trait for every interface, for programs that answer calls.";

/// Generates the text of a model, in one piece whatever layout is chosen.
///
/// # Errors
///
/// When names collide or an option cannot be followed.
pub(crate) fn text(input: &Input, options: &Options) -> Result<String, Error> {
    let mut single = options.clone();
    single.layout = Layout::Single;
    let options = &single;
    if !options.format {
        return Ok(format!(
            "{}{}\n",
            header::header(options),
            tokens(input, options)?
        ));
    }
    with_plan(input, options, |plan| {
        let units = emit::units(plan);
        let parts = in_parallel(plan, &units)?;
        joined(plan, &units, parts)
    })
}

/// Generates the files of a model in the layout that is chosen.
///
/// # Errors
///
/// When names collide or an option cannot be followed.
pub(crate) fn files(input: &Input, options: &Options) -> Result<Files, Error> {
    if options.layout == Layout::Single {
        let (path, text) = (String::new(), text(input, options)?);
        return Ok(Files::new(vec![File { path, text }]));
    }
    let part = header::part(&files::root_name(options)?);
    with_plan(input, options, |plan| {
        let (frames, contents) = (emit::frames(plan), emit::contents(plan));
        let (root, texts) = if options.format {
            let frames_text = in_parallel(plan, &frames)?;
            let root = joined(plan, &frames, frames_text)?;
            (root, in_parallel(plan, &contents)?)
        } else {
            let texts = contents.iter().map(|unit| {
                let mut out = Tokens::new(plan.runtime.as_ref());
                unit.emit(plan, &Tokens::ASIDE, &mut out);
                format!("{}\n", out.finish())
            });
            let root = streamed(plan, &frames);
            (
                format!("{}{root}\n", header::header(options)),
                texts.collect(),
            )
        };
        let path = String::new();
        let mut all = vec![File { path, text: root }];
        all.extend(contents.iter().zip(texts).map(|(unit, text)| File {
            path: files::path(&unit.file(plan)),
            text: format!("{part}{text}"),
        }));
        all.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Files::new(all))
    })
}

/// The header, the registry and these parts.
fn joined(plan: &Plan<'_>, units: &[Unit], parts: Vec<String>) -> Result<String, Error> {
    let aside = Aside::Numbered(RefCell::default());
    let mut registry = Pretty::new(&aside, plan.runtime.as_ref(), 0);
    root(plan, &aside, &mut registry);
    let mut text = header::header(plan.options);
    text.push_str(&registry.finish().map_err(Error::fault)?);
    let mut in_server = false;
    for (unit, part) in units.iter().zip(parts) {
        text.push('\n');
        if unit.server && !in_server {
            let mut head = Pretty::new(&aside, plan.runtime.as_ref(), 0);
            open_server(plan, &mut head);
            text.push_str(&head.finish().map_err(Error::fault)?);
            in_server = true;
        }
        text.push_str(&part);
    }
    if in_server {
        text.push_str("}\n");
    }
    Ok(text)
}

/// Generates the tokens of a model.
///
/// # Errors
///
/// When names collide or an option cannot be followed.
pub(crate) fn tokens(input: &Input, options: &Options) -> Result<TokenStream, Error> {
    with_plan(input, options, |plan| {
        Ok(streamed(plan, &emit::units(plan)))
    })
}

/// The cargo features of a model's code, sorted by name.
///
/// # Errors
///
/// When names collide or an option cannot be followed.
pub(crate) fn features(input: &Input, options: &Options) -> Result<Vec<Feature>, Error> {
    let mut options = options.clone();
    options.cargo_features = true;
    with_plan(input, &options, |plan| {
        let features = plan.features.as_ref();
        let features = features.expect("the option is on");
        Ok(features.list(plan.model, plan.selection))
    })
}

/// The registry and these units.
fn streamed(plan: &Plan<'_>, units: &[Unit]) -> TokenStream {
    let aside = Tokens::ASIDE;
    let mut out = Tokens::new(plan.runtime.as_ref());
    root(plan, &aside, &mut out);
    let mut in_server = false;
    for unit in units {
        if unit.server && !in_server {
            open_server(plan, &mut out);
            in_server = true;
        }
        unit.emit(plan, &aside, &mut out);
    }
    if in_server {
        out.close();
    }
    out.finish()
}

/// What stands before all modules.
fn root(plan: &Plan<'_>, aside: &Aside, out: &mut dyn Output) {
    out.item(vec![emit::form(), emit::registry(plan, aside).into()]);
    if let Some(list) = emit::well_known(plan, aside) {
        out.item(vec![list]);
    }
}

fn open_server(plan: &Plan<'_>, out: &mut dyn Output) {
    let (condition, lints) = (plan.server_condition(), emit::outermost_lints());
    let name = Ident::new(reserved::SERVER, Span::call_site());
    out.open(
        vec![SERVER_DOCS.to_owned()],
        quote!(#condition #lints),
        &name,
    );
}

/// Checks names and options, then hands on what emission needs.
fn with_plan<T>(
    input: &Input,
    options: &Options,
    emit: impl FnOnce(&Plan<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let Input { model, sources, .. } = input;
    let mut problems = Vec::new();
    let names = Names::new(model, options, &mut problems);
    let facts = Facts::new(model, options, &mut problems);
    let selection = Selection::new(model, &names, &facts, options, &mut problems);
    let mut found = Vec::new();
    let errors = TypedErrors::new(model, &facts, |index| selection.emits(index), &mut found);
    found.extend(check::check(model, &names, &errors));
    found.extend(check::results(model, |index| selection.emits(index)));
    found.extend(check::wire_names(model, &facts, |index| {
        selection.emits(index)
    }));
    let well_known = WellKnown::new(model, &names, options, &mut found, &mut problems);
    if !found.is_empty() {
        return Err(Error::idl(Diagnostics::new(sources.clone(), found)));
    }
    let overrides = Overrides::new(model, options, &mut problems);
    let runtime = RuntimePath::new(options, &mut problems);
    if !problems.is_empty() {
        return Err(Error::options(problems));
    }
    let features = options
        .cargo_features
        .then(|| Features::new(model, &names, &selection, &well_known));
    emit(&Plan {
        model,
        names: &names,
        options,
        selection: &selection,
        overrides: &overrides,
        features,
        well_known: &well_known,
        runtime,
        facts: &facts,
        errors: &errors,
    })
}

/// The text of every unit. Parsing and formatting is most of the work and needs nothing shared.
fn in_parallel(plan: &Plan<'_>, units: &[Unit]) -> Result<Vec<String>, Error> {
    let threads = threads::count().min(units.len());
    let next = AtomicUsize::new(0);
    let parts = Mutex::new(vec![Ok(String::new()); units.len()]);
    let work = || {
        let aside = Aside::Numbered(RefCell::default());
        while let Some((at, unit)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            units.get(at).map(|unit| (at, unit))
        } {
            let mut out = Pretty::new(&aside, plan.runtime.as_ref(), unit.depth());
            unit.emit(plan, &aside, &mut out);
            let part = out.finish();
            // Nothing panics while it holds the lock.
            parts.lock().expect("no panic before")[at] = part;
        }
    };
    thread::scope(|scope| {
        // With one thread there is one beside this one, too: only its stack is known to be deep enough.
        for _ in 0..threads {
            let thread = thread::Builder::new().stack_size(threads::STACK);
            thread
                .spawn_scoped(scope, work)
                .map_err(|error| Error::io("cannot start", "a thread", &error))?;
        }
        Ok(())
    })?;
    let parts = parts.into_inner().expect("no panic before");
    parts
        .into_iter()
        .map(|part| part.map_err(Error::fault))
        .collect()
}
