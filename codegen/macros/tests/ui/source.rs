mod none {
    xerus_macros::idl! {}
}

mod number {
    xerus_macros::idl! { 5 }
}

fn main() {}
