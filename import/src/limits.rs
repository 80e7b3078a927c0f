//! How much an input may hold.

/// Bounds for what is read from an archive, a directory or a dump.
///
/// Packages come from a network: a few kilobytes can unpack to gigabytes, and names can point anywhere. The defaults
/// are some twenty times what the largest published package needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the archive or dump itself.
    pub archive_bytes: u64,
    /// Entries, directories included; types of a dump.
    pub entries: u64,
    /// Bytes of one unpacked entry.
    pub entry_bytes: u64,
    /// Bytes of everything that is unpacked.
    pub total_bytes: u64,
    /// Unpacked bytes per packed byte.
    pub ratio: u64,
    /// Bytes of an entry's name; of a name or type in a dump.
    pub name_bytes: u64,
    /// How deep Python expressions and blocks, and types of a dump, may nest.
    pub nesting: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            archive_bytes: 16 << 20,
            entries: 10_000,
            entry_bytes: 8 << 20,
            total_bytes: 64 << 20,
            ratio: 100,
            name_bytes: 1_000,
            nesting: 200,
        }
    }
}
