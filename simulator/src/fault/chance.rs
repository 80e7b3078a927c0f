//! Numbers that look random and come again with the same seed.

/// SplitMix64: small, and good enough for dice.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// `true` with this probability, 0 to 1.
    pub(super) fn hits(&mut self, probability: f64) -> bool {
        // The 53 upper bits are what a float of this size holds.
        let number = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        number < probability
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn one_in_ten_is_about_that_and_comes_again() {
        let draw = |seed| {
            let mut chance = Chance::new(seed);
            (0..10_000).map(|_| chance.hits(0.1)).collect::<Vec<_>>()
        };
        let hits = draw(1).into_iter().filter(|hit| *hit).count();
        assert!((900..1_100).contains(&hits), "{hits}");
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let mut chance = Chance::new(7);
        assert!((0..1_000).all(|_| chance.hits(1.0) && !chance.hits(0.0)));
    }
}
