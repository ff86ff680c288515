//! Questions to a person at a terminal.
//!
//! They go to standard error, so that standard output has the answer alone.

use std::io::{IsTerminal, Write};

use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{FuzzySelect, Input};

use super::files::deferred;
use super::user_error::UserError;
use crate::render::{columns, one_line};

/// Whether somebody can be asked.
pub(super) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks with or without colour.
pub(super) struct Questions {
    theme: Box<dyn Theme>,
}

/// One thing to choose.
pub(super) struct Choice<T> {
    /// What the choice stands for.
    pub(super) value: T,
    /// What is shown, and searched as somebody types.
    pub(super) shown: String,
}

impl Questions {
    pub(super) fn new(has_colour: bool) -> Self {
        Self {
            theme: if has_colour {
                Box::new(ColorfulTheme::default())
            } else {
                Box::new(SimpleTheme)
            },
        }
    }

    /// Lets somebody choose from a list that gets shorter as they type. Fails if they give up.
    pub(super) fn pick<T>(&self, question: &str, choices: Vec<Choice<T>>) -> anyhow::Result<T> {
        // A line that wraps would be counted as one, and what is above the list would be erased.
        let room = terminal_size::terminal_size_of(std::io::stderr())
            .map_or(80, |(width, _)| usize::from(width.0))
            .saturating_sub(4)
            .max(10);
        let shown: Vec<String> = choices
            .iter()
            .map(|choice| cut(&one_line(&choice.shown), room))
            .collect();
        let list = FuzzySelect::with_theme(&*self.theme)
            .with_prompt(question)
            .items(&shown)
            .default(0)
            .max_length(10)
            .highlight_matches(false);
        let picked = deferred(|| {
            let picked = list.interact_opt();
            if picked.is_err() {
                // The list hides it while it is open. That a terminal is gone is no error of ours.
                let _ = write!(std::io::stderr(), "{SHOW_CURSOR}");
            }
            picked
        });
        let picked = picked.map_err(|_| given_up())?;
        let index = picked.ok_or_else(given_up)?;
        let mut choices = choices.into_iter();
        Ok(choices.nth(index).ok_or_else(given_up)?.value)
    }

    /// Asks for a line of text; an empty one is the default, if there is one.
    pub(super) fn line(&self, question: &str, default: Option<&str>) -> anyhow::Result<String> {
        let mut input = Input::<String>::with_theme(&*self.theme)
            .with_prompt(question)
            .allow_empty(default.is_none());
        if let Some(default) = default {
            input = input.default(default.to_owned());
        }
        let line = input.interact_text().map_err(|_| given_up())?;
        Ok(line.trim().to_owned())
    }
}

/// What makes the cursor of a terminal visible.
const SHOW_CURSOR: &str = "\x1b[?25h";

/// A text that is at most so wide.
fn cut(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let ends = text.char_indices().map(|(at, _)| &text[..at]);
    let beginning = ends.take_while(|part| columns(part) < room).last();
    format!("{}…", beginning.unwrap_or_default())
}

fn given_up() -> UserError {
    UserError::new("nothing was written, because a question was not answered")
        .help("give the answers as options: scopes init --help")
}
