//! Did-you-mean: the names that somebody may have meant.

use std::cell::Cell;

use super::limits::MOST_COMPARED;

/// The most letters that may differ in a near name.
const FARTHEST: usize = 3;

/// The candidates nearest to a name, best first, at most three; empty where none is near.
///
/// Near means that at most a third of the longer name's characters differ, and at most three; a swap of two neighbours
/// counts as one, and so does a difference in case only.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    near(name, candidates).offered()
}

/// The one candidate that a misspelt name must mean: near, and clearly nearer than any other.
pub fn nearest_one<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    near(name, candidates).meant()
}

fn near<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Near<'a> {
    let asked = Outline::of(name);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let outline = Outline::of(candidate);
            Some((asked.distance(name, &outline, candidate)?, candidate))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    Near(near)
}

/// The edit distance of two names, with a swap of neighbours counted as one; 4 stands for anything above 3.
pub fn distance(name: &str, other: &str) -> usize {
    within(name, other, FARTHEST).unwrap_or(FARTHEST + 1)
}

/// The names near to one, each with how many letters are wrong, best first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Near<'a>(Vec<(usize, &'a str)>);

impl<'a> Near<'a> {
    /// The nearest, at most three.
    pub fn offered(&self) -> Vec<&'a str> {
        self.0.iter().take(3).map(|(_, name)| *name).collect()
    }

    /// The one that must be meant: near, and clearly nearer than any other.
    pub fn meant(&self) -> Option<&'a str> {
        let close = |at: usize| self.0.get(at).filter(|(distance, _)| *distance <= 2);
        match (close(0), close(1)) {
            (Some((_, one)), None) => Some(one),
            (Some((best, one)), Some((second, _))) if best < second => Some(one),
            _ => None,
        }
    }
}

/// The remaining number of letters to compare for one file, which limits the time spent on suggestions.
#[derive(Debug, Clone)]
pub struct Patience(Cell<u64>);

impl Default for Patience {
    fn default() -> Self {
        Self(Cell::new(MOST_COMPARED))
    }
}

impl Patience {
    /// Whether the limit is used up, so that no more near names are looked for.
    pub fn is_over(&self) -> bool {
        self.0.get() == 0
    }

    fn take(&self, letters: usize) {
        let letters = u64::try_from(letters).unwrap_or(u64::MAX);
        self.0.set(self.0.get().saturating_sub(letters));
    }
}

/// Known names, sorted so that candidates near a given name are found quickly.
#[derive(Debug, Clone, Default)]
pub struct NameIndex {
    /// By length.
    names: Vec<(Outline, String)>,
}

impl NameIndex {
    /// An index of some names.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter();
        let mut names: Vec<(Outline, String)> = names
            .map(|name| (Outline::of(name), name.to_owned()))
            .collect();
        names.sort_unstable_by(|a, b| (a.0.length, &a.1).cmp(&(b.0.length, &b.1)));
        names.dedup_by(|a, b| a.1 == b.1);
        Self { names }
    }

    /// The names near a given one, by the rules of [`nearest`]. Empty once the patience of the file is used up.
    pub fn near(&self, name: &str, patience: &Patience) -> Near<'_> {
        let asked = Outline::of(name);
        let least = asked.length.saturating_sub(FARTHEST);
        let from = self
            .names
            .partition_point(|(outline, _)| outline.length < least);
        let mut near = Vec::new();
        for (outline, candidate) in &self.names[from..] {
            if outline.length > asked.length + FARTHEST {
                break;
            }
            if patience.is_over() {
                return Near::default();
            }
            let may_be_near = asked.may_be_near(outline);
            patience.take(if may_be_near { 1 + outline.length } else { 1 });
            if may_be_near && let Some(distance) = asked.distance(name, outline, candidate) {
                near.push((distance, candidate.as_str()));
            }
        }
        near.sort_unstable();
        Near(near)
    }
}

/// Cheap properties of a name that rule out most candidates before letters are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Outline {
    /// In characters.
    length: usize,
    /// The letters that are in it, in any case: a bit for each, shared by some.
    letters: u64,
}

impl Outline {
    fn of(name: &str) -> Self {
        let (mut length, mut letters) = (0, 0);
        for c in name.chars() {
            length += 1;
            letters |= 1 << (u32::from(c.to_ascii_lowercase()) % 64);
        }
        Self { length, letters }
    }

    /// A rough filter: each wrong letter changes the length by at most one, and removes and adds at most one letter.
    fn may_be_near(&self, other: &Self) -> bool {
        let longer = self.length.max(other.length);
        let most = FARTHEST.min(longer / 3);
        // Names that differ only in case are near, however short they are.
        self.length.abs_diff(other.length) <= most
            && (self.letters ^ other.letters).count_ones() as usize <= 2 * most
    }

    fn distance(&self, name: &str, other: &Self, candidate: &str) -> Option<usize> {
        if !self.may_be_near(other) {
            return None;
        }
        if name.eq_ignore_ascii_case(candidate) {
            return Some(1);
        }
        let longer = self.length.max(other.length);
        within(name, candidate, FARTHEST.min(longer / 3))
    }
}

