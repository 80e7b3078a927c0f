use crate::model::{Model, TypeIndex};

/// Which types extend which, told from two numbers for each type: a chain of bases may be as long as a file allows, and is
/// asked about for every type in it.
pub(super) struct Lineage {
    /// When a walk over the heirs comes to a type, and when it leaves the last of its heirs.
    spans: Vec<(usize, usize)>,
}

impl Lineage {
    pub(super) fn new(model: &Model) -> Self {
        let count = model.types().len();
        let mut heirs = vec![Vec::new(); count];
        let mut open = Vec::new();
        for (index, _) in model.types() {
            match model.base(index) {
                Some(base) => heirs[base.at()].push(index),
                None => open.push((index, false)),
            }
        }
        let mut spans = vec![(0, 0); count];
        let mut time = 0;
        while let Some((index, is_left)) = open.pop() {
            time += 1;
            let span = &mut spans[index.at()];
            if is_left {
                span.1 = time;
            } else {
                span.0 = time;
                open.push((index, true));
                open.extend(heirs[index.at()].iter().map(|&heir| (heir, false)));
            }
        }
        Self { spans }
    }

    /// Whether a type extends another one, however indirectly.
    pub(super) fn extends(&self, heir: TypeIndex, base: TypeIndex) -> bool {
        let (heir, base) = (self.spans[heir.at()], self.spans[base.at()]);
        base.0 < heir.0 && heir.1 < base.1
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::Lineage;
    use crate::Idl;
    use crate::model::Model;

    fn load(body: &str) -> Model {
        let text = format!("module m {{ {body} }}");
        let loaded = Idl::new().text("M.idl", text).load();
        loaded
            .unwrap_or_else(|found| panic!("{}", found.to_short()))
            .model
    }

    #[test]
    fn it_says_what_a_walk_over_the_bases_says() {
        let mut body =
            String::from("structure S { int x; }; valueobject V0 { }; interface I0 { };");
        // A bush: each extends one of those before it.
        for n in 1..60 {
            let _ = write!(
                body,
                "valueobject V{n} extends V{} {{ }};",
                (n * 7) % n.min(11)
            );
            let _ = write!(body, "interface I{n} extends I{} {{ }};", n / 2);
        }
        let model = load(&body);
        let lineage = Lineage::new(&model);
        let mut pairs = 0;
        for (heir, _) in model.types() {
            for (base, _) in model.types() {
                let is_base = model.bases(heir).any(|at| at == base);
                assert_eq!(lineage.extends(heir, base), is_base);
                pairs += usize::from(is_base);
            }
        }
        assert!(pairs > 200, "{pairs}");
    }
}
