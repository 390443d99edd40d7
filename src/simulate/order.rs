//! The order in which variables are worked, so that every bare name has been drawn before it is read.

/// Names that a formula reads bare: not inside `lag(...)` and the like, not function names, argument names of laws, or
/// level names in quotation marks.
pub(super) fn bare_names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_alphabetic() || c == '_' || c == '\'' || c == '"') {
        let at = &rest[start..];
        if let Some(quote) = at.chars().next().filter(|c| *c == '\'' || *c == '"') {
            rest = at[1..].split_once(quote).map_or("", |(_, after)| after);
            continue;
        }
        let end = at.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(at.len());
        let (name, after) = at.split_at(end);
        let next = after.trim_start();
        let glued_to_number = rest[..start].ends_with(|c: char| c.is_ascii_digit() || c == '.');
        if let Some(inside) = next.strip_prefix('(') {
            rest = if ["lag", "since", "site_mean", "reported", "recorded"].contains(&name) {
                inside.split_once(')').map_or("", |(_, after)| after)
            } else {
                inside
            };
        } else {
            let is_argument_name = next.starts_with('=') && !next.starts_with("==");
            if !is_argument_name && !glued_to_number {
                names.push(name);
            }
            rest = after;
        }
    }
    names
}

/// Sorts items so that each comes after those it needs, otherwise keeping their order.
///
/// # Errors
/// The items of a circle, in ascending order.
pub(super) fn in_order(needs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut done = vec![false; needs.len()];
    let mut order = Vec::with_capacity(needs.len());
    while order.len() < needs.len() {
        let ready = (0..needs.len()).find(|i| !done[*i] && needs[*i].iter().all(|n| done[*n]));
        match ready {
            Some(item) => {
                done[item] = true;
                order.push(item);
            }
            None => return Err(circle(needs, &done)),
        }
    }
    Ok(order)
}

/// A circle among the items that are not done: each of them waits for another one, so following them leads into one.
fn circle(needs: &[Vec<usize>], done: &[bool]) -> Vec<usize> {
    let mut path: Vec<usize> = Vec::new();
    let mut next = (0..needs.len()).find(|i| !done[*i]);
    while let Some(item) = next {
        if let Some(start) = path.iter().position(|i| *i == item) {
            path.drain(..start);
            break;
        }
        path.push(item);
        next = needs[item].iter().copied().find(|n| !done[*n]);
    }
    path.sort_unstable();
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bare_names_count() {
        let text = "normal(mean = 0.2*arm + lag(well), sd = 1e3) + if(setting == 'community', x, exp(y_2))";
        assert_eq!(bare_names(text), ["arm", "setting", "x", "y_2"]);
        assert_eq!(bare_names("a=='b c' and site_mean(q) < 2"), ["a", "and"]);
        assert!(bare_names("'unclosed").is_empty());
    }

    #[test]
    fn order_is_kept_where_it_can_be() {
        assert_eq!(in_order(&[vec![2], vec![], vec![1]]), Ok(vec![1, 2, 0]));
        assert_eq!(in_order(&[vec![], vec![2], vec![1]]), Err(vec![1, 2]));
        assert_eq!(in_order(&[vec![0]]), Err(vec![0]));
    }

    #[test]
    fn what_only_waits_for_a_circle_is_not_blamed() {
        assert_eq!(in_order(&[vec![2], vec![], vec![1, 4], vec![2], vec![3]]), Err(vec![2, 3, 4]));
    }
}
