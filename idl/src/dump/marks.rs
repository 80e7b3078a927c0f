use super::Dump;
use crate::marks::Marks;
use crate::model::{Method, TypeRef};

impl Dump<'_> {
    /// What is said of a method, if anything is.
    pub(super) fn marks(&mut self, method: &Method) {
        let marks = &method.marks;
        if marks.is_empty() {
            return;
        }
        let Marks {
            wire,
            repeatable,
            long_poll,
            one_way,
            timeout,
            progress: _,
            action,
            stream,
            root,
            errors,
            role,
            local,
            code,
            nullable,
        } = marks;
        let types = &method.mark_types;
        self.json.key("marks").open('{');
        self.text("wire", wire.as_deref());
        self.flag("repeatable", *repeatable);
        self.flag("long_poll", *long_poll);
        self.flag("one_way", *one_way);
        if let Some(timeout) = timeout {
            let milliseconds = i64::try_from(timeout.as_millis());
            self.json
                .key("timeout_ms")
                .number(milliseconds.expect("marks allow 32 bits of milliseconds"));
        }
        self.mark_type("progress", types.progress.as_ref());
        if let Some(action) = action {
            self.json.key("action").open('{');
            self.text("check", Some(&action.check));
            self.mark_type("poll", types.action_poll.as_ref());
            self.json.close('}');
        }
        if let Some(stream) = stream {
            self.json.key("stream").open('{');
            self.text("poll", Some(&stream.poll));
            self.text("stop", Some(&stream.stop));
            self.json.close('}');
        }
        self.flag("root", *root);
        if !errors.is_empty() {
            self.json.key("errors").open('[');
            let mut typed = types.errors.iter().peekable();
            for (code, name) in errors {
                self.json.open('{');
                self.text("code", Some(code));
                let error = typed.next_if(|error| error.code == *code);
                let name = error.map_or(&**name, |error| error.name(self.model, name));
                self.text("name", Some(name));
                self.mark_type("type", error.and_then(|error| error.structure.as_ref()));
                self.json.close('}');
            }
            self.json.close(']');
        }
        self.text("role", role.as_deref());
        self.flag("local", *local);
        self.flag("code", *code);
        if !nullable.is_empty() {
            self.json.key("nullable").open('[');
            for name in nullable {
                self.json.string(name);
            }
            self.json.close(']');
        }
        self.json.close('}');
    }

    fn text(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.json.key(key).string(value);
        }
    }

    fn flag(&mut self, key: &str, value: Option<bool>) {
        if let Some(value) = value {
            self.json.key(key).boolean(value);
        }
    }

    fn mark_type(&mut self, key: &str, ty: Option<&TypeRef>) {
        if let Some(ty) = ty {
            let text = self.model.type_text(ty).to_string();
            self.json.key(key).string(&text);
        }
    }
}
