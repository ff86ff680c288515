//! Where the API stands: base addresses, those of a sandbox apart from those of production.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::{At, Reader};
use crate::finding::RuleId;
use crate::load::import::{Document, is_base};
use crate::load::raw::RawEnvironment;
use crate::source::{Names, Node};

/// An address of a server.
pub(super) struct Server {
    url: String,
    description: String,
}

/// The most addresses of one server, and of a catalog: each value of a variable makes one.
const MOST_BASES: usize = 256;

impl Reader<'_> {
    /// The servers of a whole document.
    pub(super) fn servers_of_document(&mut self, root: &Rc<Document>, tree: &Node) {
        let known = self.servers.len();
        if let Some(servers) = self.top_field(root, "servers") {
            self.add_servers(&servers);
        }
        if self.servers.len() == known {
            self.hosts_of(tree);
        }
        let prefix = self.prefix.clone();
        if !prefix.is_empty() {
            for server in &mut self.servers[known..] {
                if let Some(host) = server.url.trim_end_matches('/').strip_suffix(&prefix) {
                    server.url = host.to_owned();
                }
            }
        }
    }

    /// The servers of a document, a path item or an operation: one more address of the environment that it belongs to.
    pub(super) fn servers_of(&mut self, holder: &At) {
        if holder.1.get("servers").is_none() {
            return;
        }
        if let Some(servers) = self.field(holder, "servers") {
            self.add_servers(&servers);
        }
    }

    fn add_servers(&mut self, (document, servers): &At) {
        for server in servers.items().unwrap_or_default() {
            let at = (Rc::clone(document), server.clone());
            let Some((document, server)) = self.followed(at) else {
                continue;
            };
            let Some(url) = server.get("url").and_then(Node::scalar) else {
                continue;
            };
            let variables = server
                .get("variables")
                .map(Node::entries)
                .unwrap_or_default();
            let variables: Vec<Variable> = variables
                .into_iter()
                .map(|(name, _, node)| Variable::of(name, node))
                .collect();
            let Some(urls) = expanded(&url, &variables) else {
                let message = format!(
                    "the variables of the server `{url}` have more than {MOST_BASES} values together"
                );
                let help = "it is left out";
                self.report(&document, server.span, RuleId::WrongType, message, help);
                continue;
            };
            let description = server.get("description").and_then(Node::scalar);
            // The default of what is the whole address is a sample, and its words say nothing.
            let sample = url.starts_with('{').then(|| PRODUCTION.to_owned());
            let name = server.get("name").and_then(Node::scalar);
            let description = description.or(name).or(sample).unwrap_or_default();
            for url in urls {
                self.add_server(url, &description);
            }
        }
    }

    /// The hosts of Swagger 2.0, and of the extensions that add some.
    fn hosts_of(&mut self, tree: &Node) {
        let of_root = |name: &str| tree.get(name).and_then(Node::scalar);
        let base = of_root("basePath").unwrap_or_default();
        let base = match base.as_str() {
            "" => base,
            path if path.starts_with('/') => base,
            path => format!("/{path}"),
        };
        let schemes: Vec<String> = tree
            .get("schemes")
            .and_then(Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(Node::scalar)
            .filter(|scheme| scheme.starts_with("http"))
            .collect();
        let scheme = match schemes.first() {
            Some(first) if !schemes.iter().any(|one| one == "https") => first.clone(),
            _ => "https".to_owned(),
        };
        let mut hosts: Vec<(String, String)> = Vec::new();
        hosts.extend(of_root("host").map(|host| (host, String::new())));
        for (name, _, value) in tree.entries() {
            if name == "x-ms-parameterized-host" {
                let template = value.get("hostTemplate").and_then(Node::scalar);
                hosts.extend(template.map(|host| (host, String::new())));
            }
            let is_list =
                name == "x-servers" || (name.starts_with("x-") && name.ends_with("hosts"));
            for item in value.items().filter(|_| is_list).unwrap_or_default() {
                let field = |name: &str| item.get(name).and_then(Node::scalar);
                let host = item
                    .scalar()
                    .or_else(|| field("url"))
                    .or_else(|| field("host"));
                let description = field("description").unwrap_or_default();
                hosts.extend(host.map(|host| (host, description)));
            }
        }
        for (host, description) in &hosts {
            let url = if host.contains("://") {
                host.clone()
            } else {
                format!("{scheme}://{host}{base}")
            };
            for url in expanded(&url, &[]).unwrap_or_default() {
                self.add_server(url, description);
            }
        }
        if hosts.is_empty() && !base.is_empty() {
            self.add_server(base, "");
        }
    }

    fn add_server(&mut self, url: String, description: &str) {
        let is_known = self
            .servers
            .iter()
            .any(|one| one.url == url && one.description == description);
        if !is_known && self.servers.len() < MOST_BASES {
            self.servers.push(Server {
                url,
                description: description.to_owned(),
            });
        }
    }

    /// Makes the environments of the addresses that were found.
    pub(super) fn read_bases(&mut self) {
        let mut local: Vec<String> = Vec::new();
        let servers = std::mem::take(&mut self.servers);
        let hosts: Vec<String> = servers.iter().map(|one| host_of(&one.url)).collect();
        for Server { url, description } in servers {
            let url = url.split(['?', '#']).next().unwrap_or_default();
            let url = with_placeholders(&with_scheme(url.trim_end_matches('/')));
            if !is_base(&url) {
                continue;
            }
            // What would be any host says nothing.
            if is_local(&url) || is_any_host(&url) {
                local.push(url);
                continue;
            }
            self.add_base(environment_of(&url, &description, &hosts), url);
        }
        // Where the only server is the author's own machine, or any, the host is not known, but the path is.
        if self.draft.environments.is_empty() {
            for url in local {
                let path = url
                    .split_once("://")
                    .and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()));
                if let Some(path) = path.filter(|path| is_base(path)) {
                    self.add_base(PRODUCTION, path);
                }
            }
        }
        self.draft
            .environments
            .sort_by_key(|(name, _)| (name == PRODUCTION, name.clone()));
    }

    fn add_base(&mut self, name: &str, url: String) {
        let known = self
            .draft
            .environments
            .iter()
            .position(|(other, _)| *other == name);
        let index = known.unwrap_or_else(|| {
            let environment = RawEnvironment {
                production: name == PRODUCTION,
                base: Some(Names::default()),
            };
            self.draft.environments.push((name.to_owned(), environment));
            self.draft.environments.len() - 1
        });
        let bases = self.draft.environments[index]
            .1
            .base
            .get_or_insert_default();
        if !bases.0.contains(&url) {
            bases.0.push(url);
        }
    }
}

