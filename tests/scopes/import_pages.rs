//! `import markdown`: the tables of documentation pages into catalogs.

use serde_json::Value;

use crate::program::{Folder, Run};

const TODAY: [&str; 2] = ["--today", "2026-11-22"];

fn import(folder: &Folder, arguments: &[&str]) -> Run {
    folder.scopes(&[&["import", "markdown"][..], arguments, &TODAY].concat())
}

/// The catalog of one page and what was said of it.
fn page(text: &str, options: &[&str]) -> Run {
    let folder = Folder::new("import-pages");
    folder.write("acme-scopes.md", text);
    let run = import(&folder, &[&["acme-scopes.md", "-v"], options].concat());
    let spelt = run.out.split("\nreviewed: false\n").nth(1);
    let out = spelt.unwrap_or(&run.out).to_owned();
    // The head of the catalog is the same on every page but for its key types and readings.
    let head = run
        .out
        .split("\nreviewed: false\n")
        .next()
        .unwrap_or_default();
    let head: Vec<&str> = head
        .lines()
        .filter(|line| {
            !line.starts_with("provider:")
                && !line.starts_with("note:")
                && !line.contains("acme-scopes.md")
        })
        .filter(|line| *line != "sources:")
        .collect();
    let head = if head.is_empty() {
        String::new()
    } else {
        format!("{}\n", head.join("\n"))
    };
    Run {
        out: format!("{head}{out}"),
        ..run
    }
}

#[test]
fn a_table_of_scopes_with_key_types_and_bundles() {
    let run = page(
        "# Scopes\n\n\
         | Scope | Description | Server Key | Client key | Starter bundle | Risk | Team |\n\
         |---|---|:---:|:---:|---|---|---|\n\
         | `orders.read` | See orders. And more. | ✅ | ✓ | Yes | low | a |\n\
         | **[`orders.write`](#w)** | Place \\| cancel orders | :white_check_mark: | ❌ | -- | high | b |\n\
         | `users.read` (deprecated) | See users | | yes | maybe | | |\n\
         | pay\\_out | Pay out | no | no | no | | |\n\
         | Read users | Prose | ✅ | ✅ | yes | | |\n",
        &[],
    );
    insta::assert_snapshot!(run.all());
}

#[test]
fn a_key_type_that_a_column_requires_or_names() {
    let run = page(
        "# API key scopes\n\nPublishable keys (`pk_`) are for browsers. Secret keys (`sk_`) are not.\n\n\
         | Scope | Description | Requires sk_ |\n|---|---|---|\na:read | See | No\na:write | Change | Yes\nAfter the table.\n\n\
         | Permission | Grants | Key type |\n|---|---|---|\n| `b:read` | See | Publishable, secret |\n| `b:write` | Change | `sk_` |\n| `c:write` | Change | Robot |\n",
        &[],
    );
    insta::assert_snapshot!(run.all());
}

#[test]
fn endpoints_of_scopes() {
    let run = page(
        "# Scopes\n\n## Orders API\n\n\
         | Scope | Endpoints |\n|---|---|\n\
         | `orders.read` | `GET /orders`, `GET /orders/:id`<br>`GET /orders/<id>/lines` |\n\
         | `orders.write` | `POST /orders` and mode=fast on `POST /orders/{id}/send` (soon); GET/HEAD `/orders/{id}` |\n\
         | `files.read` | https://api.acme.example/v1/files |\n\
         | `*` | Wildcard: every scope |\n\
         | `files.*` | `GET /files/*` |\n",
        &[],
    );
    insta::assert_snapshot!(run.all());
}

#[test]
fn scopes_of_endpoints() {
    let text = "# Permissions\n\n\
         | Method | Path | Scope(s) | Description |\n|---|---|---|---|\n\
         | GET | `/a` | `a.read` | Get a |\n\
         | GET, POST | /b | `a.read` and `b.write` | Deprecated: b |\n\
         | PUT | /c | `a.read` or `b.write` | |\n\
         | PUT | /d | `a.read`, `b.write` | |\n\
         | GET | /e | None | |\n\
         | GET | /f | Public | |\n\
         | GET | /g | Any key | |\n\
         | GET | /h | | |\n\
         | GET | /i | `a.read` if it is yours | |\n\
         | GET | /j?x=1 | a.read + b.write | |\n\
         | FETCH | /k | `a.read` | |\n\
         | GET | no path | `a.read` | |\n\
         | GET | /a | `b.write` | |\n";
    insta::assert_snapshot!(page(text, &[]).all());
    let all = page(text, &["--array", "all"]);
    assert!(all.out.contains("reading: all\n"), "{}", all.out);
    let any = page(text, &["--array", "any"]);
    assert!(any.out.contains("reading: any\n"), "{}", any.out);
    assert!(
        any.out.contains("GET /a: { any: [a.read, b.write]"),
        "{}",
        any.out
    );
}

