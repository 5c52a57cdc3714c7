//! The codes of changes, which `dynamorm breaking` prints.

use crate::breaking::{ChangeKind, lines};
use std::fmt::Write as _;

/// One code.
pub(in crate::cli) fn one(kind: ChangeKind) -> String {
    format!("# {kind}: {}\n\n{}\n{}", kind.title().trim_end_matches('.'), verdict(kind), kind.explanation())
}

/// Every code with its title, a line each.
pub(in crate::cli) fn list() -> String {
    ChangeKind::ALL.iter().fold(String::new(), |mut text, kind| {
        let _ = writeln!(text, "{kind}  {:6}  {}", kind.verdict().severity().to_string(), kind.title());
        text
    })
}

/// The page of codes, in Markdown.
pub(in crate::cli) fn page() -> String {
    let mut page = String::from(PREFACE);
    for kind in ChangeKind::ALL {
        let verdict = kind.verdict();
        let _ = writeln!(
            page,
            "| [{kind}](#{}) | {} | {} | {} | {} |",
            kind.code().to_ascii_lowercase(),
            verdict.stored(),
            verdict.rust,
            verdict.table,
            kind.title()
        );
    }
    for kind in ChangeKind::ALL {
        let _ =
            write!(page, "\n## {kind}\n\n**{}**\n\n{}\n{}", kind.title(), verdict(*kind), kind.explanation());
    }
    page
}

fn verdict(kind: ChangeKind) -> String {
    lines(kind.verdict()).iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "- {line}");
        text
    })
}

const PREFACE: &str = "\
# Changes

Everything that `dynamorm breaking` finds in a change of declarations. A code never changes its meaning.
`dynamorm explain B0101` prints the section of one code, and `dynamorm explain --breaking --all` prints this page.
[Changing declarations](changing-declarations.md) says how to work with them.

Every change has a verdict for three audiences. *Fine*: nobody notices. *Beware*: read the explanation before you deploy the change.
*Breaks*: unless you do something about it, data is refused, lost or read wrongly, or code stops compiling.

- **Stored items**, in three directions, since old and new code run side by side while a release is rolled out: whether new code
  reads what is stored, whether old code reads what new code stores, and whether an item keeps what one of them stored when the
  other reads it and puts it back.
- **Rust**: code that calls the generated modules.
- **The live table**: whether it can be changed in place.

Every example shows declarations before and after a change. A test generates both, runs both on one table, and compares what
happens with the verdict.

| code | stored items | Rust | live table | meaning |
|---|---|---|---|---|
";
