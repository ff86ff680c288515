# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_scopes_global_optspecs
    string join \n q/quiet color= width= catalog= v/verbose config= no-config h/help V/version
end

function __fish_scopes_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_scopes_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_scopes_using_subcommand
    set -l cmd (__fish_scopes_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c scopes -n "__fish_scopes_needs_command" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_needs_command" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_needs_command" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_needs_command" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_needs_command" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_needs_command" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_needs_command" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_needs_command" -s V -l version -d 'Print version'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "list" -d 'The catalogs at hand'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "show" -d 'A catalog, readable'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "expand" -d 'Bundles, wildcards and implied scopes into scopes'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "explain" -d 'What a set opens, what an endpoint needs, may this call that'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "check" -d 'Check proposed keys against the least that their job needs'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "lint" -d 'Check catalogs for contradictions and gaps, and run their examples'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "recommend" -d 'The least scopes for some endpoints, with the proof'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "diff" -d 'What changed, in endpoints: environments, keys, sets, editions, a git revision'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "import" -d 'A catalog from an OpenAPI, Discovery or Graph document'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "rule" -d 'The rules, or the page of one'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "completions" -d 'A script that completes commands in a shell'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c scopes -n "__fish_scopes_using_subcommand list" -l format -d 'How to write it' -r -f -a "table\t''
json\t''"
complete -c scopes -n "__fish_scopes_using_subcommand list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand list" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand list" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand list" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand list" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand list" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_using_subcommand list" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand show" -l format -d 'How to write it' -r -f -a "table\t''
json\t''
markdown\t''"
complete -c scopes -n "__fish_scopes_using_subcommand show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand show" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand show" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand show" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand show" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand show" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_using_subcommand show" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand expand" -s p -l provider -d 'The provider, or the path of a catalog' -r
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l format -d 'How to write it' -r -f -a "table\t''
json\t''
lines\t''"
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand expand" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand expand" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand expand" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand explain" -s p -l provider -d 'The provider, or the path of a catalog' -r
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l key-type -d 'The type of key to answer for; without it, every type' -r
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l key-file -d 'A proposed key, in place of scopes' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand explain" -s e -l environment -d 'The environment to answer for' -r
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l format -d 'How to write it' -r -f -a "table\t''
json\t''
markdown\t''"
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand explain" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand explain" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l key-file -d 'A key file; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -s e -l environment -d 'Judge this environment of the keys alone' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l log -d 'A log of requests that count as needs beside the declared ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -l stdin-filename -d 'The name to give standard input; its extension says how it is written' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -s j -l jobs -d 'Look at so many files at once [default: as many as there are processors]' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l format -d 'How to write it' -r -f -a "text\t'Code frames'
short\t'A line for each finding'
json\t''
sarif\t'SARIF 2.1.0, for code scanning'
github\t'Annotations of GitHub Actions, and the summary of the job'
gitlab\t'A Code Quality report'
markdown\t'A comment on a pull request'"
complete -c scopes -n "__fish_scopes_using_subcommand check" -l fail-on -d 'The level from which on findings make the status 1 [default: warning]' -r -f -a "error\t''
warning\t''
note\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand check" -l level -d 'The level of a rule: off, note, warning, error, or forbid, which no `allow` accepts' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l today -d 'The day to judge by, in place of today\'s' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l baseline -d 'Accept the findings that this file holds' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -l write-baseline -d 'Write all findings to a baseline, which accepts them from then on [default file: scopes-baseline.json]' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -l reason -d 'Why the findings of the baseline are accepted' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l until -d 'The last day on which the findings of the baseline are accepted' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand check" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -l statistics -d 'Count the findings of each rule instead of showing them'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l show-files -d 'List the files that are looked at, and those that are passed over with the reason, and check none'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l no-allow -d 'Show what the files accept under `allow` as well'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l fix -d 'Fix what can be fixed without opening anything that was not open or needed, and without taking anything needed'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l unsafe-fixes -d 'Fix what needs a look as well: what adds a grant, or takes one that may be needed'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l diff -d 'Show what `--fix` would change, and change nothing'
complete -c scopes -n "__fish_scopes_using_subcommand check" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand check" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l format -d 'How to write it' -r -f -a "text\t'Code frames'
short\t'A line for each finding'
json\t''
sarif\t'SARIF 2.1.0, for code scanning'
github\t'Annotations of GitHub Actions, and the summary of the job'
gitlab\t'A Code Quality report'
markdown\t'A comment on a pull request'"
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l fail-on -d 'The level from which on findings make the status 1 [default: warning]' -r -f -a "error\t''
warning\t''
note\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l level -d 'The level of a rule: off, note, warning, error, or forbid, which no `allow` accepts' -r
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l today -d 'The day to judge by, in place of today\'s' -r
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l baseline -d 'Accept the findings that this file holds' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l write-baseline -d 'Write all findings to a baseline, which accepts them from then on [default file: scopes-baseline.json]' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l reason -d 'Why the findings of the baseline are accepted' -r
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l until -d 'The last day on which the findings of the baseline are accepted' -r
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l statistics -d 'Count the findings of each rule instead of showing them'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l show-files -d 'List the files that are looked at, and those that are passed over with the reason, and check none'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l no-allow -d 'Show what the files accept under `allow` as well'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -s p -l provider -d 'The provider, or the path of a catalog' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -s e -l environment -d 'The environment; without it, the one that is marked as production' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l key-type -d 'The type of key; without it, the one that costs least' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l endpoint -d 'An endpoint that must be open, as \'METHOD /path\'; can be given several times' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l recipe -d 'A task of the catalog; can be given several times' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l event -d 'A webhook event to subscribe to; can be given several times' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l log -d 'A log of requests that must go on working; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l key-file -d 'A key file with its needs: what to add, remove and keep' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l format -d 'How to write it' -r -f -a "table\t''
json\t''
yaml\t''
lines\t''"
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l excess -d 'List the reads that come along unasked as well'
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand diff" -s p -l provider -d 'The provider of two sets' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l key-type -d 'The type of key of two sets' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l base -d 'Compare the files of the working folder with what they were at a git revision' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l from -d 'The environment to compare with; without it, the first of the key' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l to -d 'The environment to compare; without it, every other one' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l keys -d 'Key files and folders that another edition of a catalog may affect' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l fail-on -d 'When to end with status 1' -r -f -a "wider\t'An endpoint, an event or a scope is gained'
gained-endpoint\t'An endpoint is gained'
gained-write\t'An endpoint that writes is gained, or a scope that writes whose endpoints are not known'
narrower\t'An endpoint, an event or a scope is lost'
any\t'Anything changed'
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l format -d 'How to write it' -r -f -a "table\t''
json\t''
markdown\t''"
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand diff" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand diff" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand import" -s o -l output -d 'The file to write; its extension, .yaml or .json, says how' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand import" -l format -d 'How to write to standard output' -r -f -a "yaml\t''
json\t''"
complete -c scopes -n "__fish_scopes_using_subcommand import" -l provider -d 'The provider\'s name in the catalog; without it, the document\'s title' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l array -d 'How to read an array of scopes: all of them, or any one of them' -r -f -a "all\t''
any\t''"
complete -c scopes -n "__fish_scopes_using_subcommand import" -l scope-pattern -d 'Finds scopes in the descriptions of operations: the first group of the pattern, or all it matches' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l extension -d 'An extension of operations that names scopes, as x-required-scopes; can be given several times' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l tag -d 'Only operations with this tag; can be given several times' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l merge -d 'A catalog whose hand-written parts are kept: risk, notes, recipes, examples, allowances' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand import" -l today -d 'The day to note as that of the import, in place of today\'s' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand import" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand import" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand import" -l no-summaries -d 'Leave the summaries of operations and scopes out'
complete -c scopes -n "__fish_scopes_using_subcommand import" -l check -d 'Write nothing; status 1 where the catalog is out of step'
complete -c scopes -n "__fish_scopes_using_subcommand import" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand import" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_using_subcommand import" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l format -d 'How to write it' -r -f -a "text\t''
json\t''
markdown\t''"
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand rule" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand rule" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand rule" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand completions" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand completions" -l width -d 'Lay out as on a terminal of this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand completions" -l catalog -d 'A catalog of yours beside the built-in ones; can be given several times' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand completions" -l config -d 'The configuration, in place of the `scopes.toml` found upwards from here' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand completions" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand completions" -s v -l verbose -d 'Say more: all of a list, and which configuration counts'
complete -c scopes -n "__fish_scopes_using_subcommand completions" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "list" -d 'The catalogs at hand'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "show" -d 'A catalog, readable'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "expand" -d 'Bundles, wildcards and implied scopes into scopes'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "explain" -d 'What a set opens, what an endpoint needs, may this call that'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "check" -d 'Check proposed keys against the least that their job needs'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "lint" -d 'Check catalogs for contradictions and gaps, and run their examples'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "recommend" -d 'The least scopes for some endpoints, with the proof'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "diff" -d 'What changed, in endpoints: environments, keys, sets, editions, a git revision'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "import" -d 'A catalog from an OpenAPI, Discovery or Graph document'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "rule" -d 'The rules, or the page of one'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "completions" -d 'A script that completes commands in a shell'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