#[test]
fn headings_that_are_scopes() {
    let run = page(
        "# API token permissions\n\n## Users\n\n### users.read\n\n**Description:** See users.\n\n\
         | Method & Endpoint | Description |\n|---|---|\n| `GET` `/users/:userId` | Get user (deprecated) |\n| `POST` `/users/:userId/balances` | Get balances |\n\n\
         ### users.write\n\n**Description:** Change users.\n\n### users.odd\n\nNothing is here.\n\n## Sandbox\n\n### test.clock\n\n| Endpoint | |\n|---|---|\n| `POST /clock` | |\n",
        &[],
    );
    insta::assert_snapshot!(run.all());
}

#[test]
fn lists_html_and_tables_copied_as_text() {
    let run = page(
        "---\ntitle: x\n---\n# Scopes\n\nThe following scopes exist:\n\n- `a.read`: See a\n- `a.write` – Change a\n  - nested `b`\n- `GET` is a method\n\n\
         These scopes (space delimited) are adequate:\n\n```sh\nc.read\nc.write\n```\n\n\
         <table><tr><th>Permission</th><th>Bot</th><th>User</th></tr>\n<tr><td><code>d.read</code></td><td>&check;</td><td></td></tr></table>\n\n\
         <table>\n<tr><th>Scope</th></tr><tr><td rowspan=\"2\">e.read</td></tr></table>\n\n\
         ScopeUnlocks\nf:readGET /f\nf:writePOST /f and PUT /f/{id}\nlost line\n\n\
         EndpointWhy\nPOST /claims/{id}Claim must be yours\nPOST /camelCasePathsNo one knows\n\nUse f:write only if you must.\n",
        &[],
    );
    insta::assert_snapshot!(run.all());
}

#[test]
fn what_is_no_table_of_scopes_is_said() {
    let run = page(
        "# Errors\n\n| Code | Meaning |\n|---|---|\n| `not.found` | Nothing is there |\n\n| Method | Path |\n|---|---|\n| GET | /a |\n",
        &[],
    );
    insta::assert_snapshot!(run.all());
    let parameters = page(
        "# Scopes\n\n| Name | Type | Description |\n|---|---|---|\n| `page.size` | number | How many |\n",
        &[],
    );
    assert_eq!(parameters.status, 2, "{}", parameters.all());
}

#[test]
fn an_import_is_repeated_and_merged() {
    let folder = Folder::new("import-pages-again");
    let one = "# Scopes\n\n| Scope | Description | Server | Client | Pro bundle |\n|---|---|---|---|---|\n| `a.read` | See | yes | yes | yes |\n| `a.write` | Change | yes | no | no |\n";
    let two = "# Endpoints\n\n| Endpoint | Scope |\n|---|---|\n| `GET /a` | `a.read` |\n| `POST /a` | `a.write` |\n";
    folder
        .write("docs/acme/one.md", one)
        .write("docs/acme/two.mdx", two)
        .write("docs/acme/other.txt", "no page");
    let arguments = ["docs", "--provider", "acme", "-o", "acme.yaml"];
    assert_eq!(import(&folder, &arguments).status, 0);
    let first = folder.read("acme.yaml");
    let again = import(&folder, &arguments);
    assert!(again.out.contains("is up to date"), "{}", again.all());
    let printed = import(
        &folder,
        &[
            "docs/acme/one.md",
            "docs/acme/two.mdx",
            "--provider",
            "acme",
        ],
    );
    assert_eq!(printed.out, first);
    let check = ["docs", "--merge", "acme.yaml", "--check"];
    assert_eq!(import(&folder, &check).status, 0);
    // What was written by hand stays, and what the pages say changes.
    let by_hand = first
        .replace("reviewed: false\n", "")
        .replace("bundles:\n", "bundles:\n  own: { scopes: [a.write] }\n")
        .replace(
            "  pro: { scopes",
            "  pro: { summary: For professionals, scopes",
        );
    folder.write("acme.yaml", &by_hand);
    folder.write(
        "docs/acme/one.md",
        one.replace("| no | no |", "| no | yes |"),
    );
    let changed = import(&folder, &check);
    assert_eq!(changed.status, 1, "{}", changed.all());
    assert!(changed.out.contains("~ bundles: pro"), "{}", changed.all());
    assert_eq!(
        import(
            &folder,
            &["docs", "--merge", "acme.yaml", "-o", "acme.yaml"]
        )
        .status,
        0
    );
    let merged = folder.read("acme.yaml");
    assert!(
        merged.contains("pro: { summary: For professionals, scopes: [a.read, a.write] }"),
        "{merged}"
    );
    assert!(merged.contains("own: { scopes: [a.write] }"), "{merged}");
    assert!(!merged.contains("reviewed"), "{merged}");
    let json = folder.scopes(&["show", "./acme.yaml", "--format", "json"]);
    let show: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(
        show["scopes"][1]["key_types"],
        serde_json::json!(["server"])
    );
}

