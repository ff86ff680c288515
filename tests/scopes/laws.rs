//! Laws of `check`, on random catalogs and keys with every fault mixed: what a fix may do, by a model of its own of what a
//! key opens, and that one environment is a view of the whole.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::dice::Dice;
use crate::program::Folder;

const ENVIRONMENTS: [&str; 2] = ["test", "live"];
const KEYS: usize = 40;

/// Words of which none is near another.
const TREES: [&str; 8] = [
    "alder", "birch", "cypress", "dogwood", "juniper", "mahogany", "rowan", "willow",
];
const STONES: [&str; 6] = ["basalt", "chalk", "granite", "obsidian", "quartz", "slate"];

/// What a scope is, by its number.
struct Scope {
    name: String,
    implies: Option<usize>,
    environments: Vec<&'static str>,
    replaced_by: Option<usize>,
}

/// What answers a request.
#[derive(PartialEq)]
enum Answer {
    Scopes,
    NotStated,
    Rejected,
}

struct Endpoint {
    name: String,
    ways: Vec<Vec<usize>>,
    answer: Answer,
}

/// A provider, and what its catalog says.
struct Provider {
    scopes: Vec<Scope>,
    endpoints: Vec<Endpoint>,
    retired: BTreeMap<String, Vec<usize>>,
}

impl Provider {
    fn roll(dice: &mut Dice) -> Self {
        let scopes: Vec<Scope> = TREES
            .iter()
            .enumerate()
            .map(|(number, word)| Scope {
                name: format!("{word}:{}", ["read", "write"][dice.roll(2)]),
                // Only towards higher numbers: no cycle.
                implies: Some(number + 1 + dice.roll(TREES.len()))
                    .filter(|other| *other < TREES.len() && dice.roll(3) == 0),
                environments: match dice.roll(5) {
                    0 => vec![ENVIRONMENTS[dice.roll(2)]],
                    _ => ENVIRONMENTS.to_vec(),
                },
                replaced_by: Some(dice.roll(TREES.len()))
                    .filter(|other| *other != number && dice.roll(5) == 0),
            })
            .collect();
        let endpoints = STONES
            .iter()
            .map(|word| Endpoint {
                name: format!("{} /{word}", ["GET", "POST", "DELETE"][dice.roll(3)]),
                ways: (0..=dice.roll(2))
                    // The last scope is one of which nobody knows what it opens.
                    .map(|_| {
                        (0..=dice.roll(2))
                            .map(|_| dice.roll(TREES.len() - 1))
                            .collect()
                    })
                    .collect(),
                answer: match dice.roll(8) {
                    0 => Answer::NotStated,
                    1 => Answer::Rejected,
                    _ => Answer::Scopes,
                },
            })
            .collect();
        let retired = [("elderberry.all", 1), ("hawthorn.all", 2)]
            .into_iter()
            .map(|(name, count)| {
                let by = (0..count).map(|_| dice.roll(TREES.len())).collect();
                (name.to_owned(), by)
            })
            .collect();
        Self {
            scopes,
            endpoints,
            retired,
        }
    }

    fn catalog(&self, dice: &mut Dice) -> String {
        let mut text =
            "provider: trees\nenvironments: { test: {}, live: { production: true } }\nscopes:\n"
                .to_owned();
        for scope in &self.scopes {
            let risk = ["low", "medium", "high", "critical"][dice.roll(4)];
            text += &format!("  {}: {{ risk: {risk}, because: so", scope.name);
            text += &format!(", environments: [{}]", scope.environments.join(", "));
            if let Some(other) = scope.implies {
                text += &format!(", implies: [{}]", self.scopes[other].name);
            }
            if let Some(other) = scope.replaced_by {
                text += &format!(", deprecated: [{}]", self.scopes[other].name);
            }
            text += " }\n";
        }
        text += "retired:\n";
        for (name, by) in &self.retired {
            let by: Vec<&str> = by.iter().map(|id| &*self.scopes[*id].name).collect();
            text += &format!("  {name}: [{}]\n", by.join(", "));
        }
        text += "endpoints:\n";
        for endpoint in &self.endpoints {
            let ways: Vec<String> = endpoint
                .ways
                .iter()
                .map(|way| {
                    let names: Vec<&str> = way.iter().map(|id| &*self.scopes[*id].name).collect();
                    format!("{{ all: [{}] }}", names.join(", "))
                })
                .collect();
            let ways = format!("any: [{}]", ways.join(", "));
            text += &match endpoint.answer {
                Answer::Scopes => format!("  {}: {{ {ways} }}\n", endpoint.name),
                Answer::NotStated => format!("  {}: {{ auth: not-stated }}\n", endpoint.name),
                Answer::Rejected => {
                    format!("  {}: {{ {ways}, rejected: refused }}\n", endpoint.name)
                }
            };
        }
        text
    }

