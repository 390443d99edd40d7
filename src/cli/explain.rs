//! `eclosion explain`.

use super::{Exit, output};
use crate::diagnostic::{near_miss, page, pages};
use clap::Args;
use std::fmt::Write;

/// Arguments of `eclosion explain`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Number of the problem, such as S0101; without it all numbers are listed
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

/// Prints the page of a number, or the list of all numbers.
pub fn run(arguments: &Arguments) -> Exit {
    let Some(code) = &arguments.code else { return output::result(&list()) };
    match page(code) {
        Some(page) => output::page(&format!("{}: {}\n\n{}\n", page.code, page.title, page.text.trim())),
        None => {
            let code = code.to_ascii_uppercase();
            let help = match near_miss(&code, pages().map(|p| p.code)) {
                Some(near) => format!("did you mean {near}?"),
                None => "`eclosion explain` without a number lists them all".to_owned(),
            };
            output::error(&format!("there is no page {code}; {help}"));
            Exit::Usage
        }
    }
}

fn list() -> String {
    let mut text = String::new();
    for page in pages() {
        let _ = writeln!(text, "{}  {}", page.code, page.title);
    }
    text
}
