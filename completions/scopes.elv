
use builtin;
use str;

set edit:completion:arg-completer[scopes] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'scopes'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'scopes'= {
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand list 'The catalogs at hand'
            cand show 'A catalog, readable'
            cand expand 'Bundles, wildcards and implied scopes into scopes'
            cand explain 'What a set opens, what an endpoint needs, may this call that'
            cand check 'Check proposed keys against the least that their job needs'
            cand lint 'Check catalogs for contradictions and gaps, and run their examples'
            cand recommend 'The least scopes for some endpoints, with the proof'
            cand diff 'What changed, in endpoints: environments, keys, sets, editions, a git revision'
            cand import 'A catalog from an OpenAPI, Discovery or Graph document'
            cand rule 'The rules, or the page of one'
            cand completions 'A script that completes commands in a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'scopes;list'= {
            cand --format 'How to write it'
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;show'= {
            cand --format 'How to write it'
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;expand'= {
            cand -p 'The provider, or the path of a catalog'
            cand --provider 'The provider, or the path of a catalog'
            cand --format 'How to write it'
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;explain'= {
            cand -p 'The provider, or the path of a catalog'
            cand --provider 'The provider, or the path of a catalog'
            cand --key-type 'The type of key to answer for; without it, every type'
            cand --key-file 'A proposed key, in place of scopes'
            cand -e 'The environment to answer for'
            cand --environment 'The environment to answer for'
            cand --format 'How to write it'
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;check'= {
            cand --key-file 'A key file; can be given several times'
            cand -e 'Judge this environment of the keys alone'
            cand --environment 'Judge this environment of the keys alone'
            cand --log 'A log of requests that count as needs beside the declared ones; can be given several times'
            cand --stdin-filename 'The name to give standard input; its extension says how it is written'
            cand -j 'Look at so many files at once [default: as many as there are processors]'
            cand --jobs 'Look at so many files at once [default: as many as there are processors]'
            cand --format 'How to write it'
            cand --fail-on 'The level from which on findings make the status 1 [default: warning]'
            cand --level 'The level of a rule: off, note, warning, error, or forbid, which no `allow` accepts'
            cand --today 'The day to judge by, in place of today''s'
            cand --baseline 'Accept the findings that this file holds'
            cand --write-baseline 'Write all findings to a baseline, which accepts them from then on [default file: scopes-baseline.json]'
            cand --reason 'Why the findings of the baseline are accepted'
            cand --until 'The last day on which the findings of the baseline are accepted'
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand --statistics 'Count the findings of each rule instead of showing them'
            cand --show-files 'List the files that are looked at, and those that are passed over with the reason, and check none'
            cand --no-allow 'Show what the files accept under `allow` as well'
            cand --fix 'Fix what can be fixed without opening anything that was not open or needed, and without taking anything needed'
            cand --unsafe-fixes 'Fix what needs a look as well: what adds a grant, or takes one that may be needed'
            cand --diff 'Show what `--fix` would change, and change nothing'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;lint'= {
            cand --format 'How to write it'
            cand --fail-on 'The level from which on findings make the status 1 [default: warning]'
            cand --level 'The level of a rule: off, note, warning, error, or forbid, which no `allow` accepts'
            cand --today 'The day to judge by, in place of today''s'
            cand --baseline 'Accept the findings that this file holds'
            cand --write-baseline 'Write all findings to a baseline, which accepts them from then on [default file: scopes-baseline.json]'
            cand --reason 'Why the findings of the baseline are accepted'
            cand --until 'The last day on which the findings of the baseline are accepted'
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand --statistics 'Count the findings of each rule instead of showing them'
            cand --show-files 'List the files that are looked at, and those that are passed over with the reason, and check none'
            cand --no-allow 'Show what the files accept under `allow` as well'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;recommend'= {
            cand -p 'The provider, or the path of a catalog'
            cand --provider 'The provider, or the path of a catalog'
            cand -e 'The environment; without it, the one that is marked as production'
            cand --environment 'The environment; without it, the one that is marked as production'
            cand --key-type 'The type of key; without it, the one that costs least'
            cand --endpoint 'An endpoint that must be open, as ''METHOD /path''; can be given several times'
            cand --recipe 'A task of the catalog; can be given several times'
            cand --event 'A webhook event to subscribe to; can be given several times'
            cand --log 'A log of requests that must go on working; can be given several times'
            cand --key-file 'A key file with its needs: what to add, remove and keep'
            cand --format 'How to write it'
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand --excess 'List the reads that come along unasked as well'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;diff'= {
            cand -p 'The provider of two sets'
            cand --provider 'The provider of two sets'
            cand --key-type 'The type of key of two sets'
            cand --base 'Compare the files of the working folder with what they were at a git revision'
            cand --from 'The environment to compare with; without it, the first of the key'
            cand --to 'The environment to compare; without it, every other one'
            cand --keys 'Key files and folders that another edition of a catalog may affect'
            cand --fail-on 'When to end with status 1'
            cand --format 'How to write it'
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;import'= {
            cand -o 'The file to write; its extension, .yaml or .json, says how'
            cand --output 'The file to write; its extension, .yaml or .json, says how'
            cand --format 'How to write to standard output'
            cand --provider 'The provider''s name in the catalog; without it, the document''s title'
            cand --array 'How to read an array of scopes: all of them, or any one of them'
            cand --scope-pattern 'Finds scopes in the descriptions of operations: the first group of the pattern, or all it matches'
            cand --extension 'An extension of operations that names scopes, as x-required-scopes; can be given several times'
            cand --tag 'Only operations with this tag; can be given several times'
            cand --merge 'A catalog whose hand-written parts are kept: risk, notes, recipes, examples, allowances'
            cand --today 'The day to note as that of the import, in place of today''s'
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand --no-summaries 'Leave the summaries of operations and scopes out'
            cand --check 'Write nothing; status 1 where the catalog is out of step'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;rule'= {
            cand --format 'How to write it'
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;completions'= {
            cand --color 'When to colour'
            cand --width 'Lay out as on a terminal of this many columns'
            cand --catalog 'A catalog of yours beside the built-in ones; can be given several times'
            cand --config 'The configuration, in place of the `scopes.toml` found upwards from here'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Say more: all of a list, and which configuration counts'
            cand --verbose 'Say more: all of a list, and which configuration counts'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;help'= {
            cand list 'The catalogs at hand'
            cand show 'A catalog, readable'
            cand expand 'Bundles, wildcards and implied scopes into scopes'
            cand explain 'What a set opens, what an endpoint needs, may this call that'
            cand check 'Check proposed keys against the least that their job needs'
            cand lint 'Check catalogs for contradictions and gaps, and run their examples'
            cand recommend 'The least scopes for some endpoints, with the proof'
            cand diff 'What changed, in endpoints: environments, keys, sets, editions, a git revision'
            cand import 'A catalog from an OpenAPI, Discovery or Graph document'
            cand rule 'The rules, or the page of one'
            cand completions 'A script that completes commands in a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'scopes;help;list'= {
        }
        &'scopes;help;show'= {
        }
        &'scopes;help;expand'= {
        }
        &'scopes;help;explain'= {
        }
        &'scopes;help;check'= {
        }
        &'scopes;help;lint'= {
        }
        &'scopes;help;recommend'= {
        }
        &'scopes;help;diff'= {
        }
        &'scopes;help;import'= {
        }
        &'scopes;help;rule'= {
        }
        &'scopes;help;completions'= {
        }
        &'scopes;help;help'= {
        }
    ]
    $completions[$command]
}
