//! The one loop that writes every structure and value object, and objects made of a list of names.

use super::encode::Encode;
use super::record::Record;
use super::writer::Writer;

impl Writer {
    /// Writes a structure or value object.
    ///
    /// Members that the bindings do not know are written back as they came. A member that the device
    /// had left out is left out again as long as it still has its default value.
    pub fn structure(&mut self, record: &dyn Record) {
        if record.extra().is_empty() {
            self.record_as_declared(record);
        } else {
            self.record_with_extra(record);
        }
    }

    fn record_as_declared(&mut self, record: &dyn Record) {
        let info = record.info();
        self.byte(b'{');
        let mut first = true;
        for (index, name) in info.members.iter().enumerate() {
            let value = record.member(index);
            if !(info.sparse && value.is_left_out()) {
                self.member(name, first, value);
                first = false;
            }
        }
        self.byte(b'}');
    }

    fn record_with_extra(&mut self, record: &dyn Record) {
        let info = record.info();
        self.byte(b'{');
        let mut first = true;
        for (index, name) in info.members.iter().enumerate() {
            let value = record.member(index);
            if !(record.is_untouched(index) || info.sparse && value.is_left_out()) {
                self.member(name, first, value);
                first = false;
            }
        }
        for (name, value) in record.extra().unknown() {
            if !first {
                self.byte(b',');
            }
            // Unlike declared names, these may need escapes.
            self.string(name);
            self.byte(b':');
            self.raw(value.get());
            first = false;
        }
        self.byte(b'}');
    }

    #[inline]
    fn member(&mut self, name: &'static str, first: bool, value: &dyn Encode) {
        self.member_name(name, first);
        self.part(
            |writer| value.encode(writer),
            |error| error.path.member(name),
        );
    }

    /// Writes the name of a member, as the IDL or a method description has it: nothing in it needs an escape.
    #[inline]
    pub(crate) fn member_name(&mut self, name: &'static str, first: bool) {
        // Each copies a number of bytes that is known when this is compiled.
        if first {
            self.raw("\"");
        } else {
            self.raw(",\"");
        }
        self.raw(name);
        self.raw("\":");
    }

    /// Writes `{"name":value,…}`, values in the order of the names.
    pub(crate) fn members(&mut self, names: &[&'static str], values: &[&dyn Encode]) {
        self.members_at(names, values, &mut |_, _| {});
    }

    /// The same, and tells where each value begins and ends.
    pub(crate) fn members_at(
        &mut self,
        names: &[&'static str],
        values: &[&dyn Encode],
        place: &mut dyn FnMut(usize, usize),
    ) {
        self.byte(b'{');
        for (index, (name, value)) in names.iter().zip(values).enumerate() {
            self.member_name(name, index == 0);
            let start = self.len();
            self.part(
                |writer| value.encode(writer),
                |error| error.path.member(*name),
            );
            place(start, self.len());
        }
        self.byte(b'}');
    }
}
