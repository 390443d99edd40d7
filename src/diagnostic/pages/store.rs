//! Pages of the numbers R007x: results kept on disk.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "R0070",
        title: "Results are not mixed with others by mistake.",
        text: "\
A folder that holds results, or anything else, is not taken for a new store. `--resume` goes on with a store: what is
there stays, what is missing is done, and nothing is done twice. It also begins a store where there is none, so a script
may always give it.

    eclosion evaluate study.toml --store results
    eclosion evaluate study.toml --store results --resume --replicates 5000",
    },
    Page {
        code: "R0071",
        title: "A store holds the results of one study.",
        text: "\
What a store holds was made by declarations, a seed and a version of the program that are written in its manifest. With
others the results would be others, and a table that mixes both means nothing. The message names the tables that differ,
with the first line that does; what is `there` is in the store, what is `here` in the scenario.

These are no difference: title, aims, comments and notation, more or fewer replicates, [[expect]], [release], a further
method, estimand or condition. A method whose options change gets another name, and is then a further method:

    [[method]]
    name = \"ipw, trimmed\"
    method = \"ipw\"
    trim = 0.99",
    },
    Page {
        code: "R0072",
        title: "One process at a time writes to a store.",
        text: "\
Another process has the store open. Wait until it has ended, or give this one a store of its own. The lock belongs to
the
process, not to a file: it ends with the process, however that ends, and nothing has to be removed.

    eclosion evaluate study.toml --store results-2",
    },
    Page {
        code: "R0073",
        title: "A store can be read as it was written.",
        text: "\
The manifest, or the file of a block, is not what the program wrote. A block that was torn by a loss of power is found
by its length and hash when the store is opened with `--resume`, and made again. A manifest that cannot be read has no
such
remedy: take it from a backup, or begin a store anew.

    eclosion evaluate study.toml --store results --resume      # makes torn blocks again",
    },
    Page {
        code: "R0074",
        title: "Stores are Parquet files.",
        text: "\
This build was made without the feature `columnar`, and so without Parquet. Build it with its usual features, or leave
out `--store`: `--out` writes the results as CSV at the end.

    cargo install eclosion",
    },
    Page {
        code: "R0075",
        title: "A replicate can be made again if the study has it.",
        text: "\
`eclosion replay` counts conditions from 1, as all tables do, and replicates from 0. The message says how many there
are.

    eclosion replay results --condition 2 --replicate 1999",
    },
];
