//! The names of entries under `endpoints`: `GET /path`, `GET|POST /path`, `ANY /path`.

use std::rc::Rc;

use crate::model::Template;
use crate::source::limits::MOST_METHODS;

/// The methods that `ANY` stands for, those left out that the same path has in other entries.
pub(super) const ANY: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// A method, and a path without the names of its parameters: GET and `/users/{}`.
pub(super) type Structure = (String, Rc<str>);

/// The name of an entry under `endpoints`: one or several methods on a path.
#[derive(Debug, Clone)]
pub(super) struct EndpointName {
    /// The methods, each once; those of `ANY` are [`ANY`].
    pub(super) methods: Vec<String>,
    /// Whether they are written as `ANY`.
    pub(super) is_any: bool,
    pub(super) template: Template,
}

impl EndpointName {
    /// Reads a name; else says why it is none.
    pub(super) fn parse(name: &str) -> Result<Self, &'static str> {
        let (methods, path) = name.split_once(' ').ok_or("it has no method and path")?;
        let path = path.trim();
        if path.starts_with('|') || methods.ends_with('|') && !path.starts_with('/') {
            return Err("methods are separated by `|` alone, without spaces");
        }
        let is_any = methods == "ANY";
        let methods: Vec<&str> = if is_any {
            ANY.to_vec()
        } else {
            methods.split('|').take(MOST_METHODS + 1).collect()
        };
        for (index, method) in methods.iter().enumerate() {
            if method.contains([',', '/', '+', '&']) {
                return Err("several methods are separated by `|`");
            }
            if method.is_empty() && methods.len() > 1 {
                return Err("a method is missing next to `|`");
            }
            if method.is_empty() || !method.chars().all(|c| c.is_ascii_uppercase()) {
                return Err("the method must be in capitals");
            }
            if *method == "ANY" {
                return Err("`ANY` already stands for the other methods");
            }
            if methods[..index].contains(method) {
                return Err("a method is named twice");
            }
            if index == MOST_METHODS {
                return Err("an entry may name at most 64 methods");
            }
        }
        let template = Template::parse(path).map_err(|error| error.0)?;
        Ok(Self {
            methods: methods.into_iter().map(str::to_owned).collect(),
            is_any,
            template,
        })
    }

    /// Its single endpoints without the names of their parameters, which make no difference.
    pub(super) fn structures(&self) -> impl Iterator<Item = Structure> {
        let shape: Rc<str> = Rc::from(self.template.shape());
        let methods = self.methods.iter();
        methods.map(move |method| (method.clone(), Rc::clone(&shape)))
    }
}

/// How many endpoints an entry of this name may stand for, whether or not the name is valid.
pub(super) fn methods_named(name: &str) -> usize {
    match name.split_once(' ') {
        Some(("ANY", _)) => ANY.len(),
        Some((methods, _)) => methods.split('|').count(),
        None => 1,
    }
}

/// What to write in place of a name of several endpoints, where one is expected.
pub(super) fn help_for_several(text: &str) -> Option<&'static str> {
    let method = text.split_whitespace().next()?;
    let is_several = method.contains('|') || method.eq_ignore_ascii_case("ANY");
    is_several.then_some("name one method: `GET /path`, and each other one in an entry of its own")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_several_endpoints() {
        let methods = |name: &str| EndpointName::parse(name).map(|name| name.methods);
        assert_eq!(methods("GET /a"), Ok(vec!["GET".to_owned()]));
        assert_eq!(
            methods("GET|POST|QUERY  /a"),
            Ok(["GET", "POST", "QUERY"].map(str::to_owned).to_vec())
        );
        assert_eq!(methods("ANY /a"), Ok(ANY.map(str::to_owned).to_vec()));
        assert_eq!(methods_named("ANY /a"), 7);
        assert_eq!(methods_named("GET|POST /a"), 2);
        assert_eq!(methods_named("GET"), 1);
        let name = EndpointName::parse("GET|PUT /a/{b}/{c...}").expect("a name");
        let structures: Vec<Structure> = name.structures().collect();
        let structure = |method: &str| (method.to_owned(), Rc::from("/a/{}/{...}"));
        assert_eq!(structures, ["GET", "PUT"].map(structure));
    }

    #[test]
    fn malformed_names_say_why() {
        for (name, why) in [
            ("GET", "it has no method and path"),
            ("get /a", "the method must be in capitals"),
            ("GET|post /a", "the method must be in capitals"),
            ("GET| /a", "a method is missing next to `|`"),
            ("|GET /a", "a method is missing next to `|`"),
            ("GET||POST /a", "a method is missing next to `|`"),
            (" /a", "the method must be in capitals"),
            ("GET|GET /a", "a method is named twice"),
            ("GET|ANY /a", "`ANY` already stands for the other methods"),
            (
                "GET | POST /a",
                "methods are separated by `|` alone, without spaces",
            ),
            (
                "GET| POST /a",
                "methods are separated by `|` alone, without spaces",
            ),
            ("GET,POST /a", "several methods are separated by `|`"),
            ("GET|POST a", "paths must start with `/`"),
        ] {
            assert_eq!(EndpointName::parse(name).err(), Some(why), "{name}");
        }
    }
}