/// What stands between the host and the paths of each document, by its name, where several documents differ in it: else
/// what is the same path in two of them would be one endpoint.
pub(super) fn prefixes(roots: &[Rc<Document>]) -> HashMap<String, String> {
    let all: Vec<(&String, Option<String>)> = roots
        .iter()
        .map(|root| (&root.source.name, root.tree.as_ref().and_then(base_path)))
        .collect();
    let distinct: BTreeSet<&Option<String>> = all.iter().map(|(_, path)| path).collect();
    if distinct.len() < 2 {
        return HashMap::new();
    }
    let known = all.into_iter();
    let known = known.filter_map(|(name, path)| Some((name.clone(), path?)));
    known.filter(|(_, path)| !path.is_empty()).collect()
}

/// The path of the servers of a document, where it is the same for all of them and has no variable.
fn base_path(tree: &Node) -> Option<String> {
    let servers = tree
        .get("servers")
        .and_then(Node::items)
        .unwrap_or_default();
    let mut urls: Vec<String> = Vec::new();
    for server in servers {
        let url = server.get("url").and_then(Node::scalar)?;
        let entries = server
            .get("variables")
            .map(Node::entries)
            .unwrap_or_default();
        let variables = entries.into_iter();
        let variables: Vec<Variable> = variables
            .map(|(name, _, node)| Variable::of(name, node))
            .collect();
        urls.extend(expanded(&url, &variables)?);
    }
    if urls.is_empty() {
        urls.extend(tree.get("basePath").and_then(Node::scalar));
    }
    let path = |url: &String| {
        let url = with_scheme(url.trim_end_matches('/'));
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        rest.find('/')
            .map_or_else(String::new, |at| rest[at..].to_owned())
    };
    let mut paths = urls.iter().map(path);
    let first = paths.next().unwrap_or_default();
    let is_plain = !first.contains(['{', '?', '#', ' ']);
    (is_plain && paths.all(|path| path == first)).then_some(first)
}

