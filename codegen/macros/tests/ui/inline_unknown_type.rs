mod lamps {
    xerus_macros::idl! { inline {
        module garden {
            /** A lamp */
            structure Lamp {
                int watts;  ///< power
                Colur colour;
            };
            enumeration Colour { RED, GREEN };
            structure Chain { vector<Lmap> lamps; };
        }
    } }
}

fn main() {}
