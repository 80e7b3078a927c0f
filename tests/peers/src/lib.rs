//! Tests of this workspace against programs that others wrote, see `tests/`.
//!
//! `install.sh` installs them. A peer that is missing is skipped by name, or a failure when the variable
//! `XERUS_PEERS` is `required`.
