//! A bounded store that forgets what was not used for longest.

use std::collections::HashMap;
use std::hash::Hash;

#[derive(Debug)]
pub(super) struct Recent<K, V> {
    entries: HashMap<K, Entry<V>>,
    limit: usize,
    /// Uses so far.
    clock: u64,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    used: u64,
}

impl<K: Eq + Hash + Clone, V: Clone> Recent<K, V> {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            entries: HashMap::new(),
            limit,
            clock: 0,
        }
    }

    pub(super) fn get(&mut self, key: &K) -> Option<V> {
        self.clock += 1;
        let entry = self.entries.get_mut(key)?;
        entry.used = self.clock;
        Some(entry.value.clone())
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        self.clock += 1;
        if self.entries.len() >= self.limit && !self.entries.contains_key(&key) {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.entries.remove(&oldest);
            }
        }
        let used = self.clock;
        self.entries.insert(key, Entry { value, used });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_unused_for_longest_goes() {
        let mut recent = Recent::new(3);
        for key in [1, 2, 3] {
            recent.insert(key, key * 10);
        }
        assert_eq!(recent.get(&1), Some(10));
        recent.insert(4, 40);
        assert_eq!(recent.get(&2), None);
        assert_eq!(
            [1, 3, 4].map(|key| recent.get(&key)),
            [Some(10), Some(30), Some(40)]
        );
        recent.insert(3, 31);
        assert_eq!(recent.get(&3), Some(31));
        assert_eq!(recent.entries.len(), 3);
    }
}
