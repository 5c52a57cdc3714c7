//! The page of the command line: what the command says of itself.

use std::fmt::Write as _;
use std::process::Command;

const HEAD: &str = "\
# The command line

`cargo install dynamorm-generator --features cli` installs the command `dynamorm`. With `--features serve` it also has `dynamorm serve`.

| you want to | run |
|---|---|
| begin | `dynamorm init`, which writes a `models.toml` to start from |
| declare tables that exist | `dynamorm import`: see [importing what exists](import.md) |
| write the modules, and compare them in CI | `dynamorm generate`, `dynamorm check` |
| format declarations | `dynamorm fmt` |
| understand a diagnostic | `dynamorm explain D0209`, `dynamorm explain sort key` |
| know what a change means for stored items | `dynamorm lock`, `dynamorm breaking`: see [changing declarations](changing-declarations.md) |
| show your tables to people | `dynamorm docs`, which writes a page in HTML |
| use your tables from other programs, without AWS | `dynamorm serve` |

The rest of this page is what each command prints with `--help`.
";

pub fn page() -> String {
    let mut page = HEAD.to_owned();
    section(&mut page, &[]);
    for command in commands(&help(&[])) {
        section(&mut page, &[&command]);
        for sub in commands(&help(&[&command])) {
            section(&mut page, &[&command, &sub]);
        }
    }
    page
}

fn section(page: &mut String, words: &[&str]) {
    let name = ["dynamorm"].iter().chain(words).copied().collect::<Vec<_>>().join(" ");
    writeln!(page, "\n## `{name}`\n\n```text\n{}```", help(words)).expect("text");
}

fn help(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_dynamorm"))
        .args(words)
        .arg("--help")
        .env("COLUMNS", "100")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The commands that a help lists.
fn commands(help: &str) -> Vec<String> {
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}
