//! Rust source as a list of words and signs: comments, texts and tests left out.

/// A word or a sign with its line, counted from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

/// The tokens of a source text without comments, the contents of texts, and items under `#[cfg(test)]`.
pub fn tokens(source: &str) -> Vec<Token> {
    without_tests(&all_tokens(source))
}

fn all_tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let mut line = 1;
    let mut i = 0;
    while i < chars.len() {
        let end = match chars[i] {
            '/' if chars.get(i + 1) == Some(&'/') => until_line_end(&chars, i),
            '/' if chars.get(i + 1) == Some(&'*') => after_block_comment(&chars, i),
            '"' => after_text(&chars, i + 1),
            '\'' => after_quote(&chars, i),
            c if c.is_alphanumeric() || c == '_' => {
                let end = (i..chars.len()).find(|k| !is_word(chars[*k])).unwrap_or(chars.len());
                match raw_text_after_prefix(&chars, i, end) {
                    Some(after) => after,
                    None => {
                        found.push(Token { text: chars[i..end].iter().collect(), line });
                        end
                    }
                }
            }
            c => {
                if !c.is_whitespace() {
                    found.push(Token { text: c.to_string(), line });
                }
                i + 1
            }
        };
        line += chars[i..end].iter().filter(|c| **c == '\n').count();
        i = end;
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn until_line_end(chars: &[char], from: usize) -> usize {
    (from..chars.len()).find(|k| chars[*k] == '\n').unwrap_or(chars.len())
}

fn after_block_comment(chars: &[char], from: usize) -> usize {
    let mut depth = 0;
    let mut i = from;
    while i + 1 < chars.len() {
        match (chars[i], chars[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

/// After the closing quote of a text whose contents start at `from`.
fn after_text(chars: &[char], from: usize) -> usize {
    let mut i = from;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

/// After a character such as `'x'`; after the quote only where it begins a lifetime.
fn after_quote(chars: &[char], from: usize) -> usize {
    match (chars.get(from + 1), chars.get(from + 2)) {
        (Some('\\'), _) => (from + 3..chars.len()).find(|k| chars[*k] == '\'').map_or(chars.len(), |k| k + 1),
        (Some(_), Some('\'')) => from + 3,
        _ => from + 1,
    }
}

/// For `r"..."`, `r#"..."#`, `b"..."` and the like: after the text, if the word at `from..end` is such a prefix.
fn raw_text_after_prefix(chars: &[char], from: usize, end: usize) -> Option<usize> {
    let prefix: String = chars[from..end].iter().collect();
    let hashes = (end..chars.len()).take_while(|k| chars[*k] == '#').count();
    if chars.get(end + hashes) != Some(&'"') {
        return None;
    }
    match (prefix.as_str(), hashes) {
        ("b" | "c", 0) => Some(after_text(chars, end + 1)),
        ("r" | "br" | "cr", _) => {
            let closed = |k: usize| chars[k] == '"' && (1..=hashes).all(|h| chars.get(k + h) == Some(&'#'));
            let start = end + hashes + 1;
            Some((start..chars.len()).find(|k| closed(*k)).map_or(chars.len(), |k| k + 1 + hashes))
        }
        _ => None,
    }
}

/// Leaves out every item under an attribute `#[cfg(test)]` or `#[test]`.
fn without_tests(all: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut i = 0;
    while i < all.len() {
        if all[i].text == "#" && all.get(i + 1).is_some_and(|t| t.text == "[") {
            let end = after_brackets(all, i + 1);
            let words: Vec<&str> = all[i + 2..end - 1].iter().map(|t| t.text.as_str()).collect();
            let is_test = words == ["test"]
                || (words.first() == Some(&"cfg") && words.contains(&"test") && !words.contains(&"not"));
            if is_test {
                i = after_item(all, end);
                continue;
            }
        }
        kept.push(all[i].clone());
        i += 1;
    }
    kept
}

/// After the bracket that closes the one at `from`.
fn after_brackets(all: &[Token], from: usize) -> usize {
    let mut depth = 0;
    for (i, token) in all.iter().enumerate().skip(from) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    all.len()
}

/// After the item that begins at `from`: its `;` or its block.
fn after_item(all: &[Token], from: usize) -> usize {
    let mut i = from;
    while i < all.len() {
        match all[i].text.as_str() {
            ";" => return i + 1,
            "{" => return after_brackets(all, i),
            "(" | "[" => i = after_brackets(all, i),
            _ => i += 1,
        }
    }
    all.len()
}
