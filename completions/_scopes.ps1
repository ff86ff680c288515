
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'The catalogs at hand')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'A catalog, readable')
            [CompletionResult]::new('expand', 'expand', [CompletionResultType]::ParameterValue, 'Bundles, wildcards and implied scopes into scopes')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'What a set opens, what an endpoint needs, may this call that')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check proposed keys against the least that their job needs')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check catalogs for contradictions and gaps, and run their examples')
            [CompletionResult]::new('recommend', 'recommend', [CompletionResultType]::ParameterValue, 'The least scopes for some endpoints, with the proof')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'What changed, in endpoints: environments, keys, sets, editions, a git revision')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'A catalog from an OpenAPI, Discovery or Graph document')
            [CompletionResult]::new('rule', 'rule', [CompletionResultType]::ParameterValue, 'The rules, or the page of one')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'A script that completes commands in a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'scopes;list' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;expand' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;explain' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'The type of key to answer for; without it, every type')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'A proposed key, in place of scopes')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment to answer for')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'The environment to answer for')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;check' {
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'A key file; can be given several times')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Judge this environment of the keys alone')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Judge this environment of the keys alone')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'A log of requests that count as needs beside the declared ones; can be given several times')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The name to give standard input; its extension says how it is written')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Look at so many files at once [default: as many as there are processors]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Look at so many files at once [default: as many as there are processors]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write it')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The level from which on findings make the status 1 [default: warning]')
            [CompletionResult]::new('--level', '--level', [CompletionResultType]::ParameterName, 'The level of a rule: off, note, warning, error, or forbid, which no `allow` accepts')
            [CompletionResult]::new('--today', '--today', [CompletionResultType]::ParameterName, 'The day to judge by, in place of today''s')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Accept the findings that this file holds')
            [CompletionResult]::new('--write-baseline', '--write-baseline', [CompletionResultType]::ParameterName, 'Write all findings to a baseline, which accepts them from then on [default file: scopes-baseline.json]')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why the findings of the baseline are accepted')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'The last day on which the findings of the baseline are accepted')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('--statistics', '--statistics', [CompletionResultType]::ParameterName, 'Count the findings of each rule instead of showing them')
            [CompletionResult]::new('--show-files', '--show-files', [CompletionResultType]::ParameterName, 'List the files that are looked at, and those that are passed over with the reason, and check none')
            [CompletionResult]::new('--no-allow', '--no-allow', [CompletionResultType]::ParameterName, 'Show what the files accept under `allow` as well')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Fix what can be fixed without opening anything that was not open or needed, and without taking anything needed')
            [CompletionResult]::new('--unsafe-fixes', '--unsafe-fixes', [CompletionResultType]::ParameterName, 'Fix what needs a look as well: what adds a grant, or takes one that may be needed')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Show what `--fix` would change, and change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;lint' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write it')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The level from which on findings make the status 1 [default: warning]')
            [CompletionResult]::new('--level', '--level', [CompletionResultType]::ParameterName, 'The level of a rule: off, note, warning, error, or forbid, which no `allow` accepts')
            [CompletionResult]::new('--today', '--today', [CompletionResultType]::ParameterName, 'The day to judge by, in place of today''s')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Accept the findings that this file holds')
            [CompletionResult]::new('--write-baseline', '--write-baseline', [CompletionResultType]::ParameterName, 'Write all findings to a baseline, which accepts them from then on [default file: scopes-baseline.json]')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why the findings of the baseline are accepted')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'The last day on which the findings of the baseline are accepted')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('--statistics', '--statistics', [CompletionResultType]::ParameterName, 'Count the findings of each rule instead of showing them')
            [CompletionResult]::new('--show-files', '--show-files', [CompletionResultType]::ParameterName, 'List the files that are looked at, and those that are passed over with the reason, and check none')
            [CompletionResult]::new('--no-allow', '--no-allow', [CompletionResultType]::ParameterName, 'Show what the files accept under `allow` as well')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;recommend' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, or the path of a catalog')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment; without it, the one that is marked as production')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'The environment; without it, the one that is marked as production')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'The type of key; without it, the one that costs least')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'An endpoint that must be open, as ''METHOD /path''; can be given several times')
            [CompletionResult]::new('--recipe', '--recipe', [CompletionResultType]::ParameterName, 'A task of the catalog; can be given several times')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'A webhook event to subscribe to; can be given several times')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'A log of requests that must go on working; can be given several times')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'A key file with its needs: what to add, remove and keep')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('--excess', '--excess', [CompletionResultType]::ParameterName, 'List the reads that come along unasked as well')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;diff' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider of two sets')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider of two sets')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'The type of key of two sets')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'Compare the files of the working folder with what they were at a git revision')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'The environment to compare with; without it, the first of the key')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The environment to compare; without it, every other one')
            [CompletionResult]::new('--keys', '--keys', [CompletionResultType]::ParameterName, 'Key files and folders that another edition of a catalog may affect')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'When to end with status 1')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;import' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The file to write; its extension, .yaml or .json, says how')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The file to write; its extension, .yaml or .json, says how')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write to standard output')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider''s name in the catalog; without it, the document''s title')
            [CompletionResult]::new('--array', '--array', [CompletionResultType]::ParameterName, 'How to read an array of scopes: all of them, or any one of them')
            [CompletionResult]::new('--scope-pattern', '--scope-pattern', [CompletionResultType]::ParameterName, 'Finds scopes in the descriptions of operations: the first group of the pattern, or all it matches')
            [CompletionResult]::new('--extension', '--extension', [CompletionResultType]::ParameterName, 'An extension of operations that names scopes, as x-required-scopes; can be given several times')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Only operations with this tag; can be given several times')
            [CompletionResult]::new('--merge', '--merge', [CompletionResultType]::ParameterName, 'A catalog whose hand-written parts are kept: risk, notes, recipes, examples, allowances')
            [CompletionResult]::new('--today', '--today', [CompletionResultType]::ParameterName, 'The day to note as that of the import, in place of today''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('--no-summaries', '--no-summaries', [CompletionResultType]::ParameterName, 'Leave the summaries of operations and scopes out')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Write nothing; status 1 where the catalog is out of step')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;rule' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Lay out as on a terminal of this many columns')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'A catalog of yours beside the built-in ones; can be given several times')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration, in place of the `scopes.toml` found upwards from here')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Hide notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: all of a list, and which configuration counts')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore scopes.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'scopes;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'The catalogs at hand')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'A catalog, readable')
            [CompletionResult]::new('expand', 'expand', [CompletionResultType]::ParameterValue, 'Bundles, wildcards and implied scopes into scopes')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'What a set opens, what an endpoint needs, may this call that')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check proposed keys against the least that their job needs')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check catalogs for contradictions and gaps, and run their examples')
            [CompletionResult]::new('recommend', 'recommend', [CompletionResultType]::ParameterValue, 'The least scopes for some endpoints, with the proof')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'What changed, in endpoints: environments, keys, sets, editions, a git revision')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'A catalog from an OpenAPI, Discovery or Graph document')
            [CompletionResult]::new('rule', 'rule', [CompletionResultType]::ParameterValue, 'The rules, or the page of one')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'A script that completes commands in a shell')
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
