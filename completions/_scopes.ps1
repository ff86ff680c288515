
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'scopes' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'scopes'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'scopes' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the available catalogs')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a catalog, or a part of it')
            [CompletionResult]::new('expand', 'expand', [CompletionResultType]::ParameterValue, 'Expand bundles, wildcards and implied scopes into scopes')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain what scopes unlock, and what an endpoint needs')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check key files for least privilege')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check catalogs for contradictions and gaps, and run their examples')
            [CompletionResult]::new('recommend', 'recommend', [CompletionResultType]::ParameterValue, 'Recommend the smallest set of scopes for a job')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare keys, environments, catalogs or git revisions')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Import a catalog from OpenAPI, Google Discovery or Graph')
            [CompletionResult]::new('rule', 'rule', [CompletionResultType]::ParameterValue, 'List the rules, or explain one')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'scopes;list' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;expand' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;explain' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment to answer for')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'The environment to answer for')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'The type of key to answer for; without it, any')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Explain a key file instead of scopes')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;check' {
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'A key file; can be repeated')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Show only this environment of the keys')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Show only this environment of the keys')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'Count the requests in this log as needs too; can be repeated')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'A name for standard input; its extension tells the format')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'How many files to check in parallel [default: the number of processors]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many files to check in parallel [default: the number of processors]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The lowest level that makes the exit status 1 [default: warning]')
            [CompletionResult]::new('--level', '--level', [CompletionResultType]::ParameterName, 'Set the level of a rule: off, note, warning, error, or forbid, which no `allow` can accept')
            [CompletionResult]::new('--today', '--today', [CompletionResultType]::ParameterName, 'Check as of this date, instead of today')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Accept the findings recorded in this file')
            [CompletionResult]::new('--write-baseline', '--write-baseline', [CompletionResultType]::ParameterName, 'Record all findings in a baseline, which accepts them from then on [default file: scopes-baseline.json]')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why the findings in the baseline are accepted')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'The last day on which the findings in the baseline are accepted')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('--statistics', '--statistics', [CompletionResultType]::ParameterName, 'Count the findings per rule instead of showing them')
            [CompletionResult]::new('--show-files', '--show-files', [CompletionResultType]::ParameterName, 'List the files that would be checked, and those that are skipped with the reason; check none')
            [CompletionResult]::new('--no-allow', '--no-allow', [CompletionResultType]::ParameterName, 'Also show what the files accept under `allow`')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Apply safe fixes: they open nothing new but what is needed, and remove nothing needed')
            [CompletionResult]::new('--unsafe-fixes', '--unsafe-fixes', [CompletionResultType]::ParameterName, 'Also apply fixes that need a review: they add a grant, or remove one that may be needed')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Show what `--fix` would change, and change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;lint' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The lowest level that makes the exit status 1 [default: warning]')
            [CompletionResult]::new('--level', '--level', [CompletionResultType]::ParameterName, 'Set the level of a rule: off, note, warning, error, or forbid, which no `allow` can accept')
            [CompletionResult]::new('--today', '--today', [CompletionResultType]::ParameterName, 'Check as of this date, instead of today')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Accept the findings recorded in this file')
            [CompletionResult]::new('--write-baseline', '--write-baseline', [CompletionResultType]::ParameterName, 'Record all findings in a baseline, which accepts them from then on [default file: scopes-baseline.json]')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why the findings in the baseline are accepted')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'The last day on which the findings in the baseline are accepted')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('--statistics', '--statistics', [CompletionResultType]::ParameterName, 'Count the findings per rule instead of showing them')
            [CompletionResult]::new('--show-files', '--show-files', [CompletionResultType]::ParameterName, 'List the files that would be checked, and those that are skipped with the reason; check none')
            [CompletionResult]::new('--no-allow', '--no-allow', [CompletionResultType]::ParameterName, 'Also show what the files accept under `allow`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;recommend' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment to answer for')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'The environment to answer for')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'The type of key to answer for; without it, any')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'An endpoint that the key must call, as ''METHOD /path''; can be repeated')
            [CompletionResult]::new('--recipe', '--recipe', [CompletionResultType]::ParameterName, 'A recipe of the catalog; can be repeated')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'A webhook event to subscribe to; can be repeated')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'A log of requests that must keep working; can be repeated')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'A key file: what to add, remove and keep')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('--excess', '--excess', [CompletionResultType]::ParameterName, 'Also list reads that are opened but not needed')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;diff' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment to answer for')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'The environment to answer for')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'The type of key to answer for; without it, any')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'Compare the files in the working tree with a git revision')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'The environment to compare against [default: the first of the key]')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The environment to compare [default: every other one]')
            [CompletionResult]::new('--keys', '--keys', [CompletionResultType]::ParameterName, 'Key files and folders to check for effects of a changed catalog')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The change that makes the exit status 1')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;import' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The file to write, as .yaml or .json')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The file to write, as .yaml or .json')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format on standard output')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider''s name in the catalog [default: the document''s title]')
            [CompletionResult]::new('--array', '--array', [CompletionResultType]::ParameterName, 'Whether an operation needs all scopes of an array, or any one of them')
            [CompletionResult]::new('--scope-pattern', '--scope-pattern', [CompletionResultType]::ParameterName, 'Find scopes in the descriptions of operations: the first group of this pattern, or the whole match')
            [CompletionResult]::new('--extension', '--extension', [CompletionResultType]::ParameterName, 'An extension field of operations that names scopes, like x-required-scopes; can be repeated')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Only import operations with this tag; can be repeated')
            [CompletionResult]::new('--merge', '--merge', [CompletionResultType]::ParameterName, 'Keep the hand-written parts of this catalog: risk, notes, recipes, examples, allowances')
            [CompletionResult]::new('--today', '--today', [CompletionResultType]::ParameterName, 'The date of the import, instead of today')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('--no-summaries', '--no-summaries', [CompletionResultType]::ParameterName, 'Leave out the summaries of operations and scopes')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Write nothing; exit with status 1 if the catalog is out of date')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;rule' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out for this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog to use besides the built-in ones; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this configuration instead of searching for scopes.toml')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show whole lists, and which configuration is used')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the available catalogs')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a catalog, or a part of it')
            [CompletionResult]::new('expand', 'expand', [CompletionResultType]::ParameterValue, 'Expand bundles, wildcards and implied scopes into scopes')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain what scopes unlock, and what an endpoint needs')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check key files for least privilege')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check catalogs for contradictions and gaps, and run their examples')
            [CompletionResult]::new('recommend', 'recommend', [CompletionResultType]::ParameterValue, 'Recommend the smallest set of scopes for a job')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare keys, environments, catalogs or git revisions')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Import a catalog from OpenAPI, Google Discovery or Graph')
            [CompletionResult]::new('rule', 'rule', [CompletionResultType]::ParameterValue, 'List the rules, or explain one')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'scopes;help;list' {
            break
        }
        'scopes;help;show' {
            break
        }
        'scopes;help;expand' {
            break
        }
        'scopes;help;explain' {
            break
        }
        'scopes;help;check' {
            break
        }
        'scopes;help;lint' {
            break
        }
        'scopes;help;recommend' {
            break
        }
        'scopes;help;diff' {
            break
        }
        'scopes;help;import' {
            break
        }
        'scopes;help;rule' {
            break
        }
        'scopes;help;completions' {
            break
        }
        'scopes;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
