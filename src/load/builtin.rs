//! The catalogs that are part of the program. Each is parsed only when it is asked for.

const BUILTIN: [(&str, &str); 5] = [
    ("crossmint", include_str!("../../catalogs/crossmint.yaml")),
    ("dynamic", include_str!("../../catalogs/dynamic.yaml")),
    ("elebne", include_str!("../../catalogs/elebne.yaml")),
    ("paxos", include_str!("../../catalogs/paxos.yaml")),
    ("piratecrew", include_str!("../../catalogs/piratecrew.yaml")),
];

/// The providers that are built in, sorted.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    BUILTIN.iter().map(|(name, _)| *name)
}

/// The text of a built-in catalog.
pub fn builtin_text(name: &str) -> Option<&'static str> {
    BUILTIN
        .iter()
        .find(|(other, _)| *other == name)
        .map(|(_, text)| *text)
}
