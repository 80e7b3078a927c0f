//! Code that was generated for another runtime is refused with one error that says what to do.

mod generated {
    ::xerus_rpc::rt::form!(0);
}

fn main() {}
