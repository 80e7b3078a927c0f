//! Calls that share requests without knowing of it.

mod device;

mod drops;
mod equality;
mod errors;
mod joining;
mod limits;
mod times;
mod whole;
