//! The right-hand side of a regression in R's notation: `1`, `name`, `factor(name)`, `a:b`, joined by `+`.

/// One factor of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Factor {
    pub(super) name: String,
    /// Whether it was written `factor(name)`.
    pub(super) as_factor: bool,
}

impl Factor {
    /// As written, without spaces.
    pub(super) fn text(&self) -> String {
        if self.as_factor { format!("factor({})", self.name) } else { self.name.clone() }
    }
}

/// One term: the product of its factors.
pub(super) type Term = Vec<Factor>;

/// Reads the terms, each once; the intercept is always there and `1` adds nothing.
///
/// # Errors
/// What cannot be read, a lower-case fragment.
pub(super) fn parse(text: &str) -> Result<Vec<Term>, String> {
    let mut terms: Vec<Term> = Vec::new();
    if text.contains('~') {
        return Err("write the right-hand side only, without `~`".to_owned());
    }
    if text.contains('*') {
        return Err("write `a + b + a:b` for `a*b`".to_owned());
    }
    for part in text.split('+') {
        let part = part.trim();
        if part == "1" {
            continue;
        }
        let term = part.split(':').map(|f| factor(f.trim(), text)).collect::<Result<Term, String>>()?;
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    Ok(terms)
}

fn factor(text: &str, whole: &str) -> Result<Factor, String> {
    if let Some(inner) = text.strip_prefix("factor").map(str::trim_start).and_then(|t| t.strip_prefix('(')) {
        let name = inner.strip_suffix(')').map(str::trim).ok_or_else(|| format!("`{text}` has no closing `)`"))?;
        return named(name, true, whole);
    }
    named(text, false, whole)
}

fn named(name: &str, as_factor: bool, whole: &str) -> Result<Factor, String> {
    let mut letters = name.chars();
    let first = letters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    if first && letters.all(|c| c.is_alphanumeric() || c == '_' || c == '.') {
        return Ok(Factor { name: name.to_owned(), as_factor });
    }
    match name {
        "" => Err(format!("a term is missing in `{whole}`")),
        "0" | "-1" => Err("the intercept cannot be left out".to_owned()),
        _ => Err(format!("`{name}` is neither `1`, a name, `factor(name)` nor `a:b`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_all_kinds() {
        let terms = parse("1 + age + factor( wave ) + age:factor(g)+age").unwrap();
        let texts: Vec<String> =
            terms.iter().map(|t| t.iter().map(Factor::text).collect::<Vec<_>>().join(":")).collect();
        assert_eq!(texts, ["age", "factor(wave)", "age:factor(g)"]);
        assert_eq!(parse("1").unwrap(), Vec::<Term>::new());
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(parse("y ~ a").unwrap_err(), "write the right-hand side only, without `~`");
        assert_eq!(parse("a*b").unwrap_err(), "write `a + b + a:b` for `a*b`");
        assert_eq!(parse("a + ").unwrap_err(), "a term is missing in `a + `");
        assert_eq!(parse("").unwrap_err(), "a term is missing in ``");
        assert_eq!(parse("0 + a").unwrap_err(), "the intercept cannot be left out");
        assert_eq!(parse("factor(a").unwrap_err(), "`factor(a` has no closing `)`");
        assert!(parse("log(a)").unwrap_err().contains("neither"));
    }
}
