//! Sending files.
