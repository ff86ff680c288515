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

complete -c scopes -n "__fish_scopes_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_needs_command" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_needs_command" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_needs_command" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_needs_command" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_needs_command" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_needs_command" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_needs_command" -s V -l version -d 'Print version'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "list" -d 'List the available catalogs'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "show" -d 'Show a catalog, or a part of it'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "expand" -d 'Expand bundles, wildcards and implied scopes into scopes'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "explain" -d 'Explain what scopes unlock, and what an endpoint needs'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "check" -d 'Check key files for least privilege'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "lint" -d 'Check catalogs for contradictions and gaps, and run their examples'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "recommend" -d 'Recommend the smallest set of scopes for a job'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "diff" -d 'Compare keys, environments, catalogs or git revisions'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "import" -d 'Import a catalog from OpenAPI, Google Discovery or Graph'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "rule" -d 'List the rules, or explain one'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c scopes -n "__fish_scopes_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c scopes -n "__fish_scopes_using_subcommand list" -l format -d 'Output format' -r -f -a "table\t''
json\t''"
complete -c scopes -n "__fish_scopes_using_subcommand list" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand list" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand list" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand list" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand list" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand list" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_using_subcommand list" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand show" -l format -d 'Output format' -r -f -a "table\t''
json\t''
markdown\t''"
complete -c scopes -n "__fish_scopes_using_subcommand show" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand show" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand show" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand show" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand show" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand show" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_using_subcommand show" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand expand" -s p -l provider -d 'The provider, or the path of a catalog' -r
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l format -d 'Output format' -r -f -a "table\t''
json\t''
lines\t''"
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand expand" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand expand" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_using_subcommand expand" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand expand" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand explain" -s p -l provider -d 'The provider, or the path of a catalog' -r
complete -c scopes -n "__fish_scopes_using_subcommand explain" -s e -l environment -d 'The environment to answer for' -r
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l key-type -d 'The type of key to answer for; without it, any' -r
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l key-file -d 'Explain a key file instead of scopes' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l format -d 'Output format' -r -f -a "table\t''
json\t''
markdown\t''"
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand explain" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand explain" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_using_subcommand explain" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l key-file -d 'A key file; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -s e -l environment -d 'Show only this environment of the keys' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l log -d 'Count the requests in this log as needs too; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -l stdin-filename -d 'A name for standard input; its extension tells the format' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -s j -l jobs -d 'How many files to check in parallel [default: the number of processors]' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l format -d 'Output format' -r -f -a "text\t'Code frames'
short\t'A line for each finding'
json\t''
sarif\t'SARIF 2.1.0, for code scanning'
github\t'Annotations of GitHub Actions, and the summary of the job'
gitlab\t'A Code Quality report'
markdown\t'A comment on a pull request'"
complete -c scopes -n "__fish_scopes_using_subcommand check" -l fail-on -d 'The lowest level that makes the exit status 1 [default: warning]' -r -f -a "error\t''
warning\t''
note\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand check" -l level -d 'Set the level of a rule: off, note, warning, error, or forbid, which no `allow` can accept' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l today -d 'Check as of this date, instead of today' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l baseline -d 'Accept the findings recorded in this file' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -l write-baseline -d 'Record all findings in a baseline, which accepts them from then on [default file: scopes-baseline.json]' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -l reason -d 'Why the findings in the baseline are accepted' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l until -d 'The last day on which the findings in the baseline are accepted' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand check" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand check" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand check" -l statistics -d 'Count the findings per rule instead of showing them'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l show-files -d 'List the files that would be checked, and those that are skipped with the reason; check none'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l no-allow -d 'Also show what the files accept under `allow`'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l fix -d 'Apply safe fixes: they open nothing new but what is needed, and remove nothing needed'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l unsafe-fixes -d 'Also apply fixes that need a review: they add a grant, or remove one that may be needed'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l diff -d 'Show what `--fix` would change, and change nothing'
complete -c scopes -n "__fish_scopes_using_subcommand check" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand check" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_using_subcommand check" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l format -d 'Output format' -r -f -a "text\t'Code frames'
short\t'A line for each finding'
json\t''
sarif\t'SARIF 2.1.0, for code scanning'
github\t'Annotations of GitHub Actions, and the summary of the job'
gitlab\t'A Code Quality report'
markdown\t'A comment on a pull request'"
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l fail-on -d 'The lowest level that makes the exit status 1 [default: warning]' -r -f -a "error\t''
warning\t''
note\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l level -d 'Set the level of a rule: off, note, warning, error, or forbid, which no `allow` can accept' -r
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l today -d 'Check as of this date, instead of today' -r
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l baseline -d 'Accept the findings recorded in this file' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l write-baseline -d 'Record all findings in a baseline, which accepts them from then on [default file: scopes-baseline.json]' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l reason -d 'Why the findings in the baseline are accepted' -r
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l until -d 'The last day on which the findings in the baseline are accepted' -r
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l statistics -d 'Count the findings per rule instead of showing them'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l show-files -d 'List the files that would be checked, and those that are skipped with the reason; check none'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l no-allow -d 'Also show what the files accept under `allow`'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -s p -l provider -d 'The provider, or the path of a catalog' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -s e -l environment -d 'The environment to answer for' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l key-type -d 'The type of key to answer for; without it, any' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l endpoint -d 'An endpoint that the key must call, as \'METHOD /path\'; can be repeated' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l recipe -d 'A recipe of the catalog; can be repeated' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l event -d 'A webhook event to subscribe to; can be repeated' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l log -d 'A log of requests that must keep working; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l key-file -d 'A key file: what to add, remove and keep' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l format -d 'Output format' -r -f -a "table\t''
json\t''
yaml\t''
lines\t''"
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l excess -d 'Also list reads that are opened but not needed'
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand recommend" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand diff" -s p -l provider -d 'The provider, or the path of a catalog' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -s e -l environment -d 'The environment to answer for' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l key-type -d 'The type of key to answer for; without it, any' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l base -d 'Compare the files in the working tree with a git revision' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l from -d 'The environment to compare against [default: the first of the key]' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l to -d 'The environment to compare [default: every other one]' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l keys -d 'Key files and folders to check for effects of a changed catalog' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l fail-on -d 'The change that makes the exit status 1' -r -f -a "wider\t'An endpoint, an event or a scope was gained'
gained-endpoint\t'An endpoint was gained'
gained-write\t'An endpoint that writes was gained, or a write scope whose endpoints are not known'
narrower\t'An endpoint, an event or a scope was lost'
any\t'Anything changed'
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l format -d 'Output format' -r -f -a "table\t''
json\t''
markdown\t''"
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand diff" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand diff" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_using_subcommand diff" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand import" -s o -l output -d 'The file to write, as .yaml or .json' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand import" -l format -d 'Output format on standard output' -r -f -a "yaml\t''
json\t''"
complete -c scopes -n "__fish_scopes_using_subcommand import" -l provider -d 'The provider\'s name in the catalog [default: the document\'s title]' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l array -d 'Whether an operation needs all scopes of an array, or any one of them' -r -f -a "all\t''
any\t''"
complete -c scopes -n "__fish_scopes_using_subcommand import" -l scope-pattern -d 'Find scopes in the descriptions of operations: the first group of this pattern, or the whole match' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l extension -d 'An extension field of operations that names scopes, like x-required-scopes; can be repeated' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l tag -d 'Only import operations with this tag; can be repeated' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l merge -d 'Keep the hand-written parts of this catalog: risk, notes, recipes, examples, allowances' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand import" -l today -d 'The date of the import, instead of today' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand import" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand import" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand import" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand import" -l no-summaries -d 'Leave out the summaries of operations and scopes'
complete -c scopes -n "__fish_scopes_using_subcommand import" -l check -d 'Write nothing; exit with status 1 if the catalog is out of date'
complete -c scopes -n "__fish_scopes_using_subcommand import" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand import" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_using_subcommand import" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l format -d 'Output format' -r -f -a "text\t''
json\t''
markdown\t''"
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand rule" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand rule" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_using_subcommand rule" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand rule" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t'Only on a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c scopes -n "__fish_scopes_using_subcommand completions" -l width -d 'Lay out for this many columns' -r
complete -c scopes -n "__fish_scopes_using_subcommand completions" -l catalog -d 'A catalog to use besides the built-in ones; can be repeated' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand completions" -l config -d 'Use this configuration instead of searching for scopes.toml' -r -F
complete -c scopes -n "__fish_scopes_using_subcommand completions" -s q -l quiet -d 'Hide notes'
complete -c scopes -n "__fish_scopes_using_subcommand completions" -s v -l verbose -d 'Show whole lists, and which configuration is used'
complete -c scopes -n "__fish_scopes_using_subcommand completions" -l no-config -d 'Ignore scopes.toml'
complete -c scopes -n "__fish_scopes_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "list" -d 'List the available catalogs'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "show" -d 'Show a catalog, or a part of it'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "expand" -d 'Expand bundles, wildcards and implied scopes into scopes'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "explain" -d 'Explain what scopes unlock, and what an endpoint needs'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "check" -d 'Check key files for least privilege'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "lint" -d 'Check catalogs for contradictions and gaps, and run their examples'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "recommend" -d 'Recommend the smallest set of scopes for a job'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "diff" -d 'Compare keys, environments, catalogs or git revisions'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "import" -d 'Import a catalog from OpenAPI, Google Discovery or Graph'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "rule" -d 'List the rules, or explain one'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c scopes -n "__fish_scopes_using_subcommand help; and not __fish_seen_subcommand_from list show expand explain check lint recommend diff import rule completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
