mod lamps {
    xerus_macros::idl! { inline {
        module garden {
            structure Lamp { int powerState; int power_state; };
        }
    } }
}

fn main() {}
