use super::{Change, Comparison, Habit, RustItem, Travel, TypeDiff};
use crate::json::Json;

/// The version of the document's shape.
const FORMAT: i64 = 1;

pub(super) fn render(comparison: &Comparison) -> String {
    let Comparison {
        types,
        added,
        removed,
        modules_added,
        modules_removed,
        older,
        left_out,
        rust_modules,
    } = comparison;
    let mut json = Json::default();
    json.open('{');
    json.key("format").number(FORMAT);
    json.key("breaking").boolean(comparison.is_breaking());
    json.key("breaks_callers")
        .boolean(comparison.breaks_callers());
    for (key, modules) in [
        ("modules_added", modules_added),
        ("modules_removed", modules_removed),
    ] {
        json.line();
        json.key(key).open('[');
        for module in modules {
            json.string(module);
        }
        json.close(']');
    }
    json.line();
    json.key("older").open('[');
    for older in older {
        json.open('{');
        json.key("in").string(super::words::side(older.in_new));
        json.key("id").string(&older.wire_id);
        json.close('}');
    }
    json.close(']');
    json.line();
    json.key("left_out")
        .number(i64::try_from(*left_out).unwrap_or(i64::MAX));
    for (key, changes) in [("removed", removed), ("added", added)] {
        json.line();
        json.key(key);
        lines(&mut json, changes, change);
    }
    json.line();
    json.key("types");
    lines(&mut json, types, type_diff);
    json.line();
    json.key("rust_modules").open('{');
    for (path, item) in rust_modules {
        json.key(path);
        rust(&mut json, item);
    }
    json.close('}');
    json.close('}');
    json.finish()
}

/// A list, one value on a line.
fn lines<T>(json: &mut Json, values: &[T], write: fn(&mut Json, &T)) {
    json.open('[');
    for value in values {
        json.line();
        write(json, value);
    }
    json.close(']');
}

/// The names of both sides, or null when none were given.
fn rust(json: &mut Json, item: &RustItem) {
    if item.name().is_none() {
        return json.null();
    }
    json.open('{');
    json.key("old").optional(item.old.as_deref());
    json.key("new").optional(item.new.as_deref());
    json.close('}');
}

fn type_diff(json: &mut Json, ty: &TypeDiff) {
    json.open('{');
    json.key("path").string(&ty.path);
    json.key("kind").string(ty.kind);
    json.key("rust");
    rust(json, &ty.rust);
    json.key("old").string(&ty.old.to_string());
    json.key("new").string(&ty.new.to_string());
    json.key("demanded").string(ty.demanded.word());
    json.key("taken").string(ty.taken.word());
    json.key("verdict").string(ty.verdict().words());
    json.key("habit").optional(ty.habit.map(Habit::words));
    json.key("changes");
    lines(json, &ty.changes, change);
    json.close('}');
}

fn change(json: &mut Json, change: &Change) {
    json.open('{');
    json.key("item").string(change.item.word());
    json.key("action").string(change.action.word());
    json.key("path").string(&change.path);
    json.key("member").string(&change.member);
    json.key("rust");
    rust(json, &change.rust);
    json.key("old").optional(change.old.as_deref());
    json.key("new").optional(change.new.as_deref());
    json.key("travel").optional(change.travel.map(Travel::word));
    json.key("optional").boolean(change.optional);
    json.key("class").string(change.class.word());
    json.key("effect").string(change.effect.word());
    json.key("step").string(change.step.word());
    json.close('}');
}