    /// The scopes that a name as written may stand for: its own, the one that it is a letter away from, all that replaced it.
    fn meant(&self, name: &str) -> Vec<usize> {
        if let Some(by) = self.retired.get(name) {
            return by.clone();
        }
        let is_meant = |scope: &Scope| scope.name == name || misspelt(&scope.name) == name;
        self.scopes.iter().position(is_meant).into_iter().collect()
    }

    /// What some names imply, whether it counts in an environment or not.
    fn closure(&self, names: &[String]) -> BTreeSet<usize> {
        let mut all: BTreeSet<usize> = names.iter().flat_map(|name| self.meant(name)).collect();
        loop {
            let more: Vec<usize> = all
                .iter()
                .filter_map(|id| self.scopes[*id].implies)
                .filter(|id| !all.contains(id))
                .collect();
            if more.is_empty() {
                return all;
            }
            all.extend(more);
        }
    }

    fn effective(&self, names: &[String], environment: &str) -> BTreeSet<usize> {
        let exists = |id: &usize| self.scopes[*id].environments.contains(&environment);
        // Who may not hold a scope has nothing of what it implies by it, but each implied scope is looked at by itself.
        self.closure(names).into_iter().filter(exists).collect()
    }

    fn reach(&self, names: &[String], environment: &str) -> BTreeSet<&str> {
        let held = self.effective(names, environment);
        let is_open = |endpoint: &&Endpoint| {
            let mut ways = endpoint.ways.iter();
            endpoint.answer == Answer::Scopes
                && ways.any(|way| way.iter().all(|id| held.contains(id)))
        };
        let open = self.endpoints.iter().filter(is_open);
        open.map(|endpoint| endpoint.name.as_str()).collect()
    }

    /// The endpoint that a need is for, also where it lacks a letter.
    fn needed(&self, need: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| {
            endpoint.name == need
                || need.len() > 6 && endpoint.name.strip_suffix(char::is_alphabetic) == Some(need)
        })
    }
}

/// A name with its third letter left out: near its own scope alone.
fn misspelt(name: &str) -> String {
    let mut name = name.to_owned();
    name.remove(2);
    name
}

/// A key file as it is read back: what it grants and needs, by environment.
struct Key {
    everywhere: (Vec<String>, Vec<String>),
    own: BTreeMap<String, (Vec<String>, Vec<String>)>,
}

impl Key {
    fn read(text: &str) -> Self {
        let file: Value = serde_yaml::from_str(text).expect("a key file");
        let section = |value: &Value| {
            let scopes = match &value["scopes"] {
                Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
                list => texts(list),
            };
            (scopes, texts(&value["needs"]["endpoints"]))
        };
        let own = file["environments"].as_object();
        Self {
            everywhere: section(&file),
            own: own
                .into_iter()
                .flatten()
                .map(|(name, value)| (name.clone(), section(value)))
                .collect(),
        }
    }

    fn in_environment(&self, name: &str) -> (Vec<String>, Vec<String>) {
        let (scopes, needs) = &self.everywhere;
        let (own_scopes, own_needs) = &self.own[name];
        (
            [&scopes[..], own_scopes].concat(),
            [&needs[..], own_needs].concat(),
        )
    }
}

fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// A list of names as somebody writes it, faults and all.
fn granted(provider: &Provider, dice: &mut Dice, most: usize) -> String {
    let names: Vec<String> = (0..=dice.roll(most))
        .map(|_| {
            let name = &provider.scopes[dice.roll(TREES.len())].name;
            match dice.roll(12) {
                0 => misspelt(name),
                1 => "elderberry.all".to_owned(),
                2 => "hawthorn.all".to_owned(),
                3 => "zzqqxxjj".to_owned(),
                _ => name.clone(),
            }
        })
        .collect();
    match dice.roll(3) {
        0 => format!("\"{}\"", names.join(" ")),
        _ => format!("[\"{}\"]", names.join("\", \"")),
    }
}

