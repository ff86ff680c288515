//! How the cost of each dimension of the input grows: every input is made at n, 2n and 4n, and the program run on it.
//!
//! `cargo bench --bench growth` prints a table; `cargo bench --bench growth -- WORD` only the rows that have the word. An
//! exponent of 1 is linear and 2 quadratic; one above 1.4 of a run that takes long enough to tell is marked. Nothing is
//! asserted: another load of the machine is no fault. What is refused beyond a limit (`source/limits.rs`) ends at once.

#![allow(
    clippy::print_stdout,
    reason = "what it measures is for a person to read"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Files, and the command line that is run among them.
struct Work {
    files: Vec<(&'static str, String)>,
    arguments: &'static [&'static str],
}

/// A dimension: its name, the smallest size, and the input of a size.
type Dimension = (&'static str, usize, fn(usize) -> Work);

const CHECK: &[&str] = &[
    "check",
    "key.yaml",
    "--format",
    "short",
    "--fail-on",
    "never",
];
const CHECK_TEXT: &[&str] = &["check", "key.yaml", "--fail-on", "never"];
const LINT: &[&str] = &[
    "lint",
    "catalog.json",
    "--format",
    "short",
    "--fail-on",
    "never",
];

const DIMENSIONS: &[Dimension] = &[
    ("key: fixes of duplicates, block list", 100, |n| {
        let scopes = lines(n, |_| "  - s0".to_owned());
        Work {
            arguments: &["check", "key.yaml", "--diff", "--fail-on", "never"],
            ..key(&plain(10), &format!("scopes:\n{scopes}"))
        }
    }),
    ("key: fixes of duplicates, one line", 100, |n| {
        let scopes = list(n, |_| "s0".to_owned());
        Work {
            arguments: &["check", "key.yaml", "--diff", "--fail-on", "never"],
            ..key(&plain(10), &format!("scopes: [{scopes}]\n"))
        }
    }),
    ("key: fixes of misspelt scopes", 50, |n| {
        let scopes = lines(n, |i| format!("  - scope.number.{i}x"));
        Work {
            arguments: &[
                "check",
                "key.yaml",
                "--diff",
                "--unsafe-fixes",
                "--fail-on",
                "never",
            ],
            ..key(&numbered(n), &format!("scopes:\n{scopes}"))
        }
    }),
    ("key: findings on one line, text", 500, |n| Work {
        arguments: CHECK_TEXT,
        ..key(
            &plain(10),
            &format!("scopes: [{}]\n", list(n, |_| "s0".to_owned())),
        )
    }),
    ("key: findings on one line, short", 4000, |n| {
        key(
            &plain(10),
            &format!("scopes: [{}]\n", list(n, |_| "s0".to_owned())),
        )
    }),
    ("key: findings one a line, text", 1000, |n| Work {
        arguments: CHECK_TEXT,
        ..key(
            &plain(10),
            &format!("scopes:\n{}", lines(n, |_| "  - s0".to_owned())),
        )
    }),
    ("key: needs, the same endpoint", 8000, |n| {
        key(
            &plain(10),
            &format!(
                "needs:\n  endpoints:\n{}scopes: [s0]\n",
                lines(n, |_| "    - GET /e0".to_owned())
            ),
        )
    }),
    ("key: needs, each another endpoint", 1000, |n| {
        key(
            &plain(n),
            &format!(
                "needs:\n  endpoints:\n{}scopes:\n{}",
                lines(n, |i| format!("    - GET /e{i}")),
                lines(n, |i| format!("  - s{i}"))
            ),
        )
    }),
    ("key: recipes, the same", 4000, |n| {
        let catalog = Catalog {
            more: "\"recipes\": {\"r\": {\"endpoints\": [\"GET /e0\", \"GET /e1\", \"GET /e2\"]}}"
                .to_owned(),
            ..plain(10)
        };
        key(
            &catalog,
            &format!("needs: {{ recipes: [{}] }}\n", list(n, |_| "r".to_owned())),
        )
    }),
    ("key: environments", 4000, |n| {
        key(
            &plain(10),
            &format!(
                "needs: {{ endpoints: [GET /e0] }}\nscopes: [s0]\nenvironments:\n{}",
                lines(n, |i| format!("  e{i}: {{}}"))
            ),
        )
    }),
    ("key: environments with own scopes and needs", 200, |n| {
        key(
            &plain(10),
            &format!(
                "environments:\n{}",
                lines(n, |i| format!(
                    "  e{i}: {{ scopes: [s{}], needs: {{ endpoints: [GET /e{}] }} }}",
                    i % 10,
                    (i + 1) % 10
                ))
            ),
        )
    }),
    ("key: environments, a hard question in each", 5, |n| {
        hard(n, |_| 0)
    }),
    ("key: environments, another hard question in each", 5, |n| {
        hard(n, |i| i)
    }),
    ("key: unknown bundles", 4000, |n| {
        key(
            &plain(10),
            &format!(
                "bundles:\n{}",
                lines(n, |i| format!("  - bundle.number.{i}"))
            ),
        )
    }),
    ("key: unknown scopes", 4000, |n| {
        key(
            &numbered(2000),
            &format!("scopes:\n{}", lines(n, |i| format!("  - scope.nomber.{i}"))),
        )
    }),
    ("key: unknown endpoints", 2000, |n| {
        key(
            &plain(2000),
            &format!(
                "needs:\n  endpoints:\n{}",
                lines(n, |i| format!("    - GET /f{i}"))
            ),
        )
    }),
    ("key: unneeded risky scopes", 200, |n| {
        let catalog = Catalog {
            scopes: list(n, |i| {
                format!("\"s{i}\": {{\"risk\": \"high\", \"because\": \"b\"}}")
            }),
            ..plain(n)
        };
        key(
            &catalog,
            &format!(
                "needs: {{ endpoints: [GET /e0] }}\nscopes:\n{}",
                lines(n, |i| format!("  - s{i}"))
            ),
        )
    }),
    ("key: overlapping needs, any of three", 200, |n| {
        let catalog = Catalog {
            endpoints: list(n, |i| {
                format!(
                    "\"GET /e{i}\": {{\"any\": [\"s{i}\", \"s{}\", \"s{}\"]}}",
                    i + 1,
                    i + 2
                )
            }),
            ..plain(n + 2)
        };
        key(
            &catalog,
            &format!(
                "needs:\n  endpoints:\n{}scopes: [s0]\n",
                lines(n, |i| format!("    - GET /e{i}"))
            ),
        )
    }),
    ("key: `**` in a pattern", 30, |n| {
        let catalog = Catalog {
            endpoints: format!("\"GET {}\": \"s0\"", "/a".repeat(120)),
            ..plain(1)
        };
        key(
            &catalog,
            &format!("never: [\"* {}/x\"]\nscopes: [s0]\n", "/**/a".repeat(n)),
        )
    }),
    ("key: patterns under `never`", 200, |n| {
        key(
            &plain(2000),
            &format!(
                "never:\n{}scopes: [s0]\n",
                lines(n, |i| format!("  - GET /**/x{i}"))
            ),
        )
    }),
    ("key: wildcards", 200, |n| {
        let catalog = Catalog {
            more: "\"wildcards\": \"glob\"".to_owned(),
            ..plain(1000)
        };
        key(
            &catalog,
            &format!(
                "scopes:\n{}",
                lines(n, |i| format!("  - \"s{}*\"", i % 1000))
            ),
        )
    }),
    ("key: allowances and findings", 500, |n| {
        key(
            &plain(n),
            &format!(
                "needs: {{ endpoints: [GET /e0] }}\nscopes:\n{}allow:\n{}",
                lines(n, |i| format!("  - s{i}")),
                lines(n, |i| format!(
                    "  - {{ rule: unneeded-scope, scope: s{i}, reason: r, owner: o, until: 2027-01-01 }}"
                ))
            ),
        )
    }),
    ("key: length of two near names", 10_000, |n| {
        let long = "ab".repeat(n);
        let catalog = Catalog {
            scopes: format!("\"s0\": {{}}, \"x{long}\": {{}}"),
            ..plain(1)
        };
        key(&catalog, &format!("scopes: [\"{long}\"]\n"))
    }),
    ("key: nesting, flow", 500, |n| {
        key(
            &plain(1),
            &format!("labels: {{ a: {}{} }}\n", "[".repeat(n), "]".repeat(n)),
        )
    }),
    ("key: nesting, block", 500, |n| {
        let nested = (1..n).fold(String::new(), |text, i| text + &" ".repeat(i) + "a:\n");
        key(&plain(1), &format!("labels:\n{nested}"))
    }),
    ("key: labels", 5000, |n| {
        key(
            &plain(1),
            &format!("labels:\n{}", lines(n, |i| format!("  l{i}: x"))),
        )
    }),
    ("recommend: needs", 200, |n| Work {
        arguments: &["recommend", "--key-file", "key.yaml"],
        ..key(
            &plain(n),
            &format!(
                "needs:\n  endpoints:\n{}scopes: [s0]\n",
                lines(n, |i| format!("    - GET /e{i}"))
            ),
        )
    }),
    ("diff: two keys", 1000, |n| {
        let mut work = key(
            &plain(n),
            &format!("scopes:\n{}", lines(n / 2, |i| format!("  - s{i}"))),
        );
        let other = work.files[1].1.replace(
            "scopes:\n",
            &format!(
                "scopes:\n{}",
                lines(n / 2, |i| format!("  - s{}", i + n / 2))
            ),
        );
        work.files.push(("other.yaml", other));
        Work {
            arguments: &["diff", "key.yaml", "other.yaml"],
            ..work
        }
    }),
    ("explain: a bundle of everything", 1000, |n| {
        let catalog = Catalog {
            more: "\"bundles\": {\"full\": {\"scopes\": \"all\"}}".to_owned(),
            ..plain(n)
        };
        lint_of(&catalog, &["explain", "-p", "./catalog.json", "full"])
    }),
    ("expand: many names", 1000, |n| Work {
        files: vec![
            ("catalog.json", plain(n).text()),
            ("names", lines(n, |i| format!("s{i}"))),
        ],
        arguments: &["expand", "-p", "./catalog.json", "@names"],
    }),
    ("catalog: scopes", 10_000, |n| {
        lint(&Catalog {
            endpoints: "\"GET /e0\": \"s0\"".to_owned(),
            ..plain(n)
        })
    }),
    ("catalog: endpoints", 5000, |n| lint(&plain(n))),
    ("catalog: a chain of `implies`", 500, |n| {
        lint(&Catalog {
            scopes: list(n, |i| {
                if i + 1 == n {
                    format!("\"s{i}\": {{}}")
                } else {
                    format!("\"s{i}\": {{\"implies\": [\"s{}\"]}}", i + 1)
                }
            }),
            ..plain(n)
        })
    }),
    ("catalog: a long chain of `implies`", 10_000, |n| {
        lint(&Catalog {
            scopes: list(n, |i| {
                if i + 1 == n {
                    format!("\"s{i}\": {{}}")
                } else {
                    format!("\"s{i}\": {{\"implies\": [\"s{}\"]}}", i + 1)
                }
            }),
            ..plain(n)
        })
    }),
    ("catalog: one scope implies all", 4000, |n| {
        let all = list(n - 1, |i| format!("\"s{}\"", i + 1));
        lint(&Catalog {
            scopes: list(n, |i| match i {
                0 => format!("\"s0\": {{\"implies\": [{all}]}}"),
                _ => format!("\"s{i}\": {{}}"),
            }),
            ..plain(n)
        })
    }),
    ("catalog: a ring of `implies`", 500, |n| {
        lint(&Catalog {
            scopes: list(n, |i| {
                format!("\"s{i}\": {{\"implies\": [\"s{}\"]}}", (i + 1) % n)
            }),
            ..plain(n)
        })
    }),
    ("catalog: bundles by pattern", 500, |n| {
        lint(&Catalog {
            more: format!(
                "\"bundles\": {{{}}}",
                list(n, |i| format!("\"b{i}\": {{\"scopes\": [\"s{i}*\"]}}"))
            ),
            ..plain(n)
        })
    }),
    ("catalog: bundles of everything", 500, |n| {
        lint(&Catalog {
            more: format!(
                "\"bundles\": {{{}}}",
                list(n, |i| format!("\"b{i}\": {{\"scopes\": \"all\"}}"))
            ),
            ..plain(n)
        })
    }),
    ("catalog: templates at one node", 1000, |n| {
        lint(&Catalog {
            endpoints: list(n, |i| format!("\"GET /{{x}}:a{i}\": \"s0\"")),
            ..plain(1)
        })
    }),
    ("catalog: forking paths", 256, |n| {
        let path = |i: usize| -> String {
            (0..12)
                .map(|bit| if i >> bit & 1 == 0 { "/a" } else { "/{x}" })
                .collect()
        };
        lint(&Catalog {
            endpoints: list(n, |i| format!("\"GET {}\": \"s0\"", path(i))),
            ..plain(1)
        })
    }),
    ("catalog: segments of a path", 5000, |n| {
        lint(&Catalog {
            endpoints: format!("\"GET {}\": \"s0\"", "/a".repeat(n)),
            ..plain(1)
        })
    }),
    ("catalog: unknown scopes", 1000, |n| {
        lint(&Catalog {
            endpoints: list(n, |i| format!("\"GET /e{i}\": \"scope.nomber.{i}\"")),
            ..numbered(n)
        })
    }),
    ("catalog: undeclared scopes", 1000, |n| {
        lint(&Catalog {
            scopes: list(n, |i| {
                format!("\"scope.number.{i}\": {{\"undeclared\": {}}}", i % 2 == 0)
            }),
            endpoints: list(n, |i| format!("\"GET /e{i}\": \"scope.number.{i}\"")),
            more: String::new(),
        })
    }),
    ("catalog: any of n", 1000, |n| {
        lint(&Catalog {
            endpoints: format!(
                "\"GET /e\": {{\"any\": [{}]}}",
                list(n, |i| format!("\"s{i}\""))
            ),
            ..plain(n)
        })
    }),
    ("catalog: all of n", 4000, |n| {
        lint(&Catalog {
            endpoints: format!(
                "\"GET /e\": {{\"all\": [{}]}}",
                list(n, |i| format!("\"s{i}\""))
            ),
            ..plain(n)
        })
    }),
    ("catalog: modes", 2000, |n| {
        let modes = "\"modes\": [\"a\", \"b\"]".to_owned();
        lint(&Catalog {
            endpoints: list(n, |i| {
                format!(
                    "\"GET /e{i}\": {{\"modes\": {{\"a\": \"s0\", \"b\": {{\"scope\": \"s1\", \"query\": {{\"q\": \"{i}\"}}}}}}}}"
                )
            }),
            more: modes,
            ..plain(2)
        })
    }),
    ("catalog: events", 4000, |n| {
        lint(&Catalog {
            more: format!(
                "\"events\": {{{}}}",
                list(n, |i| format!("\"v{i}\": \"s0\""))
            ),
            ..plain(10)
        })
    }),
    ("catalog: recipes", 2000, |n| {
        lint(&Catalog {
            more: format!(
                "\"recipes\": {{{}}}",
                list(n, |i| format!(
                    "\"r{i}\": {{\"endpoints\": [\"GET /e{}\"], \"adequate\": [\"s{}\"]}}",
                    i % 10,
                    i % 10
                ))
            ),
            ..plain(10)
        })
    }),
    ("catalog: choices of a recipe", 500, |n| {
        lint(&Catalog {
            more: format!(
                "\"recipes\": {{\"r\": {{\"endpoints\": [{{\"any\": [{}]}}]}}}}",
                list(n, |i| format!("\"GET /e{i}\""))
            ),
            ..plain(n)
        })
    }),
    ("catalog: combinations", 2000, |n| {
        lint(&Catalog {
            more: format!(
                "\"combinations\": [{}]",
                list(n, |i| format!(
                    "{{\"scopes\": [\"s{}\", \"s{}\"], \"risk\": \"high\", \"because\": \"b\"}}",
                    i % 100,
                    (i + 7) % 100
                ))
            ),
            ..plain(100)
        })
    }),
    ("catalog: examples", 1000, |n| {
        lint(&Catalog {
            more: format!(
                "\"examples\": [{}]",
                list(n, |i| format!(
                    "{{\"scopes\": [\"s{}\"], \"endpoint\": \"GET /e{}\", \"verdict\": \"allowed\"}}",
                    i % 10,
                    i % 10
                ))
            ),
            ..plain(10)
        })
    }),
    ("catalog: retired names", 4000, |n| {
        lint(&Catalog {
            more: format!(
                "\"retired\": {{{}}}",
                list(n, |i| format!("\"old{i}\": [\"s{}\"]", i % 10))
            ),
            ..plain(10)
        })
    }),
    ("catalog: a chain of `deprecated`", 4000, |n| {
        lint(&Catalog {
            scopes: list(n, |i| {
                format!("\"s{i}\": {{\"deprecated\": [\"s{}\"]}}", (i + 1) % n)
            }),
            ..plain(n)
        })
    }),
    ("import: brackets that are not closed", 50_000, |n| Work {
        files: vec![(
            "spec.json",
            format!("{{\"openapi\": \"3.0.0\", \"x\": {}", "[".repeat(n)),
        )],
        arguments: IMPORT,
    }),
    ("import: operations", 1000, |n| {
        openapi(
            &list(n, |i| {
                format!(
                    "\"/e{i}\": {{\"get\": {{\"security\": [{{\"o\": [\"s{}\"]}}]}}}}",
                    i % 100
                )
            }),
            "",
        )
    }),
    ("import: `$ref` to one big item", 250, |n| {
        let big = list(n * 10, |i| format!("\"x-{i}\": 1"));
        openapi(
            &list(n, |i| {
                format!("\"/e{i}\": {{\"$ref\": \"#/components/pathItems/big\"}}")
            }),
            &format!("\"pathItems\": {{\"big\": {{\"get\": {{\"security\": []}}, {big}}}}},"),
        )
    }),
    ("import: schemes", 200, |n| {
        openapi(
            &list(n, |i| {
                format!("\"/e{i}\": {{\"get\": {{\"security\": [{{\"o{i}\": []}}]}}}}")
            }),
            "",
        )
    }),
    ("import: variants of a path", 500, |n| {
        openapi(
            &list(n, |i| {
                format!("\"/e?q={i}\": {{\"get\": {{\"security\": [{{\"o\": [\"s{i}\"]}}]}}}}")
            }),
            "",
        )
    }),
];

const IMPORT: &[&str] = &[
    "import",
    "openapi",
    "spec.json",
    "-o",
    "out.yaml",
    "--array",
    "all",
    "--today",
    "2026-11-22",
];

/// A catalog in the making: the parts of its JSON.
struct Catalog {
    scopes: String,
    endpoints: String,
    more: String,
}

impl Catalog {
    fn text(&self) -> String {
        let Self {
            scopes,
            endpoints,
            more,
        } = self;
        let more = if more.is_empty() {
            String::new()
        } else {
            format!(", {more}")
        };
        format!(
            "{{\"provider\": \"big\", \"scopes\": {{{scopes}}}, \"endpoints\": {{{endpoints}}}{more}}}"
        )
    }
}

/// A catalog of n scopes, each of which opens an endpoint.
fn plain(n: usize) -> Catalog {
    Catalog {
        scopes: list(n, |i| format!("\"s{i}\": {{}}")),
        endpoints: list(n, |i| format!("\"GET /e{i}\": \"s{i}\"")),
        more: String::new(),
    }
}

/// The same with names long enough to be misspelt.
fn numbered(n: usize) -> Catalog {
    Catalog {
        scopes: list(n, |i| format!("\"scope.number.{i}\": {{}}")),
        endpoints: list(n, |i| format!("\"GET /e{i}\": \"scope.number.{i}\"")),
        more: String::new(),
    }
}

/// Eighty scopes, and needs of which each takes any of three, in n environments.
fn hard(n: usize, shift: fn(usize) -> usize) -> Work {
    let mut state = 7_u64;
    let mut roll = |sides: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % sides
    };
    let endpoints: Vec<String> = (0..120)
        .map(|i| {
            format!(
                "\"GET /e{i}\": {{\"any\": [\"s{}\", \"s{}\", \"s{}\"]}}",
                roll(80),
                roll(80),
                roll(80)
            )
        })
        .collect();
    let catalog = Catalog {
        endpoints: endpoints.join(","),
        ..plain(80)
    };
    let needs = |i: usize| list(96, |number| format!("GET /e{}", (number + shift(i)) % 120));
    key(
        &catalog,
        &format!(
            "environments:\n{}",
            lines(n, |i| format!(
                "  e{i}: {{ needs: {{ endpoints: [{}] }} }}",
                needs(i)
            ))
        ),
    )
}

