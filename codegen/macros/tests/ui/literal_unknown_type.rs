mod lamps {
    xerus_macros::idl! { r#"
module garden {
    structure Chain { vector<Lmap> lamps; };
    structure Lamp { int watts; };
}
"# }
}

fn main() {}
