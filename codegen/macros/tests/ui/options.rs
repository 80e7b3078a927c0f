mod unknown_key {
    xerus_macros::idl! { inline { module m { opaque A; } }, clientonly = true }
}

mod wrong_value {
    xerus_macros::idl! { inline { module m { opaque A; } }, client_only = "yes" }
}

mod unknown_root {
    xerus_macros::idl! { inline { module m { structure Lamp { int x; }; } }, root = ["m.Lamp", "m.Lmap"] }
}

mod unused_override {
    xerus_macros::idl! { inline { module m { structure Lamp { int x; }; } }, derive = { "m.Lapm" = "Hash" } }
}

mod twice {
    xerus_macros::idl! { inline { module m { opaque A; } }, docs = true, docs = false }
}

mod several_files {
    xerus_macros::idl! { inline { module m { opaque A; } }, layout = "files" }
}

mod a_file {
    xerus_macros::idl! { inline { module m { opaque A; } }, out = "lamp.rs" }
}

mod no_include_directory {
    xerus_macros::idl! { inline { module m { opaque A; } }, include_dir = "/none" }
}

mod unknown_layout {
    xerus_macros::idl! { inline { module m { opaque A; } }, layout = "file" }
}

mod unused_rename {
    xerus_macros::idl! { inline { module m { structure Lamp { int x; }; } }, rename = { "m.Lamp.y" = "z" } }
}

mod runtime_path {
    xerus_macros::idl! { inline { module m { structure Lamp { int x; }; } }, runtime_path = "self::rpc" }
}

fn main() {}
