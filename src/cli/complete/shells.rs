//! The shells: what each is given to ask for completions, and how it takes the answer.

use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::path::Path;

use clap::ValueEnum;
use clap_complete::env::{Elvish, EnvCompleter, Powershell};

use super::candidates::Candidate;
use super::words::{Line, escaped};

/// A shell that completes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Shell {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    Power,
    Zsh,
}

/// What bash runs. Bash begins a new word for completion at a `:`, which names of scopes have; the whole line is handed over,
/// so that nobody has to change that for the session.
const BASH: &str = r#"_scopes() {
    local candidate
    COMPREPLY=()
    while IFS= read -r candidate; do
        COMPREPLY+=("$candidate")
    done < <(COMPLETE=bash _SCOPES_LINE="${COMP_LINE:0:COMP_POINT}" _SCOPES_BREAKS="$COMP_WORDBREAKS" scopes -- 2>/dev/null)
}
complete -o nospace -F _scopes scopes
"#;

/// What zsh runs, from a folder of `fpath` or sourced.
const ZSH: &str = r#"#compdef scopes
_scopes() {
    local line value
    local -a lines whole whole_shown part part_shown
    lines=("${(@f)$(COMPLETE=zsh scopes -- "${(@)words[1,CURRENT]}" 2>/dev/null)}")
    for line in $lines; do
        value=${line%%$'\t'*}
        if [[ $value == *[/=] ]]; then
            part+=("$value")
            part_shown+=("${line#*$'\t'}")
        elif [[ -n $value ]]; then
            whole+=("$value")
            whole_shown+=("${line#*$'\t'}")
        fi
    done
    (( $#part )) && compadd -l -S '' -d part_shown -a part
    (( $#whole )) && compadd -l -d whole_shown -a whole
    (( $#part + $#whole ))
}
if [[ $funcstack[1] == _scopes ]]; then
    _scopes "$@"
else
    compdef _scopes scopes
fi
"#;

const FISH: &str = r#"complete --command scopes --no-files --keep-order --arguments "(COMPLETE=fish scopes -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token --cut-at-cursor) 2>/dev/null)"
"#;

/// What a shell is given once, to ask for completions from then on. It names no path.
pub(in crate::cli) fn registration(shell: Shell) -> String {
    match shell {
        Shell::Bash => BASH.to_owned(),
        Shell::Zsh => ZSH.to_owned(),
        Shell::Fish => FISH.to_owned(),
        Shell::Elvish => of_engine(&Elvish),
        Shell::Power => of_engine(&Powershell),
    }
}

fn of_engine(shell: &dyn EnvCompleter) -> String {
    let mut script = Vec::new();
    // Writing into memory does not fail.
    let _ = shell.write_registration("COMPLETE", "scopes", "scopes", "scopes", &mut script);
    let script = String::from_utf8_lossy(&script);
    format!("{}\n", script.trim())
}

impl Shell {
    /// The shell that `COMPLETE` names, perhaps by a path.
    pub(super) fn called(name: &OsStr) -> Option<Self> {
        let name = Path::new(name).file_stem()?.to_str()?;
        Self::from_str(name, true).ok()
    }

    /// The command line that it has, given the words behind `--`.
    pub(super) fn line(self, words: &[OsString]) -> Line {
        let words = words.iter().map(|word| word.to_string_lossy());
        match self {
            Self::Bash => {
                let text = |name: &str| std::env::var(name).unwrap_or_default();
                Line::of_text(&text("_SCOPES_LINE"), &text("_SCOPES_BREAKS"))
            }
            Self::Zsh | Self::Fish | Self::Power | Self::Elvish => Line::of_words(words),
        }
    }

    /// Candidates as it reads them.
    pub(super) fn written(self, line: &Line, candidates: &[Candidate]) -> String {
        let mut text = String::new();
        for one in candidates {
            let (value, help) = (&one.value, one.shown_help());
            match self {
                Self::Bash => {
                    let rest = value.get(line.kept..).unwrap_or(value);
                    let Some(mut word) = escaped(rest, line.quote) else {
                        continue;
                    };
                    // What is complete is closed with a space; in quotes bash closes those.
                    if line.quote.is_none() && !value.ends_with(['/', '=']) {
                        word.push(' ');
                    }
                    let _ = writeln!(text, "{word}");
                }
                Self::Zsh if help.is_empty() => {
                    let _ = writeln!(text, "{value}\t{value}");
                }
                Self::Zsh => {
                    let _ = writeln!(text, "{value}\t{value}  -- {help}");
                }
                Self::Elvish => {
                    let _ = writeln!(text, "{value}");
                }
                Self::Fish | Self::Power if help.is_empty() => {
                    let _ = writeln!(text, "{value}");
                }
                Self::Fish | Self::Power => {
                    let _ = writeln!(text, "{value}\t{help}");
                }
            }
        }
        text
    }
}
