//! Generates the interface that is called.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .text(
            "adder.idl",
            "module bench { interface Adder { /** @wire com.example.add */ long add(in long x, in long y); }; };",
        )
        .generate()
}
