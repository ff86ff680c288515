//! The search, on catalogs the size of the largest known provider's.
//!
//! By default a generated one. `SCOPES_BENCH_CATALOG=graph.json cargo bench` measures on a catalog of yours.

use std::fmt::Write;

use divan::Bencher;
use scopes::load::load_catalog;
use scopes::model::{Catalog, EndpointId, Holder, Id, KeyTypeId, NeedKind, ScopeSet};
use scopes::solve::solve;
use scopes::source::{Source, Syntax};

fn main() {
    divan::main();
}

/// A small generator: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % below
    }
}

/// 900 scopes over 11,000 endpoints: each family has a narrow read, a read and a write of everything, and a few
/// umbrellas reach over many families, as directories do.
fn generated() -> String {
    let mut random = Random(0x5eed);
    let mut text = String::from("provider: generated\nscopes:\n");
    let families = 300;
    for family in 0..families {
        let _ = write!(
            text,
            "  f{family}.read: {{ access: read }}\n  f{family}.read.all: {{ access: read, risk: medium }}\n  \
             f{family}.write.all: {{ access: write, risk: high, because: it writes }}\n"
        );
    }
    text.push_str("endpoints:\n");
    for index in 0..11_000 {
        let family = index % families;
        let umbrella = random.next(families / 20) * 20;
        let write = random.next(10) < 4;
        let (method, mut ways) = if write {
            ("POST", vec![format!("f{family}.write.all")])
        } else {
            (
                "GET",
                vec![
                    format!("f{family}.read.all"),
                    format!("f{family}.write.all"),
                ],
            )
        };
        if !write && random.next(2) == 0 {
            ways.push(format!("f{family}.read"));
        }
        if random.next(3) == 0 {
            ways.push(format!("f{umbrella}.write.all"));
        }
        if random.next(30) == 0 {
            ways.push(format!("{{ all: [f{umbrella}.read, f{family}.read] }}"));
        }
        let _ = writeln!(
            text,
            "  {method} /f{family}/e{index}: {{ any: [{}] }}",
            ways.join(", ")
        );
    }
    text
}

fn catalog() -> Catalog {
    let source = match std::env::var("SCOPES_BENCH_CATALOG") {
        Ok(path) => Source {
            text: std::fs::read_to_string(&path).expect("the catalog of SCOPES_BENCH_CATALOG"),
            name: path,
            syntax: Syntax::Json,
        },
        Err(_) => Source {
            name: "generated".to_owned(),
            text: generated(),
            syntax: Syntax::Yaml,
        },
    };
    load_catalog(&source).catalog.expect("a catalog")
}

/// Random request sets of a size that a key of the last type can meet.
fn sets(catalog: &Catalog, holder: Holder, size: usize) -> Vec<Vec<NeedKind>> {
    let mut random = Random(0xfeed + size as u64);
    let open: Vec<EndpointId> = catalog
        .endpoints
        .ids()
        .filter(|index| {
            let requirement = catalog.endpoints[*index].auth.requirement();
            requirement
                .is_some_and(|requirement| requirement.open_to(holder.key_type).next().is_some())
        })
        .collect();
    let set = |random: &mut Random| {
        (0..size)
            .map(|_| NeedKind::Endpoint(open[random.next(open.len())]))
            .collect()
    };
    (0..100).map(|_| set(&mut random)).collect()
}

fn everything(catalog: &Catalog) -> ScopeSet {
    ScopeSet::of(catalog.scopes.len(), catalog.scopes.ids())
}

/// One hundred sets a round: divide by a hundred for one.
#[divan::bench(args = [2, 3, 5, 10, 50], sample_count = 5)]
fn hundred_sets(bencher: Bencher<'_, '_>, size: usize) {
    let catalog = catalog();
    let holder = Holder {
        key_type: KeyTypeId::new(catalog.key_types.len() - 1),
        environment: None,
    };
    let sets = sets(&catalog, holder, size);
    let candidates = everything(&catalog);
    bencher.bench_local(|| {
        let mut unproven = 0;
        for needs in &sets {
            unproven += usize::from(!solve(&catalog, holder, needs, &candidates, None).proven);
        }
        assert_eq!(unproven, 0, "every answer is proven");
    });
}
