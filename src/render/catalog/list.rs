//! `list`: every catalog on a line.

use super::Listed;
use crate::render::style::{Style, Tone};
use crate::render::table::Table;

/// The screen.
pub fn list(listed: &[Listed], style: Style) -> String {
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
        table.row(
            [
                one.provider.clone(),
                one.scopes.to_string(),
                one.endpoints.to_string(),
                one.key_types.join(", "),
                one.read_on.clone().unwrap_or_else(|| "-".to_owned()),
                one.digest.to_string(),
                one.from(),
            ]
            .map(|text| (text, Tone::Plain)),
        );
    }
    table.render(style)
}
