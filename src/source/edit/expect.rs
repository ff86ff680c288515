//! Computes the tree that an edit should produce, and checks whether another tree matches it.

use super::Edit;
use crate::source::names::words;
use crate::source::path::{Part, Segment};
use crate::source::tree::{Field, Node, Value};

/// Applies an edit to the tree itself. A string that is read as a list of words is replaced by that list.
pub(super) fn expect(tree: &mut Node, edit: &Edit) -> Option<()> {
    let as_list = |node: &mut Node| {
        if let Value::Text(text) | Value::Plain(text) = &node.value {
            let names: Vec<String> = words(text).map(|(_, word)| word.to_owned()).collect();
            node.value = Value::List(texts(&names));
        }
    };
    match edit {
        Edit::Replace {
            at: path,
            part: Part::Key,
            text: name,
        } => {
            let (last, parent) = path.0.split_last()?;
            let (Segment::Field(old), Value::Map(fields)) =
                (last, &mut node_at_mut(tree, parent)?.value)
            else {
                return None;
            };
            let field = fields.iter_mut().find(|field| field.name == *old)?;
            field.name.clone_from(name);
        }
        Edit::Replace {
            at: path,
            part: Part::Value,
            text,
        } => {
            let (last, parent) = path.0.split_last()?;
            let parent = node_at_mut(tree, parent)?;
            if matches!(last, Segment::Item(_)) {
                as_list(parent);
            }
            let node = parent.child_mut(last)?;
            node.value = Value::Text(text.clone());
        }
        Edit::Items { at: path, names } => {
            let (Segment::Item(index), parent) = path.0.split_last()? else {
                return None;
            };
            let list = node_at_mut(tree, parent)?;
            as_list(list);
            let Value::List(items) = &mut list.value else {
                return None;
            };
            if *index >= items.len() {
                return None;
            }
            items.splice(*index..=*index, texts(names));
        }
        Edit::Append {
            list: path,
            names,
            before,
        } => {
            let (Segment::Field(name), parent) = path.0.split_last()? else {
                return None;
            };
            let Value::Map(fields) = &mut node_at_mut(tree, parent)?.value else {
                return None;
            };
            if let Some(field) = fields.iter_mut().find(|field| field.name == *name) {
                if field.value.is_null() {
                    field.value.value = Value::List(Vec::new());
                }
                as_list(&mut field.value);
                let Value::List(items) = &mut field.value.value else {
                    return None;
                };
                items.extend(texts(names));
            } else {
                let Some(Segment::Field(next)) = before.0.last() else {
                    return None;
                };
                let at = fields.iter().position(|field| field.name == *next)?;
                let field = Field {
                    name: name.clone(),
                    name_span: 0..0,
                    value: Node {
                        span: 0..0,
                        value: Value::List(texts(names)),
                    },
                };
                fields.insert(at, field);
            }
        }
    }
    Some(())
}

pub(super) fn texts(names: &[String]) -> Vec<Node> {
    let node = |name: &String| Node {
        span: 0..0,
        value: Value::Text(name.clone()),
    };
    names.iter().map(node).collect()
}

/// Whether two trees have the same content, whatever their layout. A string equals the list of its words.
pub(super) fn same(expected: &Node, found: &Node) -> bool {
    let are_words = |items: &[Node], text: &str| {
        let mut rest = words(text);
        items.iter().all(|item| {
            matches!((&item.value, rest.next()), (Value::Text(a) | Value::Plain(a), Some((_, b))) if a == b)
        }) && rest.next().is_none()
    };
    match (&expected.value, &found.value) {
        (Value::Text(a) | Value::Plain(a), Value::Text(b) | Value::Plain(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::List(items), Value::Text(text) | Value::Plain(text)) => are_words(items, text),
        (Value::Map(a), Value::Map(b)) => {
            // In TOML, removing the last `[[table]]` of a list also removes the name of the list from the text.
            let is_gone = |field: &&Field| {
                matches!(&field.value.value, Value::List(items) if items.is_empty())
                    && b.iter().all(|other| other.name != field.name)
            };
            let a: Vec<_> = a.iter().filter(|field| !is_gone(field)).collect();
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|(a, b)| a.name == b.name && same(&a.value, &b.value))
        }
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Integer(a), Value::Integer(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Null, Value::Null) => true,
        _ => false,
    }
}

pub(super) fn node_at<'a>(tree: &'a Node, path: &[Segment]) -> Option<&'a Node> {
    path.iter()
        .try_fold(tree, |node, segment| match (&node.value, segment) {
            (Value::Map(fields), Segment::Field(name)) => fields
                .iter()
                .find(|field| field.name == *name)
                .map(|field| &field.value),
            (Value::List(items), Segment::Item(index)) => items.get(*index),
            _ => None,
        })
}

pub(super) fn node_at_mut<'a>(tree: &'a mut Node, path: &[Segment]) -> Option<&'a mut Node> {
    path.iter()
        .try_fold(tree, |node, segment| node.child_mut(segment))
}
