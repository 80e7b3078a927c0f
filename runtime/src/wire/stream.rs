//! What comes back from a call that reports progress.

use super::reply::Reply;

/// One part of the answer to a call that reports progress.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Item {
    /// Something on the way: one value, of the type that the method's mark names.
    Progress(Reply),
    /// The results. Nothing comes after it.
    Final(Reply),
}
