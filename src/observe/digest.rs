//! A 128-bit running hash of what was observed.

/// Two independent 64-bit lanes. Each step is a bijection of its lane for a given word, so two
/// sequences that differ in one word never collide; for the rest the two lanes make a collision
/// as unlikely as 128 random bits do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest {
    low: u64,
    high: u64,
}

impl Default for Digest {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl Digest {
    pub(crate) const EMPTY: Self = Self { low: 0x243f_6a88_85a3_08d3, high: 0x1319_8a2e_0370_7344 };

    /// Appends one word to what was observed.
    #[inline]
    pub fn mix(&mut self, word: u64) {
        self.low = scramble(self.low.rotate_left(23) ^ word);
        self.high =
            scramble(self.high.rotate_left(41) ^ word.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 1);
    }

    #[inline]
    pub(crate) fn mix_digest(&mut self, other: Self) {
        self.mix(other.low);
        self.mix(other.high);
    }

    /// Adds `other` so that the order of such additions does not matter.
    #[inline]
    pub(crate) fn add(&mut self, other: Self) {
        self.low = self.low.wrapping_add(other.low);
        self.high = self.high.wrapping_add(other.high);
    }

    /// Half of the value, for where that is enough.
    #[inline]
    pub(crate) fn low(self) -> u64 {
        self.low
    }

    #[inline]
    pub(crate) fn value(self) -> u128 {
        (u128::from(self.high) << 64) | u128::from(self.low)
    }
}

/// The finaliser of `MurmurHash3` (Austin Appleby, 2008): every input bit reaches every output bit.
#[inline]
const fn scramble(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^= x >> 33;
    x = x.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[u64]) -> u128 {
        let mut digest = Digest::EMPTY;
        for &word in words {
            digest.mix(word);
        }
        digest.value()
    }

    #[test]
    fn order_and_length_matter() {
        assert_ne!(of(&[1, 2]), of(&[2, 1]));
        assert_ne!(of(&[0]), of(&[0, 0]));
        assert_ne!(of(&[]), of(&[0]));
    }

    #[test]
    fn additions_commute() {
        let (mut a, mut b) = (Digest::EMPTY, Digest::EMPTY);
        let (mut x, mut y) = (Digest::EMPTY, Digest::EMPTY);
        x.mix(1);
        y.mix(2);
        a.add(x);
        a.add(y);
        b.add(y);
        b.add(x);
        assert_eq!(a, b);
    }
}