/// A variable of a server.
struct Variable {
    name: String,
    default: Option<String>,
    values: Vec<String>,
}

impl Variable {
    fn of(name: &str, node: &Node) -> Self {
        let values = node.get("enum").and_then(Node::items).unwrap_or_default();
        Self {
            name: name.to_owned(),
            default: node.get("default").and_then(Node::scalar),
            values: values.iter().filter_map(Node::scalar).collect(),
        }
    }
}

/// The addresses that an address with variables stands for: one for each value that the document lists. A variable of
/// which it lists none stays, as a placeholder for what is not known. `None` where there are too many.
fn expanded(url: &str, variables: &[Variable]) -> Option<Vec<String>> {
    let mut urls = vec![url.to_owned()];
    for variable in variables {
        let placeholder = format!("{{{}}}", variable.name);
        if !url.contains(&placeholder) {
            continue;
        }
        // A placeholder has no slash, so a default that has one is taken.
        let default = variable.default.iter().filter(|default| {
            variable.values.is_empty() && default.contains('/') && !default.contains("://")
        });
        let values: Vec<&String> = variable.values.iter().chain(default).collect();
        if values.is_empty() {
            continue;
        }
        if urls.len() * values.len() > MOST_BASES {
            return None;
        }
        urls = urls
            .iter()
            .flat_map(|url| values.iter().map(|value| url.replace(&placeholder, value)))
            .collect();
    }
    // Of what would be any host, the defaults are taken, from the end on.
    let mut unlisted: Vec<(String, &String)> = variables
        .iter()
        .filter(|one| one.values.is_empty())
        .filter_map(|one| Some((format!("{{{}}}", one.name), one.default.as_ref()?)))
        .collect();
    unlisted.sort_by_key(|(placeholder, _)| std::cmp::Reverse(url.rfind(placeholder.as_str())));
    for url in &mut urls {
        for (placeholder, default) in &unlisted {
            if is_any_host(url) {
                *url = url.replace(placeholder.as_str(), default);
            }
        }
    }
    let default_of = |name: &str| {
        let variable = variables.iter().find(|one| one.name == name);
        variable.and_then(|one| one.default.clone())
    };
    let with_root = |url: String| -> Vec<String> {
        let Some((name, rest)) = url.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
            return vec![url];
        };
        let default = default_of(name);
        if rest.starts_with("://") {
            let scheme = default.unwrap_or_else(|| "https".to_owned());
            return vec![format!("{scheme}{rest}")];
        }
        // The variable stands for everything up to the path.
        let mut urls: Vec<String> = Vec::new();
        if let Some(root) = default.filter(|root| root.contains("://")) {
            let url = format!("{}{rest}", root.trim_end_matches('/'));
            if !is_local(&url) || rest.is_empty() {
                urls.push(url);
            }
        }
        if rest.starts_with('/') {
            urls.push(rest.to_owned());
        }
        urls
    };
    Some(urls.into_iter().flat_map(with_root).collect())
}

/// The host of an address, in lower case and without its port.
fn host_of(url: &str) -> String {
    let behind = url.split_once("://").map_or("", |(_, rest)| rest);
    let host = behind.split('/').next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.to_lowercase()
}

/// Whether an address is the author's own machine.
fn is_local(url: &str) -> bool {
    let host = host_of(url);
    matches!(host.as_str(), "localhost" | "0.0.0.0" | "::1")
        || host.starts_with("127.")
        || host.ends_with(".localhost")
}

