//! Readings that wander: the same seed, place and second give the same wandering.

/// What wanders by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// The voltage of a line, by inlet and position.
    Line(usize, usize),
    /// What is connected to an outlet.
    Load(usize),
    /// What a peripheral device measures.
    Slot(usize),
    /// The frequency of the mains.
    Frequency,
}

impl Stream {
    fn number(self) -> u64 {
        let (kind, index) = match self {
            Self::Line(inlet, line) => (1, inlet * 3 + line),
            Self::Load(outlet) => (2, outlet),
            Self::Slot(slot) => (3, slot),
            Self::Frequency => (4, 0),
        };
        // Indexes are far below 2^32.
        (kind << 32) | index as u64
    }
}

/// A source of noise. Without a seed it is still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Noise(pub(crate) Option<u64>);

impl Noise {
    /// Seconds after which loads come to the same point again. That they do is what lets a meter count a year as
    /// quickly as a minute.
    const LOAD_PERIOD: u64 = 64;

    /// Between -1 and 1.
    pub(crate) fn at(self, stream: Stream, second: u64) -> f64 {
        let Some(seed) = self.0 else {
            return 0.0;
        };
        let second = match stream {
            Stream::Load(_) => second % Self::LOAD_PERIOD,
            _ => second,
        };
        let mixed = mix(mix(mix(seed) ^ stream.number()) ^ second);
        // 53 bits are what a number has room for; the quotient is below 1.
        (mixed >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0
    }

    /// Seconds after which all loads repeat.
    pub(crate) fn load_period(self) -> u64 {
        match self.0 {
            Some(_) => Self::LOAD_PERIOD,
            None => 1,
        }
    }
}

/// The finalizer of `SplitMix64`: each bit of the result depends on each bit of `number`.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixing_is_the_published_generator() {
        // The first number of SplitMix64 that is seeded with 0.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn seed_stream_and_second_decide() {
        let noise = Noise(Some(7));
        let values = |noise: Noise, stream| -> Vec<f64> {
            (0..1_000).map(|second| noise.at(stream, second)).collect()
        };
        let line = values(noise, Stream::Line(0, 0));
        assert_eq!(line, values(noise, Stream::Line(0, 0)));
        for other in [
            values(Noise(Some(8)), Stream::Line(0, 0)),
            values(noise, Stream::Line(0, 1)),
            values(noise, Stream::Line(1, 0)),
            values(noise, Stream::Slot(0)),
            values(noise, Stream::Load(0)),
            values(noise, Stream::Frequency),
        ] {
            assert_ne!(line, other);
        }
        let mean = line.iter().sum::<f64>() / 1_000.0;
        let spread = line.iter().map(|value| value * value).sum::<f64>() / 1_000.0;
        assert!(line.iter().all(|value| (-1.0..=1.0).contains(value)));
        // Evenly spread numbers between -1 and 1 have mean 0 and mean square 1/3.
        assert!(mean.abs() < 0.06, "{mean}");
        assert!((spread - 1.0 / 3.0).abs() < 0.04, "{spread}");
        assert!(
            values(Noise(None), Stream::Line(0, 0))
                .iter()
                .all(|&value| value == 0.0)
        );
    }

    #[test]
    fn loads_repeat_and_lines_do_not() {
        let noise = Noise(Some(1));
        let period = noise.load_period();
        for second in 0..period {
            let at = |stream, second| noise.at(stream, second);
            assert_eq!(
                at(Stream::Load(3), second),
                at(Stream::Load(3), second + 5 * period)
            );
            assert_ne!(
                at(Stream::Line(0, 1), second),
                at(Stream::Line(0, 1), second + period)
            );
        }
        assert_eq!(Noise(None).load_period(), 1);
    }
}
