//! `list`: every catalog on a line.

use super::Listed;
use crate::render::style::{Style, Tone};
use crate::render::table::Table;

/// The screen.
pub fn list(listed: &[Listed<'_>], style: Style) -> String {
    let mut table = Table::new(&[
        "Provider",
        "Scopes",
        "Endpoints",
        "Key types",
        "Verified",
        "Digest",
        "From",
    ])
    .right(1)
    .right(2)
    .optional(5, 3)
    .optional(4, 2)
    .optional(3, 1);
    for one in listed {
        let catalog = one.catalog;
        let types: Vec<&str> = catalog
            .key_types
            .iter()
            .map(|key_type| key_type.name.as_str())
            .collect();
        table.row(
            [
                catalog.provider.clone(),
                catalog.scopes.len().to_string(),
                catalog.endpoints.len().to_string(),
                types.join(", "),
                one.read_on().unwrap_or("-").to_owned(),
                catalog.digest.to_string(),
                one.from(),
            ]
            .map(|text| (text, Tone::Plain)),
        );
    }
    table.render(style)
}
