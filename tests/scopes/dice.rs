//! Chance that is the same every time.

/// A small generator of numbers, so that the same files are made every time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    /// Up to `most` of some names.
    pub(crate) fn some(&mut self, names: &[String], most: usize) -> Vec<String> {
        let number = self.roll(most + 1);
        (0..number)
            .map(|_| names[self.roll(names.len())].clone())
            .collect()
    }
}
