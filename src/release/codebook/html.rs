//! `codebook.html`: one file that needs nothing else, in a browser, with a screen reader and on paper.

use super::words::{escaped, kind, missing, rounded, summary};
use super::{Codebook, TableEntry};
use crate::release::product::MISSING_WORDS;
use std::fmt::Write as _;

const STYLE: &str = "\
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --line: #767676; --head: #f0f0f0; --link: #0b4f9e }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ededed; --paper: #181818; --line: #8c8c8c; --head: #2a2a2a; --link: #9cc7ff }
}
body { margin: 0 auto; max-width: 75rem; padding: 1.5rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper) }
a { color: var(--link) }
h1 { font-size: 1.7rem; line-height: 1.25 }
h2 { margin-top: 2.5rem; font-size: 1.3rem }
.note { border: 2px solid; padding: .5rem .9rem; font-weight: 600 }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
caption { text-align: left; padding-bottom: .5rem }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top }
thead th { background: var(--head) }
td.n { text-align: right; font-variant-numeric: tabular-nums }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere }
th code { overflow-wrap: normal; white-space: nowrap }
td.label { min-width: 12rem }
@media print {
  body { max-width: none; padding: 0; font-size: 9pt; color: #000; background: #fff }
  nav { display: none }
  .wide { overflow: visible }
  thead { display: table-header-group }
  tr { break-inside: avoid }
}
";

pub(super) fn text(codebook: &Codebook<'_>) -> String {
    let about = codebook.about;
    let title = escaped(&about.title.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta name=\"description\" content=\"synthetic: no real \
         person\">\n<title>Codebook: {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Codebook: \
         {title}</h1>\n<p class=\"note\">Synthetic: no real person.</p>\n<p>{}</p>\n",
        escaped(about.aims.trim())
    );
    contents(&mut html, codebook);
    for table in &codebook.tables {
        columns(&mut html, table, codebook);
    }
    wave_map(&mut html, codebook);
    if codebook.missing_reasons {
        words(&mut html);
    }
    assumptions(&mut html, codebook);
    let _ = writeln!(
        html,
        "<p><small>eclosion {}, seed {}, scenario with SHA-256 <code>{}</code></small></p>\n</main>\n</body>\n</html>",
        escaped(&about.stamp.version),
        about.stamp.seed,
        escaped(&about.stamp.scenario_hash)
    );
    html
}

fn contents(html: &mut String, codebook: &Codebook<'_>) {
    html.push_str("<nav aria-label=\"Tables\">\n<ul>\n");
    for table in &codebook.tables {
        let _ = writeln!(html, "<li><a href=\"#{0}\">{0}</a>: {1}</li>", table.name, escaped(table.about));
    }
    if !codebook.wave_map.items.is_empty() {
        html.push_str("<li><a href=\"#waves\">answers by wave</a></li>\n");
    }
    html.push_str("</ul>\n</nav>\n");
}

fn head(html: &mut String, names: &[String]) {
    html.push_str("<thead><tr>");
    for name in names {
        let _ = write!(html, "<th scope=\"col\">{}</th>", escaped(name));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
}

fn columns(html: &mut String, table: &TableEntry, codebook: &Codebook<'_>) {
    let files: Vec<String> = table.files.iter().map(|file| format!("<code>{}</code>", escaped(file))).collect();
    let _ = writeln!(
        html,
        "<h2 id=\"{0}\">{0}</h2>\n<div class=\"wide\" role=\"region\" aria-label=\"Columns of {0}\" tabindex=\"0\">\n<table>\n<caption>{1}; \
         {2} rows; {3}</caption>",
        table.name,
        escaped(table.about),
        table.rows,
        files.join(", ")
    );
    head(html, &["column", "label and meaning", "kind", "valid", "missing", "values"].map(str::to_owned));
    for entry in &table.columns {
        let column = &entry.column;
        let mut meaning =
            format!("{}<br><small>{}</small>", escaped(&column.field.label), escaped(&column.field.about));
        if let Some(asked) = entry.asked(codebook.schema) {
            let _ = write!(meaning, "<br><small>{}</small>", escaped(&asked.words(("", ""))));
        }
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\"><code>{}</code></th><td class=\"label\">{meaning}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td>\
             <td>{}</td></tr>",
            escaped(&column.field.name),
            escaped(&kind(entry)),
            entry.tally.valid,
            escaped(&missing(table, entry)),
            escaped(&summary(entry))
        );
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
}

fn wave_map(html: &mut String, codebook: &Codebook<'_>) {
    let map = &codebook.wave_map;
    if map.items.is_empty() {
        return;
    }
    html.push_str(
        "<h2 id=\"waves\">Answers by wave</h2>\n<div class=\"wide\" role=\"region\" aria-label=\"Answers by wave\" \
         tabindex=\"0\">\n<table>\n<caption>number of answers</caption>\n",
    );
    let mut names = vec!["item".to_owned(), "label".to_owned()];
    names.extend(map.years.iter().enumerate().map(|(wave, y)| format!("wave {}, year {}", wave + 1, rounded(*y))));
    head(html, &names);
    for (item, label, counts) in &map.items {
        let _ = write!(html, "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td>", escaped(item), escaped(label));
        for count in counts {
            let _ = write!(html, "<td class=\"n\">{}</td>", super::wave_count(*count));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
}

fn words(html: &mut String) {
    html.push_str(
        "<h2>Why answers are missing</h2>\n<table>\n<caption>words of the columns <code>..._missing</code></caption>\n",
    );
    head(html, &["word", "meaning"].map(str::to_owned));
    for (word, meaning) in MISSING_WORDS {
        let _ = writeln!(html, "<tr><th scope=\"row\"><code>{word}</code></th><td>{}</td></tr>", escaped(meaning));
    }
    html.push_str("</tbody>\n</table>\n");
}

fn assumptions(html: &mut String, codebook: &Codebook<'_>) {
    let assumed = &codebook.about.assumed;
    if assumed.is_empty() {
        return;
    }
    html.push_str("<h2>What is assumed</h2>\n<table>\n<caption>parameters whose values have no source outside the scenario</caption>\n");
    head(html, &["parameter", "value", "meaning"].map(str::to_owned));
    for p in assumed {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\"><code>{}</code></th><td class=\"n\">{}</td><td>{}</td></tr>",
            escaped(&p.name),
            escaped(&p.value),
            escaped(&p.about)
        );
    }
    html.push_str("</tbody>\n</table>\n");
}