/// The edit distance of two names, with a swap of neighbours counted as one; `None` if it exceeds `most`.
fn within(name: &str, other: &str, most: usize) -> Option<usize> {
    if name.is_ascii() && other.is_ascii() {
        return wrong_letters(name.as_bytes(), other.as_bytes(), most);
    }
    let letters = |text: &str| text.chars().collect::<Vec<_>>();
    wrong_letters(&letters(name), &letters(other), most)
}

/// The optimal string alignment distance if it is at most `most`. Only the diagonals of the table within that distance
/// of the main one are computed.
fn wrong_letters<T: PartialEq>(a: &[T], b: &[T], most: usize) -> Option<usize> {
    const WIDTH: usize = 2 * FARTHEST + 1;
    const FAR: usize = usize::MAX / 2;
    // Skip the common prefix and suffix.
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev());
    let same = same.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    // The distances of prefixes of `a` and `b`: three rows of a band around the diagonal, shifted by one column per
    // row.
    let mut rows = [[FAR; WIDTH]; 3];
    for column in 0..=FARTHEST {
        rows[1][FARTHEST + column] = column;
    }
    for row in 1..=a.len() {
        let [two_above, above, here] = &mut rows;
        let mut least = FAR;
        for place in 0..WIDTH {
            here[place] = FAR;
            let Some(column) = (row + place).checked_sub(FARTHEST) else {
                continue;
            };
            if column > b.len() {
                break;
            }
            let mut best = match column {
                0 => row,
                _ => above[place] + usize::from(a[row - 1] != b[column - 1]),
            };
            if place + 1 < WIDTH {
                best = best.min(above[place + 1] + 1);
            }
            if place > 0 {
                best = best.min(here[place - 1] + 1);
            }
            if row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1] {
                best = best.min(two_above[place] + 1);
            }
            here[place] = best;
            least = least.min(best);
        }
        // A swap looks back two rows.
        if least > most && above.iter().all(|distance| *distance > most) {
            return None;
        }
        rows.rotate_left(1);
    }
    let place = FARTHEST + b.len() - a.len();
    Some(rows[1][place]).filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_costs_one_and_far_names_are_not_offered() {
        let names = ["orders.read", "orders.update", "users.read"];
        assert_eq!(nearest("orders.raed", names), ["orders.read"]);
        assert_eq!(nearest_one("orders.raed", names), Some("orders.read"));
        assert_eq!(nearest_one("wallets.fund", names), None);
        assert_eq!(nearest("ORDERS.READ", names), ["orders.read"]);
        assert_eq!(nearest("A", ["a", "b"]), ["a"]);
    }

    #[test]
    fn two_equally_near_names_decide_nothing() {
        assert_eq!(nearest_one("read_c", ["read_a", "read_b"]), None);
        assert_eq!(
            nearest("read_c", ["read_b", "read_a"]),
            ["read_a", "read_b"]
        );
    }

    /// Two long names are compared along their diagonal, and many of them until patience is over.
    #[test]
    fn long_names_and_many_of_them_end() {
        let long = "ab".repeat(200_000);
        let other = format!("x{long}");
        assert_eq!(distance(&long, &other), 1);
        assert_eq!(nearest_one(&long, [other.as_str()]), Some(other.as_str()));
        let names: Vec<String> = (0..5000)
            .map(|number| format!("scope:{number:05}"))
            .collect();
        let index = NameIndex::new(names.iter().map(String::as_str));
        let patience = Patience::default();
        assert_eq!(
            index.near("scope:01234x", &patience).meant(),
            Some("scope:01234")
        );
        for number in 0..100_000 {
            if patience.is_over() {
                break;
            }
            let _ = index.near(&format!("scope:{number:05}x"), &patience);
        }
        assert!(patience.is_over());
        assert_eq!(index.near("scope:01234x", &patience), Near::default());
    }

    /// The distance is the one of strsim, and the index finds what a look at every name does.
    #[test]
    fn near_names_are_those_of_the_whole_table() {
        let mut state = 7_u64;
        let mut roll = |sides: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % sides
        };
        let mut names: Vec<String> = Vec::new();
        for _ in 0..300 {
            let length = 1 + roll(9);
            let letters = (0..length)
                .map(|_| ['a', 'b', 'B', 'é', '.'][usize::try_from(roll(5)).unwrap_or(0)]);
            names.push(letters.collect());
        }
        let index = NameIndex::new(names.iter().map(String::as_str));
        for name in &names {
            let mut near: Vec<(usize, &str)> = Vec::new();
            for other in &names {
                let true_distance = strsim::osa_distance(name, other);
                assert_eq!(
                    distance(name, other),
                    true_distance.min(4),
                    "{name} {other}"
                );
                let longer = name.chars().count().max(other.chars().count());
                if name.eq_ignore_ascii_case(other) {
                    near.push((1, other));
                } else if true_distance <= 3 && true_distance * 3 <= longer {
                    near.push((true_distance, other));
                }
            }
            near.sort_unstable();
            near.dedup();
            assert_eq!(index.near(name, &Patience::default()).0, near, "{name}");
            assert_eq!(
                nearest(name, names.iter().map(String::as_str)),
                Near(near).offered()
            );
        }
    }
}
