mod lamps {
    xerus_macros::idl! { inline {
        module garden {
            structure Lamp { int watts }
            interface Switch { void press(inout int times); };
        }
    } }
}

fn main() {}
