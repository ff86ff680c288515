//! The algebra of requirements, against truth tables.

use scopes::model::{Alternative, Id, KeyTypeId, Mask, Requirement, ScopeId, ScopeSet};

use super::Choices;

const SCOPES: u32 = 5;
const TYPES: usize = 3;

/// Of each key type and each set of scopes: whether it is enough.
type Table = [[bool; 1 << SCOPES]; TYPES];

/// Whatever is put together means what its parts mean; equal meaning is equal form.
pub(crate) fn holds(data: &[u8]) {
    let mut choices = Choices(data);
    let (one, first) = expression(&mut choices, 0);
    let (two, second) = expression(&mut choices, 0);
    means(&one, &first);
    means(&two, &second);
    assert_eq!(first == second, one == two, "{one:?} {two:?}");
    let implies = (0..TYPES).all(|t| (0..1 << SCOPES).all(|set| !first[t][set] || second[t][set]));
    assert_eq!(one.implies(&two), implies, "{one:?} {two:?}");
    for (key_type, row) in first.iter().enumerate() {
        let key_type = KeyTypeId::new(key_type);
        assert_eq!(one.free_for().has(key_type), row[0]);
        let any = row.iter().any(|enough| *enough);
        assert_eq!(one.key_types().has(key_type), any);
    }
}

fn means(requirement: &Requirement, table: &Table) {
    for (key_type, row) in table.iter().enumerate() {
        let key_type = KeyTypeId::new(key_type);
        for (bits, enough) in row.iter().enumerate() {
            let scopes = (0..SCOPES)
                .filter(|scope| bits >> scope & 1 == 1)
                .map(ScopeId);
            let set = ScopeSet::of(SCOPES as usize, scopes);
            assert_eq!(
                requirement.is_met(&set, key_type),
                *enough,
                "{requirement:?}"
            );
        }
    }
}

fn expression(choices: &mut Choices<'_>, depth: usize) -> (Requirement, Table) {
    let kind = if depth > 5 { 0 } else { choices.below(4) };
    match kind {
        0 | 1 => {
            let (bits, types) = (choices.below(1 << SCOPES), choices.below(8));
            let scopes = (0..SCOPES)
                .filter(|scope| bits >> scope & 1 == 1)
                .map(ScopeId);
            let one = Alternative {
                scopes: scopes.collect(),
                key_types: Mask::of_bits(types as u64),
            };
            let mut table = Table::default_table();
            for (key_type, row) in table.iter_mut().enumerate() {
                for (set, enough) in row.iter_mut().enumerate() {
                    *enough = types >> key_type & 1 == 1 && set & bits == bits;
                }
            }
            (Requirement::any([one]), table)
        }
        2 => {
            let (one, first) = expression(choices, depth + 1);
            let (two, second) = expression(choices, depth + 1);
            (one.or(&two), joined(&first, &second, |a, b| a || b))
        }
        _ => {
            let (one, first) = expression(choices, depth + 1);
            let (two, second) = expression(choices, depth + 1);
            let both = one.and(&two).expect("five scopes have few alternatives");
            (both, joined(&first, &second, |a, b| a && b))
        }
    }
}

fn joined(one: &Table, two: &Table, join: fn(bool, bool) -> bool) -> Table {
    let mut table = Table::default_table();
    for key_type in 0..TYPES {
        for set in 0..1 << SCOPES {
            table[key_type][set] = join(one[key_type][set], two[key_type][set]);
        }
    }
    table
}

trait DefaultTable {
    fn default_table() -> Self;
}

impl DefaultTable for Table {
    fn default_table() -> Self {
        [[false; 1 << SCOPES]; TYPES]
    }
}