fn needed(provider: &Provider, dice: &mut Dice, most: usize) -> String {
    let needs: Vec<String> = (0..=dice.roll(most))
        .map(|_| {
            let name = &provider.endpoints[dice.roll(STONES.len())].name;
            match dice.roll(25) {
                0 => name[..name.len() - 1].to_owned(),
                1 => "GET /nowhere/near/any".to_owned(),
                _ => name.clone(),
            }
        })
        .collect();
    format!("{{ endpoints: [\"{}\"] }}", needs.join("\", \""))
}

fn key(provider: &Provider, number: usize, dice: &mut Dice) -> String {
    let mut text = format!("provider: ../catalogs/{number}.yaml\nname: key-{number}\n");
    text += &format!("needs: {}\n", needed(provider, dice, 2));
    text += &format!("scopes: {}\nenvironments:\n", granted(provider, dice, 4));
    for environment in ENVIRONMENTS {
        text += &format!(
            "  {environment}: {{ scopes: {}, needs: {} }}\n",
            granted(provider, dice, 2),
            needed(provider, dice, 1)
        );
    }
    text
}

/// Many keys, each with a provider of its own, in a folder.
fn keys(name: &str, seed: u64) -> (Folder, Vec<Provider>) {
    let folder = Folder::new(name);
    let mut dice = Dice(seed);
    let providers = (0..KEYS)
        .map(|number| {
            let provider = Provider::roll(&mut dice);
            folder
                .write(
                    &format!("catalogs/{number}.yaml"),
                    provider.catalog(&mut dice),
                )
                .write(
                    &format!("keys/{number:03}.yaml"),
                    key(&provider, number, &mut dice),
                );
            provider
        })
        .collect();
    (folder, providers)
}

const CHECK: [&str; 4] = ["check", "keys", "--today", "2026-11-22"];

fn findings(folder: &Folder, more: &[&str]) -> Vec<Value> {
    let run = folder.scopes(&[&CHECK[..], &["--format", "json"], more].concat());
    let parsed: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.all()));
    parsed["findings"].as_array().expect("findings").clone()
}

/// What a fix may do to one key, safe or not.
fn holds(provider: &Provider, before: &Key, after: &Key, safe: bool) {
    for environment in ENVIRONMENTS {
        let (old, needs) = before.in_environment(environment);
        let (new, _) = after.in_environment(environment);
        let is_unreadable = |need: &String| provider.needed(need).is_none();
        let is_doubtful = |need: &String| {
            let found = provider.needed(need);
            found.is_none_or(|one| one.name != *need || one.answer == Answer::NotStated)
        };
        // A need of one environment that cannot be read may be for another one.
        let all_needs = || {
            ENVIRONMENTS
                .iter()
                .flat_map(|one| before.in_environment(one).1)
        };
        let (held, still) = (
            provider.effective(&old, environment),
            provider.effective(&new, environment),
        );
        let is_retired = |name: &&String| provider.retired.contains_key(*name);
        let sure: Vec<String> = old
            .iter()
            .filter(|name| !is_retired(name))
            .cloned()
            .collect();
        let sure = provider.effective(&sure, environment);
        if all_needs().any(|need| is_unreadable(&need)) {
            assert!(
                sure.is_subset(&still),
                "took what an unreadable need may use"
            );
        }
        if !safe {
            continue;
        }
        if all_needs().any(|need| is_doubtful(&need)) {
            assert!(sure.is_subset(&still), "took what a doubtful need may use");
        }
        let wanted: BTreeSet<&str> = all_needs()
            .filter_map(|need| provider.needed(&need).map(|one| one.name.as_str()))
            .collect();
        let (was, is) = (
            provider.reach(&old, environment),
            provider.reach(&new, environment),
        );
        for endpoint in is.difference(&was) {
            assert!(
                wanted.contains(endpoint),
                "opened {endpoint} in {environment}"
            );
        }
        for need in &needs {
            let Some(endpoint) = provider.needed(need) else {
                continue;
            };
            let name = endpoint.name.as_str();
            assert!(
                !was.contains(name) || is.contains(name),
                "{name} was met in {environment}"
            );
            if endpoint.answer == Answer::Rejected {
                let named: BTreeSet<usize> = endpoint.ways.concat().into_iter().collect();
                let (old, new) = (provider.closure(&old), provider.closure(&new));
                let lost: Vec<_> = old.difference(&new).collect();
                let retired = |id: &usize| !sure.contains(id);
                assert!(
                    lost.iter().all(|id| !named.contains(id) || retired(id)),
                    "took what the unreachable {name} names"
                );
            }
        }
        let unknown = TREES.len() - 1;
        assert!(
            held.contains(&unknown) || !still.contains(&unknown),
            "granted a scope of which nobody knows what it opens"
        );
        for name in old.iter().filter(|name| provider.meant(name).is_empty()) {
            assert!(new.contains(name), "touched the unknown name {name}");
        }
    }
}

