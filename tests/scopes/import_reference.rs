//! `import slack`, `import dropbox` and `import github`: references of providers that are not OpenAPI.

use crate::program::{Folder, Run};

fn import(folder: &Folder, arguments: &[&str]) -> Run {
    let today = ["--today", "2026-11-22"];
    folder.scopes(&[&["import"][..], arguments, &today].concat())
}

/// Imports, imports again over the result, and returns what was said and written.
fn imported(folder: &Folder, arguments: &[&str]) -> String {
    let run = import(folder, &[arguments, &["-o", "out.yaml", "-v"]].concat());
    let first = folder.read("out.yaml");
    let check = import(
        folder,
        &[arguments, &["--merge", "out.yaml", "--check"]].concat(),
    );
    assert_eq!(check.status, 0, "{}", check.all());
    let printed = import(folder, arguments);
    assert_eq!(printed.out, first);
    format!("{}\n{first}", run.all())
}

#[test]
fn methods_and_events_of_slack() {
    let folder = Folder::new("import-slack");
    let method = |verb: &str, rest: &str| {
        format!("{{\"desc\": \"Does it. Really.\", \"http_method\": \"{verb}\"{rest}}}")
    };
    folder
        .write("ref/methods/chat.post.json", method("POST", ", \"scope\": {\"bot\": [\"chat:write\"], \"user\": [\"chat:write\", \"chat:write:user\"]}"))
        .write("ref/methods/api.test.json", method("POST", ", \"scope\": {}"))
        .write("ref/methods/views.none.json", method("POST", ", \"scope\": \"none\", \"deprecated\": true"))
        .write("ref/methods/silent.json", method("GET", ""))
        .write("ref/methods/odd.json", method("GET", ", \"scope\": \"chat:write\""))
        .write("ref/methods/list.json", method("GET", ", \"scope\": {\"bot\": \"chat:write\", \"user\": []}"))
        .write("ref/methods/methods.json", "[]")
        .write("ref/events.json", r#"[{"name": "message", "scopes": ["im:history", "chat:write"], "APIs": ["Events", "RTM"]},
            {"name": "app_mention", "scopes": ["app_mentions.read"], "APIs": ["Events"]}, {"name": "hello", "scopes": [], "APIs": ["RTM"]},
            {"name": "tokens_revoked", "scopes": [], "APIs": ["Events"]}, {"name": "lost", "APIs": ["Events"]}, {"scopes": []}]"#);
    insta::assert_snapshot!(imported(&folder, &["slack", "ref"]));
    let empty = import(&folder, &["slack", "ref/events.json"]);
    assert_eq!(empty.status, 2, "{}", empty.all());
}

#[test]
fn routes_of_dropbox() {
    let folder = Folder::new("import-dropbox");
    folder.write(
        "stone/files.stone",
        "namespace files\n    \"Files, with\n    route fake (A, B, C)\n    in a text.\"\n\nimport common\n\nroute copy (Arg, Result, Error) deprecated by copy:2\n    \"Copy a file. Slowly.\"\n    attrs\n        auth = \"user\"\n        scope = \"files.write\"\n\nroute copy:2 (Arg, Result, Error)\n    \"Copy a file\n    attrs\n        auth = \\\"noauth\\\"\"\n\n    attrs\n        auth = \"app, user\"\n        host = \"content\"\n        scope = \"files.write\"\n\nroute poll (Arg, Result, Error)\n    attrs\n        auth = \"noauth\"\n        host = \"moon\"\n\nroute odd/one (A, B, C)\n    attrs\n        auth = \"robot\"\n\nroute silent (A, B, C)\n\nstruct Arg\n    path String\n",
    );
    folder.write("stone/team.stone", "namespace team\nroute list (A, B, C)\n    attrs\n        auth = \"team\"\n        scope = \"members.read\"\nroute me (A, B, C)\n    attrs\n        auth = \"user\"\n");
    insta::assert_snapshot!(imported(&folder, &["dropbox", "stone"]));
    folder.write("stone/none.stone", "namespace x\n");
    assert_eq!(import(&folder, &["dropbox", "stone/none.stone"]).status, 2);
}

#[test]
fn fine_grained_permissions_of_github() {
    let folder = Folder::new("import-github");
    folder.write(
        "fine.tsv",
        "actions\tread\tGET\t/repos/{owner}/actions\t\nactions\twrite\tPOST\t/repos/{owner}/actions\t+\nissues\tread\tGET\t/repos/{owner}/comments\t+\npulls\tread\tGET\t/repos/{owner}/comments\t+\ncontents\twrite\tPUT\t/repos/{owner}/contents\t+\ncontents\twrite\tPUT\t/repos/{owner}/contents\t+\nworkflows\twrite\tPUT\t/repos/{owner}/contents\t+\npages\tadmin\tDELETE\t/repos/{owner}/pages\npages\tread\tGET\t/repos/{owner}/pages\t\nodd line\npages\tsuper\tGET\t/odd\t\n",
    );
    folder.write(
        "apps.json",
        r#"{"paths": {}, "permissions": {"emails": {"url": "x", "read": ["GET /user/emails", "nothing"]}, "issues": {"write": ["GET /repos/{owner}/pages"]}}}"#,
    );
    insta::assert_snapshot!(imported(&folder, &["github", "fine.tsv", "apps.json"]));
    let any = import(&folder, &["github", "fine.tsv", "--array", "any"]);
    assert!(any.out.contains("reading: any\n"), "{}", any.all());
    assert!(
        any.out.contains("any: [issues:read, pulls:read]"),
        "{}",
        any.all()
    );
    folder.write("none.tsv", "\n");
    assert_eq!(import(&folder, &["github", "none.tsv"]).status, 2);
}
