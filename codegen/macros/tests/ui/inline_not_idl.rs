mod derived {
    xerus_macros::idl! { inline {
        #[derive(Clone)]
        module garden { }
    } }
}

mod guarded {
    xerus_macros::idl! { inline {
        #ifndef GARDEN_IDL
        module garden { }
    } }
}

fn main() {}