/// An address with its scheme: `//host` and `host.com/v1` leave it out, and `v1` is a path.
fn with_scheme(url: &str) -> String {
    if url.is_empty() || url.contains("://") || url.starts_with('{') {
        return url.to_owned();
    }
    if let Some(rest) = url.strip_prefix("//") {
        return format!("https://{rest}");
    }
    if url.starts_with('/') {
        return url.to_owned();
    }
    let first = url.split('/').next().unwrap_or_default();
    if first.contains('.') && first != "." && first != ".." {
        format!("https://{url}")
    } else {
        format!("/{}", url.trim_start_matches("./"))
    }
}

/// Whether an address would match any host: a placeholder stands in the domain that somebody registered.
fn is_any_host(url: &str) -> bool {
    let host = host_of(url);
    if !host.contains('{') {
        return false;
    }
    let below = below_registered(&host).len();
    host.split('.').skip(below).any(|label| label.contains('{'))
}

/// An address in which the labels that a reader is to replace are placeholders: `{your-domain}` for `your-domain`.
fn with_placeholders(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let below = below_registered(host).len();
    let labels = host.split('.').enumerate().map(|(number, label)| {
        let inner = label
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'));
        match inner {
            Some(name) => format!("{{{name}}}"),
            None if number < below && is_to_be_replaced(label) => format!("{{{label}}}"),
            None => label.to_owned(),
        }
    });
    let labels: Vec<String> = labels.collect();
    format!("{scheme}://{}{path}", labels.join("."))
}

/// Whether a label of a host stands for that of a customer: `your-domain`, `YOUR_SUBDOMAIN`, `yourOrg`, `subdomain`.
fn is_to_be_replaced(label: &str) -> bool {
    const NOUNS: [&str; 16] = [
        "account",
        "app",
        "company",
        "domain",
        "host",
        "instance",
        "name",
        "org",
        "organization",
        "server",
        "shop",
        "site",
        "store",
        "subdomain",
        "tenant",
        "workspace",
    ];
    let lower = label.to_lowercase();
    if matches!(lower.as_str(), "subdomain" | "tenant") {
        return true;
    }
    let Some(rest) = lower
        .strip_prefix("your")
        .or_else(|| lower.strip_prefix("my-"))
    else {
        return false;
    };
    let rest = rest.trim_start_matches(['-', '_']);
    NOUNS.iter().any(|noun| rest.starts_with(noun))
}

const PRODUCTION: &str = "production";

/// The environment that a word names.
fn environment_named(word: &str) -> Option<&'static str> {
    Some(match word.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "sandbox" | "sandboxes" | "sbx" => "sandbox",
        "staging" | "stage" | "stg" => "staging",
        "preprod" | "preproduction" => "preprod",
        "test" | "tests" | "testing" | "tst" | "uat" | "nonprod" | "nonproduction" => "test",
        "qa" => "qa",
        "development" | "develop" | "dev" => "development",
        "integration" | "int" => "integration",
        "mock" | "mocks" | "mocked" => "mock",
        "demo" => "demo",
        _ => return None,
    })
}

/// Whether a host is that of another server but for a word such as `dev`, which alone is as often a part of a name.
fn has_counterpart(host: &str, hosts: &[String]) -> bool {
    let bare = |host: &str| -> Vec<String> {
        let words = words_of(host).filter(|word| environment_named(word).is_none());
        words.map(str::to_owned).collect()
    };
    let own = bare(host);
    hosts
        .iter()
        .any(|other| other != host && bare(other) == own)
}

