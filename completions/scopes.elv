
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
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand list 'List the available catalogs'
            cand show 'Show a catalog, or a part of it'
            cand expand 'Expand bundles, wildcards and implied scopes into scopes'
            cand explain 'Explain what scopes unlock, and what an endpoint needs'
            cand check 'Check key files for least privilege'
            cand lint 'Check catalogs for contradictions and gaps, and run their examples'
            cand recommend 'Recommend the smallest set of scopes for a job'
            cand diff 'Compare keys, environments, catalogs or git revisions'
            cand import 'Import a catalog from OpenAPI, Google Discovery or Graph'
            cand rule 'List the rules, or explain one'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'scopes;list'= {
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;show'= {
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;expand'= {
            cand -p 'The provider, or the path of a catalog'
            cand --provider 'The provider, or the path of a catalog'
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;explain'= {
            cand -p 'The provider, or the path of a catalog'
            cand --provider 'The provider, or the path of a catalog'
            cand -e 'The environment to answer for'
            cand --environment 'The environment to answer for'
            cand --key-type 'The type of key to answer for; without it, any'
            cand --key-file 'Explain a key file instead of scopes'
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;check'= {
            cand --key-file 'A key file; can be repeated'
            cand -e 'Show only this environment of the keys'
            cand --environment 'Show only this environment of the keys'
            cand --log 'Count the requests in this log as needs too; can be repeated'
            cand --stdin-filename 'A name for standard input; its extension tells the format'
            cand -j 'How many files to check in parallel [default: the number of processors]'
            cand --jobs 'How many files to check in parallel [default: the number of processors]'
            cand --format 'Output format'
            cand --fail-on 'The lowest level that makes the exit status 1 [default: warning]'
            cand --level 'Set the level of a rule: off, note, warning, error, or forbid, which no `allow` can accept'
            cand --today 'Check as of this date, instead of today'
            cand --baseline 'Accept the findings recorded in this file'
            cand --write-baseline 'Record all findings in a baseline, which accepts them from then on [default file: scopes-baseline.json]'
            cand --reason 'Why the findings in the baseline are accepted'
            cand --until 'The last day on which the findings in the baseline are accepted'
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand --statistics 'Count the findings per rule instead of showing them'
            cand --show-files 'List the files that would be checked, and those that are skipped with the reason; check none'
            cand --no-allow 'Also show what the files accept under `allow`'
            cand --fix 'Apply safe fixes: they open nothing new but what is needed, and remove nothing needed'
            cand --unsafe-fixes 'Also apply fixes that need a review: they add a grant, or remove one that may be needed'
            cand --diff 'Show what `--fix` would change, and change nothing'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;lint'= {
            cand --format 'Output format'
            cand --fail-on 'The lowest level that makes the exit status 1 [default: warning]'
            cand --level 'Set the level of a rule: off, note, warning, error, or forbid, which no `allow` can accept'
            cand --today 'Check as of this date, instead of today'
            cand --baseline 'Accept the findings recorded in this file'
            cand --write-baseline 'Record all findings in a baseline, which accepts them from then on [default file: scopes-baseline.json]'
            cand --reason 'Why the findings in the baseline are accepted'
            cand --until 'The last day on which the findings in the baseline are accepted'
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand --statistics 'Count the findings per rule instead of showing them'
            cand --show-files 'List the files that would be checked, and those that are skipped with the reason; check none'
            cand --no-allow 'Also show what the files accept under `allow`'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;recommend'= {
            cand -p 'The provider, or the path of a catalog'
            cand --provider 'The provider, or the path of a catalog'
            cand -e 'The environment to answer for'
            cand --environment 'The environment to answer for'
            cand --key-type 'The type of key to answer for; without it, any'
            cand --endpoint 'An endpoint that the key must call, as ''METHOD /path''; can be repeated'
            cand --recipe 'A recipe of the catalog; can be repeated'
            cand --event 'A webhook event to subscribe to; can be repeated'
            cand --log 'A log of requests that must keep working; can be repeated'
            cand --key-file 'A key file: what to add, remove and keep'
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand --excess 'Also list reads that are opened but not needed'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;diff'= {
            cand -p 'The provider, or the path of a catalog'
            cand --provider 'The provider, or the path of a catalog'
            cand -e 'The environment to answer for'
            cand --environment 'The environment to answer for'
            cand --key-type 'The type of key to answer for; without it, any'
            cand --base 'Compare the files in the working tree with a git revision'
            cand --from 'The environment to compare against [default: the first of the key]'
            cand --to 'The environment to compare [default: every other one]'
            cand --keys 'Key files and folders to check for effects of a changed catalog'
            cand --fail-on 'The change that makes the exit status 1'
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;import'= {
            cand -o 'The file to write, as .yaml or .json'
            cand --output 'The file to write, as .yaml or .json'
            cand --format 'Output format on standard output'
            cand --provider 'The provider''s name in the catalog [default: the document''s title]'
            cand --array 'Whether an operation needs all scopes of an array, or any one of them'
            cand --scope-pattern 'Find scopes in the descriptions of operations: the first group of this pattern, or the whole match'
            cand --extension 'An extension field of operations that names scopes, like x-required-scopes; can be repeated'
            cand --tag 'Only import operations with this tag; can be repeated'
            cand --merge 'Keep the hand-written parts of this catalog: risk, notes, recipes, examples, allowances'
            cand --today 'The date of the import, instead of today'
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand --no-summaries 'Leave out the summaries of operations and scopes'
            cand --check 'Write nothing; exit with status 1 if the catalog is out of date'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;rule'= {
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;completions'= {
            cand --color 'When to use colour'
            cand --width 'Lay out for this many columns'
            cand --catalog 'A catalog to use besides the built-in ones; can be repeated'
            cand --config 'Use this configuration instead of searching for scopes.toml'
            cand -q 'Hide notes'
            cand --quiet 'Hide notes'
            cand -v 'Show whole lists, and which configuration is used'
            cand --verbose 'Show whole lists, and which configuration is used'
            cand --no-config 'Ignore scopes.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'scopes;help'= {
            cand list 'List the available catalogs'
            cand show 'Show a catalog, or a part of it'
            cand expand 'Expand bundles, wildcards and implied scopes into scopes'
            cand explain 'Explain what scopes unlock, and what an endpoint needs'
            cand check 'Check key files for least privilege'
            cand lint 'Check catalogs for contradictions and gaps, and run their examples'
            cand recommend 'Recommend the smallest set of scopes for a job'
            cand diff 'Compare keys, environments, catalogs or git revisions'
            cand import 'Import a catalog from OpenAPI, Google Discovery or Graph'
            cand rule 'List the rules, or explain one'
            cand completions 'Print a completion script for a shell'
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
