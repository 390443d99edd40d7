use super::*;
#[test]
fn x() {
    println!("{:#?}", problems_of(WHOLE));
    println!("{:#?}", problems_of(LEAST));
    for (n, _, t) in crate::scenario::templates() {
        println!("{n} {:#?}", problems_of(t));
    }
}