/// What a server is for, `hosts` being those of all servers: what its description calls production is production; otherwise
/// the words of its host below the registered domain say it, then the other words of the description.
fn environment_of(url: &str, description: &str, hosts: &[String]) -> &'static str {
    let description = description
        .to_lowercase()
        .replace("pre-prod", "preprod")
        .replace("pre prod", "preprod")
        .replace("non-prod", "nonprod")
        .replace("non prod", "nonprod")
        .replace("not production", "nonproduction")
        .replace("not for production", "nonproduction");
    let said: Vec<&str> = words_of(&description).collect();
    if said
        .iter()
        .any(|word| matches!(*word, "production" | "prod" | "live"))
    {
        return PRODUCTION;
    }
    let host = host_of(url);
    let is_one_of_two = || has_counterpart(&host, hosts);
    let labels = below_registered(&host);
    // A hyphen may stand inside of one word.
    let labels: Vec<String> = labels
        .iter()
        .map(|label| {
            label
                .replace("pre-prod", "preprod")
                .replace("non-prod", "nonprod")
        })
        .collect();
    let of_host = labels
        .iter()
        .filter(|label| !label.contains(['{', '}']))
        .flat_map(|label| words_of(label))
        .filter_map(environment_named)
        .find(|name| !matches!(*name, "development" | "integration") || is_one_of_two());
    // A path says it only where a whole segment is one of the two plain words.
    let of_path = || {
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        let mut segments = path.split('/').skip(1);
        segments.find_map(|segment| match segment.to_lowercase().as_str() {
            "sandbox" => Some("sandbox"),
            "staging" => Some("staging"),
            _ => None,
        })
    };
    let of_description = || said.iter().find_map(|word| environment_named(word));
    of_host
        .or_else(of_path)
        .or_else(of_description)
        .unwrap_or(PRODUCTION)
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty())
}

