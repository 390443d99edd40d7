//! Identities between the numbers of one study: they must hold in every simulated study, too.

use super::cells::Studies;
use crate::tables::comparison::IdentityCheck;

/// How often identities held whose cells are simulated. Those that no cell prints say nothing of a study's tables.
pub(super) fn checked(studies: &Studies<'_>) -> Vec<IdentityCheck> {
    let published = studies.published;
    let mut all = Vec::new();
    for identity in published.identities.iter().filter(|identity| !identity.cells.is_empty()) {
        let mut check =
            IdentityCheck { id: identity.id.clone(), formula: identity.formula.clone(), checked: 0, failed: 0 };
        for study in 0..studies.number() {
            let value = |cell: usize| studies.columns[cell].get(study).copied().filter(|value| !value.is_nan());
            let Some(exact) = published.evaluate(identity, &value) else { continue };
            for cell in &identity.cells {
                let Some(printed) = value(*cell) else { continue };
                let rounding = published.cells[*cell].rounding;
                check.checked += 1;
                check.failed += u64::from(rounding.round_in_steps(exact) != rounding.in_steps(printed));
            }
        }
        if check.checked > 0 {
            all.push(check);
        }
    }
    all
}
