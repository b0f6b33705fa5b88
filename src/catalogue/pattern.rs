//! A pattern as the catalogue lists it.

use super::{Entry, OutcomesOf, Variant};

/// A small concurrent program that goes wrong in a way that has a name.
pub struct Pattern {
    /// The anomaly, in kebab-case.
    pub name: &'static str,
    /// What goes wrong, in one sentence.
    pub summary: &'static str,
    /// What to look for in review, in one sentence.
    pub review: &'static str,
    /// Where the system is described: title, author where given, year.
    pub sources: &'static [&'static str],
    /// The outcomes that break nothing, for so many actors, unless a variant says otherwise.
    pub allowed: OutcomesOf,
    /// How the pattern can guard itself, the unguarded one first.
    pub variants: &'static [Variant],
}

impl Pattern {
    /// Every variant, in its pattern.
    pub fn entries(&'static self) -> impl Iterator<Item = Entry> {
        self.variants.iter().map(move |variant| Entry { pattern: self, variant })
    }

    /// The variant of this name, in its pattern.
    pub fn entry(&'static self, variant: &str) -> Option<Entry> {
        self.entries().find(|entry| entry.variant.name == variant)
    }
}