fn list(n: usize, one: impl FnMut(usize) -> String) -> String {
    (0..n).map(one).collect::<Vec<_>>().join(", ")
}

fn lines(n: usize, mut one: impl FnMut(usize) -> String) -> String {
    let mut text = String::new();
    for index in 0..n {
        let _ = writeln!(text, "{}", one(index));
    }
    text
}

fn key(catalog: &Catalog, rest: &str) -> Work {
    let head = "provider: ./catalog.json\nname: k\nowner: o\npurpose: p\n";
    Work {
        files: vec![
            ("catalog.json", catalog.text()),
            ("key.yaml", format!("{head}{rest}")),
        ],
        arguments: CHECK,
    }
}

fn lint(catalog: &Catalog) -> Work {
    lint_of(catalog, LINT)
}

fn lint_of(catalog: &Catalog, arguments: &'static [&'static str]) -> Work {
    Work {
        files: vec![("catalog.json", catalog.text())],
        arguments,
    }
}

fn openapi(paths: &str, components: &str) -> Work {
    let text = format!(
        "{{\"openapi\": \"3.0.0\", \"info\": {{\"title\": \"Big\", \"version\": \"1\"}}, \"components\": {{{components} \"securitySchemes\": {{\"o\": {{\"type\": \"oauth2\"}}}}}}, \"paths\": {{{paths}}}}}"
    );
    Work {
        files: vec![("spec.json", text)],
        arguments: IMPORT,
    }
}

