//! Did-you-mean: the names that somebody may have meant.

/// The candidates nearest to a name, best first, at most three; empty where none is near.
///
/// Near means at most a third of the longer name's characters are wrong, and at most three of them; a swap of
/// neighbours and another case count as one.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| Some((near_distance(name, candidate)?, candidate)))
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter()
        .take(3)
        .map(|(_, candidate)| candidate)
        .collect()
}

/// The one candidate that a misspelt name must mean: near, and nearer than any other by a clear step.
pub fn nearest_one<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| Some((near_distance(name, candidate)?, candidate)))
        .filter(|(distance, _)| *distance <= 2)
        .collect();
    near.sort_unstable();
    near.dedup();
    match near.as_slice() {
        [(_, one)] => Some(one),
        [(best, one), (second, _), ..] if best < second => Some(one),
        _ => None,
    }
}

/// How many letters are wrong between two names; a swap of neighbours counts as one.
pub fn distance(name: &str, other: &str) -> usize {
    strsim::osa_distance(name, other)
}

fn near_distance(name: &str, candidate: &str) -> Option<usize> {
    let longer = name.chars().count().max(candidate.chars().count());
    if name.len().abs_diff(candidate.len()) > 12 {
        return None;
    }
    if name.eq_ignore_ascii_case(candidate) {
        return Some(1);
    }
    let distance = distance(name, candidate);
    (distance <= 3 && distance * 3 <= longer).then_some(distance)
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
    }

    #[test]
    fn two_equally_near_names_decide_nothing() {
        assert_eq!(nearest_one("read_c", ["read_a", "read_b"]), None);
        assert_eq!(
            nearest("read_c", ["read_b", "read_a"]),
            ["read_a", "read_b"]
        );
    }
}
