//! `$ref`: what a value stands for, in this document or in another one.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::{At, Reader};
use crate::finding::RuleId;
use crate::load::import::Document;
use crate::source::Node;
use crate::source::limits::MOST_VALUES;

/// A longer chain of references is treated as circular.
const LONGEST_CHAIN: usize = 32;

impl Reader<'_> {
    /// A field, followed to what it refers to.
    pub(super) fn field(&mut self, at: &At, name: &str) -> Option<At> {
        let node = at.1.get(name)?.clone();
        self.followed((Rc::clone(&at.0), node))
    }

    /// A field at the top of a document, without a copy of the rest, which may be large.
    pub(super) fn top_field(&mut self, root: &Rc<Document>, name: &str) -> Option<At> {
        let node = root.tree.as_ref()?.get(name)?.clone();
        self.followed((Rc::clone(root), node))
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
                    let message = format!("`{target}` cannot be resolved: {why}");
                    let help = "what it refers to is left out";
                    self.report(
                        &document,
                        reference.span,
                        RuleId::UnknownReference,
                        message,
                        help,
                    );
                    return None;
                }
            }
        }
        let message = format!(
            "this `$ref` refers back to itself, or goes through more than {LONGEST_CHAIN} others"
        );
        let help = "what it refers to is left out";
        let span = node.get("$ref").map_or(0..0, |node| node.span.clone());
        self.report(&document, span, RuleId::UnknownReference, message, help);
        None
    }

    /// What an address in a document leads to; what leads nowhere is reported at a place.
    pub(super) fn leads_to(
        &mut self,
        document: &Rc<Document>,
        address: &str,
        span: &Range<usize>,
    ) -> Option<At> {
        match self.target(document, address) {
            Ok(at) => self.followed(at),
            Err(why) => {
                let message = format!("`{address}` cannot be resolved: {why}");
                let help = "what it refers to is left out";
                let (span, rule) = (span.clone(), RuleId::UnknownReference);
                self.report(document, span, rule, message, help);
                None
            }
        }
    }

    fn target(&mut self, document: &Rc<Document>, target: &str) -> Result<At, String> {
        let (file, pointer) = target.split_once('#').unwrap_or((target, ""));
        let document = match file {
            "" => Rc::clone(document),
            file => {
                let other = (self.files)(&document.source.name, &decoded(file))?;
                if self.loaded.insert(other.source.name.clone()) {
                    self.documents.push(Rc::clone(&other));
                    let faults = other.findings.iter().cloned();
                    self.findings
                        .extend(faults.map(|finding| (Rc::clone(&other), finding)));
                }
                other
            }
        };
        let mut node = document.tree.as_ref().ok_or("the file cannot be read")?;
        let mut end = 0;
        for part in pointer.split('/').skip(1) {
            let before = &pointer[..end];
            end += 1 + part.len();
            let part = decoded(part).replace("~1", "/").replace("~0", "~");
            let next = if node.own_names().len() > MOST_UNSORTED {
                self.places
                    .find((&document.source.name, before), node, &part)
            } else {
                node.get(&part)
            };
            let next = next.or_else(|| node.items()?.get(part.parse::<usize>().ok()?));
            node = next.ok_or_else(|| format!("there is no `{part}`"))?;
        }
        if self.referred <= MOST_VALUES {
            self.referred = self.referred.saturating_add(node.count());
        }
        if self.referred > MOST_VALUES {
            let why =
                format!("the references of a document expand to more than {MOST_VALUES} values");
            return Err(why);
        }
        let node = node.clone();
        Ok((document, node))
    }
}

/// Mappings with more fields than this get an index.
const MOST_UNSORTED: usize = 64;

/// Where the fields of large mappings stand that references lead into: by the document and the pointer to the mapping.
#[derive(Default)]
pub(super) struct Places(HashMap<(String, String), HashMap<String, usize>>);

impl Places {
    /// A field of a mapping that a pointer leads to in a document.
    fn find<'n>(&mut self, at: (&str, &str), mapping: &'n Node, field: &str) -> Option<&'n Node> {
        let at = (at.0.to_owned(), at.1.to_owned());
        let places = self.0.entry(at).or_insert_with(|| {
            let names = mapping.own_names().enumerate();
            let mut places = HashMap::new();
            for (place, name) in names {
                places.entry(name.to_owned()).or_insert(place);
            }
            places
        });
        match places.get(field) {
            Some(place) => mapping.own_value(*place),
            None => mapping.get(field),
        }
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
