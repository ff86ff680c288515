//! `$ref`: what a value stands for, in this document or in another one.

use std::rc::Rc;

use super::{At, Reader};
use crate::load::import::Document;
use crate::source::limits::MOST_VALUES;

/// Longer chains of references lead back to themselves.
const LONGEST_CHAIN: usize = 32;

impl Reader<'_> {
    /// A field, followed to what it refers to.
    pub(super) fn field(&mut self, at: &At, name: &str) -> Option<At> {
        let node = at.1.get(name)?.clone();
        self.followed((Rc::clone(&at.0), node))
    }

    /// What a value refers to in the end; itself where it refers to nothing. `None` where that is not to be found, which is
    /// reported.
    pub(super) fn followed(&mut self, at: At) -> Option<At> {
        let (mut document, mut node) = at;
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = node.get("$ref").cloned() else {
                return Some((document, node));
            };
            let Some(target) = reference.text().map(str::to_owned) else {
                return Some((document, node));
            };
            let found = self.target(&document, &target);
            match found {
                Ok((next_document, next)) => {
                    (document, node) = (next_document, next);
                }
                Err(why) => {
                    let message = format!("`{target}` leads nowhere: {why}");
                    let help = "what it stands for is left out";
                    self.report(
                        &document,
                        reference.span,
                        "unknown-reference",
                        message,
                        help,
                    );
                    return None;
                }
            }
        }
        let message = format!(
            "this `$ref` leads back to itself, or on through more than {LONGEST_CHAIN} others"
        );
        let help = "what it stands for is left out";
        let span = node.get("$ref").map_or(0..0, |node| node.span.clone());
        self.report(&document, span, "unknown-reference", message, help);
        None
    }

    fn target(&mut self, document: &Rc<Document>, target: &str) -> Result<At, String> {
        let (file, pointer) = target.split_once('#').unwrap_or((target, ""));
        let document = match file {
            "" => Rc::clone(document),
            file => {
                let other = (self.files)(&document.source.name, &decoded(file))?;
                if self.loaded.insert(other.source.name.clone()) {
                    let faults = other.findings.iter().cloned();
                    self.findings
                        .extend(faults.map(|finding| (Rc::clone(&other), finding)));
                }
                other
            }
        };
        let mut node = document.tree.as_ref().ok_or("the file cannot be read")?;
        for part in pointer.split('/').skip(1) {
            let part = decoded(part).replace("~1", "/").replace("~0", "~");
            let next = node.get(&part).or_else(|| {
                let index: usize = part.parse().ok()?;
                node.items()?.get(index)
            });
            node = next.ok_or_else(|| format!("there is no `{part}`"))?;
        }
        self.referred = self.referred.saturating_add(node.count());
        if self.referred > MOST_VALUES {
            let why =
                format!("the references of a document multiply to more than {MOST_VALUES} values");
            return Err(why);
        }
        let node = node.clone();
        Ok((document, node))
    }
}

/// A reference without its percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let digits = more
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            _ => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
