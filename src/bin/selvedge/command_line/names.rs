//! Names on the command line, and what to say of one that nothing bears.

use selvedge::catalogue::{Entry, Pattern};
use selvedge::patterns::{self, CATALOGUE};
use selvedge::{Family, World};

/// A pattern, or one of its variants.
#[derive(Clone, Copy)]
pub enum Named {
    /// All of its variants.
    Pattern(&'static Pattern),
    /// This one.
    Variant(Entry),
}

impl Named {
    /// The variants that are meant.
    pub fn entries(self) -> Vec<Entry> {
        match self {
            Self::Pattern(pattern) => pattern.entries().collect(),
            Self::Variant(entry) => vec![entry],
        }
    }
}

/// How to answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// The world of this name.
///
/// # Errors
///
/// One line that names the nearest.
pub fn world(name: &str) -> Result<World, String> {
    named("world", name, &World::ALL, World::name)
}

/// The family of primitives of this name.
///
/// # Errors
///
/// One line that names the nearest.
pub fn family(name: &str) -> Result<Family, String> {
    named("family of primitives", name, &Family::ALL, Family::name)
}

/// The format of this name.
///
/// # Errors
///
/// One line that names the nearest.
pub fn format(name: &str) -> Result<Format, String> {
    let name_of = |format| if format == Format::Text { "text" } else { "json" };
    named("format", name, &[Format::Text, Format::Json], name_of)
}

/// `PATTERN` or `PATTERN/VARIANT`.
///
/// # Errors
///
/// One line that names the nearest.
pub fn pattern_or_variant(text: &str) -> Result<Named, String> {
    let (name, variant) = match text.split_once('/') {
        Some((name, variant)) => (name, Some(variant)),
        None => (text, None),
    };
    let Some(pattern) = patterns::find(name) else {
        let names: Vec<_> = CATALOGUE.iter().map(|pattern| pattern.name).collect();
        return Err(unknown("pattern", name, &names, "`selvedge list` names all"));
    };
    let Some(name) = variant else { return Ok(Named::Pattern(pattern)) };
    let Some(entry) = pattern.entry(name) else {
        let names: Vec<_> = pattern.variants.iter().map(|variant| variant.name).collect();
        let kind = format!("variant of {}", pattern.name);
        return Err(unknown(&kind, name, &names, &format!("there are {}", names.join(", "))));
    };
    Ok(Named::Variant(entry))
}

/// `PATTERN/VARIANT`.
///
/// # Errors
///
/// One line that names the nearest, or the variants if none was named.
pub fn variant(text: &str) -> Result<Entry, String> {
    match pattern_or_variant(text)? {
        Named::Variant(entry) => Ok(entry),
        Named::Pattern(pattern) => {
            let names: Vec<_> = pattern.entries().map(|entry| entry.to_string()).collect();
            let (name, names) = (pattern.name, names.join(", "));
            Err(format!("{name} is a pattern; name one of its variants: {names}"))
        }
    }
}

fn named<T: Copy>(
    kind: &str,
    name: &str,
    all: &[T],
    name_of: impl Fn(T) -> &'static str,
) -> Result<T, String> {
    all.iter().copied().find(|&each| name_of(each) == name).ok_or_else(|| {
        let names: Vec<_> = all.iter().copied().map(name_of).collect();
        unknown(kind, name, &names, &format!("there are {}", names.join(", ")))
    })
}

fn unknown(kind: &str, name: &str, names: &[&str], all: &str) -> String {
    let nearest = nearest(name, names);
    let name = quoted(name);
    if nearest.is_empty() {
        format!("no {kind} is called {name}; {all}")
    } else {
        format!("no {kind} is called {name}; did you mean {}? ({all})", nearest.join(" or "))
    }
}

/// At most three names that look like `name`, the nearest first.
fn nearest<'a>(name: &str, names: &[&'a str]) -> Vec<&'a str> {
    const ALIKE: f64 = 0.75;
    let name = shortened(name).to_lowercase();
    let mut alike: Vec<_> = names
        .iter()
        .map(|&other| (strsim::jaro_winkler(&name, other), other))
        .filter(|&(likeness, _)| likeness >= ALIKE)
        .collect();
    alike.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    alike.into_iter().take(3).map(|(_, name)| name).collect()
}

/// What the user wrote, on one line and not endless.
pub fn quoted(text: &str) -> String {
    format!("{:?}", shortened(text))
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain("...".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::{nearest, pattern_or_variant, quoted, variant, world};

    #[test]
    fn a_misspelt_name_is_told_the_nearest() {
        assert!(world("week-memory").unwrap_err().contains("did you mean weak-memory?"));
        let error = pattern_or_variant("lost-updaet").err().unwrap();
        assert!(error.contains("did you mean lost-update"), "{error}");
        let error = variant("lost-update/lock").err().unwrap();
        assert!(error.contains("did you mean locked"), "{error}");
    }

    #[test]
    fn a_name_in_capitals_is_told_the_nearest() {
        let error = pattern_or_variant("Lost-Update").err().unwrap();
        assert!(error.contains("did you mean lost-update"), "{error}");
    }

    #[test]
    fn a_name_like_no_other_is_told_where_they_are_listed() {
        let error = pattern_or_variant("xyzzy").err().unwrap();
        assert!(error.contains("selvedge list") && !error.contains("did you mean"), "{error}");
    }

    #[test]
    fn a_pattern_where_a_variant_is_needed_is_told_the_variants() {
        let error = variant("lost-update").err().unwrap();
        assert!(error.contains("lost-update/unlocked, lost-update/locked"), "{error}");
    }

    #[test]
    fn what_is_quoted_stays_on_one_short_line() {
        assert_eq!(quoted("a\nb"), "\"a\\nb\"");
        assert!(quoted(&"x".repeat(100_000)).len() < 80);
        assert_eq!(nearest(&"x".repeat(100_000), &["x-ray"]), Vec::<&str>::new());
    }
}