/// The shortest of up to three runs, and the status.
fn measure(folder: &Path, work: &Work) -> (Duration, Option<i32>) {
    for (name, text) in &work.files {
        std::fs::write(folder.join(name), text).expect("a file");
    }
    let mut best: Option<Duration> = None;
    let mut status = None;
    for _ in 0..3 {
        let start = Instant::now();
        let run = Command::new(env!("CARGO_BIN_EXE_scopes"))
            .args(work.arguments)
            .current_dir(folder)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("it runs");
        let took = start.elapsed();
        best = Some(best.map_or(took, |best| best.min(took)));
        status = run.code();
        if took > Duration::from_millis(300) {
            break;
        }
    }
    (best.unwrap_or_default(), status)
}

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("growth");
    std::fs::create_dir_all(&folder).expect("a folder");
    let nothing = Work {
        files: Vec::new(),
        arguments: &["--version"],
    };
    let (start, _) = measure(&folder, &nothing);
    println!(
        "{:<50} {:>7} {:>8} {:>8} {:>8}  exponent  status",
        "dimension", "n", "n", "2n", "4n"
    );
    for (name, size, make) in DIMENSIONS {
        if !words.is_empty() && !words.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let runs = [1, 2, 4].map(|times| measure(&folder, &make(size * times)));
        let seconds = runs.map(|(took, _)| took.saturating_sub(start).as_secs_f64());
        let exponent = (seconds[2] > 0.01).then(|| (seconds[2] / seconds[1].max(0.0005)).log2());
        let shown = exponent.map_or_else(|| "-".to_owned(), |exponent| format!("{exponent:.1}"));
        let mark = if exponent.is_some_and(|exponent| exponent > 1.4 && seconds[2] > 0.05) {
            "!"
        } else {
            " "
        };
        let status = runs[2]
            .1
            .map_or_else(|| "killed".to_owned(), |status| status.to_string());
        println!(
            "{name:<50} {size:>7} {:>8.3} {:>8.3} {:>8.3}  {shown:>7}{mark}  {status:>6}",
            seconds[0], seconds[1], seconds[2]
        );
    }
    let _ = std::fs::remove_dir_all(&folder);
}