fn of_file(all: &[Value], number: usize) -> impl Iterator<Item = &Value> {
    let name = format!("{number:03}.yaml");
    all.iter().filter(move |finding| {
        finding["file"]
            .as_str()
            .is_some_and(|file| file.ends_with(&name))
    })
}

#[test]
fn a_fix_opens_nothing_new_and_takes_nothing_that_may_be_needed() {
    for (seed, more) in [(11, &["--fix"][..]), (12, &["--fix", "--unsafe-fixes"])] {
        let (folder, providers) = keys(&format!("law-of-fixes-{seed}"), seed);
        let name = |number: usize| format!("keys/{number:03}.yaml");
        let before: Vec<String> = (0..KEYS).map(|number| folder.read(&name(number))).collect();
        let run = folder.scopes(&[&CHECK[..], more].concat());
        let changed = run.out.matches(" fixed\n").count();
        assert!(changed > KEYS / 4, "only {changed} files changed");
        for (number, provider) in providers.iter().enumerate() {
            let after = folder.read(&name(number));
            let check = std::panic::catch_unwind(|| {
                let (old, new) = (Key::read(&before[number]), Key::read(&after));
                holds(provider, &old, &new, more.len() == 1);
            });
            assert!(
                check.is_ok(),
                "{}\n{}\nbecame\n{after}",
                folder.read(&format!("catalogs/{number}.yaml")),
                before[number]
            );
        }
        let second = folder.scopes(&[&CHECK[..], more].concat());
        assert!(!second.out.contains(" fixed\n"), "{}", second.all());
    }
}

#[test]
fn as_many_are_fixed_as_were_promised() {
    let (folder, _) = keys("law-of-promises", 21);
    let summary = folder.scopes(&CHECK).out;
    let promised = |text: &str, before: &str| -> usize {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (front, _) = text.split_once(before).expect("a promise");
        let number = front.rsplit(' ').next().expect("a number");
        number.parse().expect("a number")
    };
    let safe = promised(&summary, " fixable with `--fix`");
    let more = promised(&summary, " more with `--unsafe-fixes`");
    let done = |out: &str| -> usize {
        let lines = out.lines().filter_map(|line| line.strip_suffix(" fixed"));
        let numbers = lines.filter_map(|line| line.rsplit(' ').next()?.parse::<usize>().ok());
        numbers.sum()
    };
    let again = keys("law-of-promises-unsafe", 21).0;
    let fix = folder.scopes(&[&CHECK[..], &["--fix"]].concat());
    assert_eq!(done(&fix.out), safe);
    let fix = again.scopes(&[&CHECK[..], &["--fix", "--unsafe-fixes"]].concat());
    assert_eq!(done(&fix.out), safe + more);
}

#[test]
fn one_environment_is_a_view_of_the_whole() {
    let (folder, _) = keys("law-of-views", 31);
    let whole = findings(&folder, &[]);
    assert!(whole.len() > 5 * KEYS, "only {} findings", whole.len());
    let views = ENVIRONMENTS.map(|name| findings(&folder, &["-e", name]));
    for number in 0..KEYS {
        let all: Vec<&Value> = of_file(&whole, number).collect();
        let text = || folder.read(&format!("keys/{number:03}.yaml"));
        for (view, name) in views.iter().zip(ENVIRONMENTS) {
            for finding in of_file(view, number) {
                assert!(
                    all.contains(&finding),
                    "{name} alone has {finding}\n{}",
                    text()
                );
                let own = finding["environment"].as_str();
                assert!(own.is_none_or(|own| own == name), "{name} shows {finding}");
            }
        }
        for finding in all {
            let is_shown = |view: &&Vec<Value>| of_file(view, number).any(|one| one == finding);
            let shown = views.iter().filter(is_shown).count();
            let own = finding["environment"].as_str();
            assert!(
                shown > 0 && (own.is_none() || shown == 1),
                "{finding}\n{}",
                text()
            );
        }
    }
}