/// The labels of a host below the domain that somebody registered: `api` of `api.acme.dev`.
fn below_registered(host: &str) -> Vec<&str> {
    let labels: Vec<&str> = host.split('.').collect();
    let is_address = host.contains(':') || labels.iter().all(|one| one.parse::<u8>().is_ok());
    if is_address {
        return Vec::new();
    }
    let second = labels.iter().rev().nth(1).copied().unwrap_or_default();
    let country = labels.last().is_some_and(|last| last.len() == 2);
    let is_second_level = country
        && matches!(
            second,
            "co" | "com" | "org" | "net" | "gov" | "ac" | "edu" | "ne" | "or"
        );
    let registered = if is_second_level { 3 } else { 2 };
    labels[..labels.len().saturating_sub(registered)].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_is_named_by_whole_words() {
        let hosts = ["api.acme.com", "int.acme.com", "acme.com", "dev.azure.com"];
        let hosts = hosts.map(str::to_owned);
        for (url, description, right) in [
            ("https://api.acme.dev/v1", "", PRODUCTION),
            ("https://dev.to/api", "Production server", PRODUCTION),
            ("https://dev.to/api", "", PRODUCTION),
            ("https://test.com/api", "", PRODUCTION),
            ("https://stage.co.uk/api", "", PRODUCTION),
            ("https://api.stage.co.uk", "", PRODUCTION),
            ("https://stage.acme.co.uk", "", "staging"),
            (
                "https://api.acme.com/v1",
                "Live. Use the sandbox to test.",
                PRODUCTION,
            ),
            ("https://preprod.acme.com", "", "preprod"),
            ("https://pre-prod.acme.com", "", "preprod"),
            ("https://qa.acme.com", "", "qa"),
            ("https://mock.acme.com", "Mock server", "mock"),
            ("https://x.acme.com", "Mock server", "mock"),
            (
                "https://int.acme.com",
                "Integration environment",
                "integration",
            ),
            ("https://api.acme.com", "Pre-production", "preprod"),
            ("https://api.acme.com", "Non-production use only", "test"),
            ("https://api-m.sandbox.paypal.com", "", "sandbox"),
            ("https://api-dev2.acme.com", "", "development"),
            ("https://dev.azure.com", "", PRODUCTION),
            ("https://dev.azure.com", "Development", "development"),
            ("https://feeds.dev.azure.com", "", PRODUCTION),
            ("https://devices.acme.com", "", PRODUCTION),
            ("https://contest.acme.com", "The latest devices", PRODUCTION),
            ("https://{environment}.acme.com", "", PRODUCTION),
            ("https://uat.acme.com:8443/v1", "", "test"),
            ("/v1", "", PRODUCTION),
            ("https://10.0.0.1/v1", "", PRODUCTION),
        ] {
            assert_eq!(
                environment_of(url, description, &hosts),
                right,
                "{url} {description}"
            );
        }
    }

    #[test]
    fn what_a_reader_is_to_replace_is_a_placeholder() {
        for (url, right) in [
            (
                "https://your-domain.atlassian.net",
                "https://{your-domain}.atlassian.net",
            ),
            (
                "https://YOUR_SUBDOMAIN.acme.com/v1",
                "https://{YOUR_SUBDOMAIN}.acme.com/v1",
            ),
            (
                "https://x.yourOrgSubDomain.acme.com",
                "https://x.{yourOrgSubDomain}.acme.com",
            ),
            ("https://<tenant>.acme.com", "https://{tenant}.acme.com"),
            ("https://subdomain.acme.com", "https://{subdomain}.acme.com"),
            ("https://yours.acme.com", "https://yours.acme.com"),
            ("https://yourdomain.com", "https://yourdomain.com"),
            (
                "https://api.acme.com/your-domain",
                "https://api.acme.com/your-domain",
            ),
            ("/v1", "/v1"),
        ] {
            assert_eq!(with_placeholders(url), right);
        }
        for (url, right) in [
            ("https://{name}", true),
            ("https://{name}/v1", true),
            ("https://api.{domain}", true),
            ("https://{a}.{b}.com", true),
            ("https://{a}.acme.com", false),
            ("https://{a}.acme.co.uk", false),
            ("https://{a}.co.uk", true),
            ("https://acme.com/{a}", false),
        ] {
            assert_eq!(is_any_host(url), right, "{url}");
        }
    }

    #[test]
    fn each_listed_value_is_an_address_and_an_unlisted_one_a_placeholder() {
        let variable = |name: &str, default: &str, values: &[&str]| Variable {
            name: name.to_owned(),
            default: (!default.is_empty()).then(|| default.to_owned()),
            values: values.iter().map(|one| (*one).to_owned()).collect(),
        };
        let of = |url: &str, variables: &[Variable]| expanded(url, variables).expect("few");
        let region = variable("region", "us", &["us", "eu"]);
        assert_eq!(
            of("https://{region}.acme.com/v1", &[region]),
            ["https://us.acme.com/v1", "https://eu.acme.com/v1"]
        );
        let tenant = variable("tenant", "demo", &[]);
        assert_eq!(
            of("https://{tenant}.acme.com", &[tenant]),
            ["https://{tenant}.acme.com"]
        );
        let root = variable("apiRoot", "http://localhost:9091", &[]);
        assert_eq!(of("{apiRoot}/orders/v1", &[root]), ["/orders/v1"]);
        let root = variable("apiRoot", "https://api.acme.com/", &[]);
        assert_eq!(
            of("{apiRoot}/orders/v1", &[root]),
            ["https://api.acme.com/orders/v1", "/orders/v1"]
        );
        let path = variable("base", "v2/api", &[]);
        assert_eq!(
            of("https://acme.com/{base}", &[path]),
            ["https://acme.com/v2/api"]
        );
        assert_eq!(
            of("{protocol}://{name}", &[variable("protocol", "https", &[])]),
            ["https://{name}"]
        );
        let host = variable("host", "api.acme.com", &[]);
        assert_eq!(
            of("https://{host}/v1", &[host]),
            ["https://api.acme.com/v1"]
        );
        let domain = variable("domain", "acme.com", &[]);
        let api = variable("api", "x", &[]);
        assert_eq!(
            of("https://{api}.{domain}", &[api, domain]),
            ["https://{api}.acme.com"]
        );
        assert_eq!(of("https://{gone}/v1", &[]), ["https://{gone}/v1"]);
        let many = (0..300).map(|n| n.to_string()).collect();
        let many = Variable {
            name: "n".to_owned(),
            default: None,
            values: many,
        };
        assert_eq!(expanded("https://{n}.acme.com", &[many]), None);
    }
}
