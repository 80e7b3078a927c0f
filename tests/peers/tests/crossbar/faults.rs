//! What goes wrong, with a real router.