fn lines(number: usize, line: impl Fn(usize) -> String) -> String {
    let lines: Vec<String> = (0..number).map(line).collect();
    lines.concat()
}

#[test]
fn hostile_pages_end_in_time() {
    let folder = Folder::new("import-pages-hostile");
    let table = "| Scope | Endpoints |\n|---|---|\n";
    let wide = format!(
        "|{}\n|{}\n{}",
        " A key |".repeat(4000),
        "---|".repeat(4000),
        "| yes\n".repeat(300)
    );
    let pages = [
        format!("# Scopes\n\n{table}| `a.read` | {} |\n", "`GET /a` ".repeat(100_000)),
        format!("# Scopes\n\n{table}| {} | `GET /a` |\n", "`a.read` ".repeat(100_000)),
        format!("# Scopes\n\n{table}| `a.read` | `GET /{} |\n", "a".repeat(1_000_000)),
        format!("# Scopes\n\n{wide}"),
        format!("# Scopes\n\n{table}{}", "| `a.read | `GET /a |\n".repeat(20_000)),
        format!("# Scopes\n\n{table}{}", lines(5000, |at| format!("| `a.r{at}` | `GET /a` |\n"))),
        format!("# Scopes\n\n{table}{}", lines(5000, |at| format!("| `a.read` | m=x{at} on `GET /a` |\n"))),
        format!("# Scopes\n\n{}- `a.read`: x\n", lines(400, |at| format!("{}- scopes only\n", "  ".repeat(at)))),
        format!("# Scopes\n\n{}", "<table><tr><td>".repeat(30_000)),
        format!("# Scopes\n\n{}", "<table></table>`".repeat(30_000)),
        format!("ScopeUnlocks\n{}\n", "a:b".repeat(100_000)),
        format!("# Scopes\n\n{}", "Use a.read only with scopes that require it. ".repeat(20_000)),
        "# Scopes\n\n| Scope | Description |\n|---|---|\n| `a\u{1b}[31m.read` | x |\n| `b.read` | \u{202e}evil\u{1b}[2J |\n| `c\u{0}.read` | y |\n".to_owned(),
    ];
    for (at, page) in pages.iter().enumerate() {
        folder.write("page.md", page);
        let started = std::time::Instant::now();
        let run = import(&folder, &["page.md"]);
        assert!(matches!(run.status, 0 | 2), "{at}: {}", run.status);
        assert!(
            started.elapsed().as_secs() < 20,
            "{at}: {:?}",
            started.elapsed()
        );
        assert!(!run.all().contains(['\u{1b}', '\u{202e}', '\u{0}']), "{at}");
    }
}

#[test]
fn a_secret_on_a_page_is_masked() {
    let secret = ["sk_live", "4eC39HqLyjWDarjtT1zdp7dc"].join("_");
    let folder = Folder::new("import-pages-secret");
    let page =
        format!("# Scopes\n\n| Scope | Description |\n|---|---|\n| `a.read` | like {secret} |\n");
    folder.write("page.md", page);
    let run = import(&folder, &["page.md"]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(!run.all().contains(&secret), "{}", run.all());
}
