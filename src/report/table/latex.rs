//! The table as LaTeX with the rules of the package booktabs.

use super::view::View;
use super::wide::{EMPTY, Look, Wide, caption, is_empty, wide};
use crate::tables::StudyResult;
use std::fmt::Write;

/// A `table` for each group, with a caption. It needs `\usepackage{booktabs}`.
#[must_use]
pub fn latex(result: &StudyResult, view: &View, digits: Option<u8>) -> String {
    let (tables, _) = wide(result, view, Look { digits, marked: false });
    let mut text = String::from("% \\usepackage{booktabs}\n");
    if is_empty(&tables) {
        let _ = writeln!(text, "% {EMPTY}");
        return text;
    }
    for table in &tables {
        one(&mut text, table, result);
    }
    text
}

fn one(text: &mut String, table: &Wide, result: &StudyResult) {
    if let Some((name, value)) = &table.heading {
        let _ = writeln!(text, "\n% {}: {}", one_line(name), one_line(value));
    }
    let columns: String = (0..table.columns.len()).map(|k| if k < table.names { 'l' } else { 'r' }).collect();
    let _ = writeln!(text, "\\begin{{table}}\n\\centering");
    let _ = writeln!(text, "\\caption{{{}}}", escaped(&caption(result, table.heading.as_ref())));
    let _ = writeln!(text, "\\begin{{tabular}}{{{columns}}}\n\\toprule");
    let head: Vec<String> = table.columns.iter().map(|column| escaped(column)).collect();
    let _ = writeln!(text, "{} \\\\\n\\midrule", head.join(" & "));
    for row in &table.rows {
        let cells = row.iter().enumerate().map(|(k, cell)| if k < table.names { escaped(cell) } else { number(cell) });
        let _ = writeln!(text, "{} \\\\", cells.collect::<Vec<_>>().join(" & "));
    }
    let _ = writeln!(text, "\\bottomrule\n\\end{{tabular}}\n\\end{{table}}");
}

/// A number with a minus rather than a hyphen; a dash for what is undefined.
fn number(cell: &str) -> String {
    match cell.strip_prefix('-') {
        Some("") => "--".to_owned(),
        Some(rest) => format!("$-${}", escaped(rest)),
        None => escaped(cell),
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// A text whose characters mean nothing but themselves, on one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            '\\' => out.push_str("\\textbackslash{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escaped, number};

    #[test]
    fn characters_stand_for_themselves() {
        assert_eq!(escaped("complete_case & 5 % {x} #1 $2"), r"complete\_case \& 5 \% \{x\} \#1 \$2");
        assert_eq!(
            escaped("a\\b^c~d<e>f|g\nh"),
            r"a\textbackslash{}b\textasciicircum{}c\textasciitilde{}d\textless{}e\textgreater{}f\textbar{}g h"
        );
    }

    #[test]
    fn numbers_have_a_minus() {
        assert_eq!([number("-0.03 (0.01)"), number("-"), number("1.5")], ["$-$0.03 (0.01)", "--", "1.5"]);
    }
}
