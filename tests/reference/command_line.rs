//! The page of the command line: what the command says of itself.

use std::fmt::Write as _;
use std::process::Command;

const HEAD: &str = "\
# The command line

`cargo install dynamorm-generator --features cli` installs the command `dynamorm`. Further features bring
`dynamorm serve` (`serve`) and `dynamorm import table` (`live`).

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

The rest of this page is what each command prints with `--help`. Options and exit codes that all commands have are printed once, under
`dynamorm`.
";

pub fn page() -> String {
    let mut page = HEAD.to_owned();
    let whole = help(&[]);
    section(&mut page, &[], &whole);
    for command in commands(&whole) {
        let help_of = help(&[&command]);
        section(&mut page, &[&command], &without_common(&help_of, &whole));
        for sub in commands(&help_of) {
            section(&mut page, &[&command, &sub], &without_common(&help(&[&command, &sub]), &whole));
        }
    }
    page
}

fn section(page: &mut String, words: &[&str], text: &str) {
    let name = ["dynamorm"].iter().chain(words).copied().collect::<Vec<_>>().join(" ");
    writeln!(page, "\n## `{name}`\n\n```text\n{}\n```", text.trim_end()).expect("text");
}

/// A help without the options and the exit codes that the command as a whole has as well.
fn without_common(help: &str, whole: &str) -> String {
    let common = options(whole);
    let mut text = help.split_once(EXIT_CODES).expect("exit codes").0.to_owned();
    for option in options(help).iter().filter(|option| common.contains(option)) {
        text = text.replacen(option, "", 1);
    }
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text.trim_end().trim_end_matches("Options:").trim_end().to_owned()
}

const EXIT_CODES: &str = "\nExit codes:\n";

/// Each option of a help, with what is said of it.
fn options(help: &str) -> Vec<String> {
    let text = help.split_once("\nOptions:\n").expect("options").1;
    let text = text.split_once(EXIT_CODES).expect("exit codes").0;
    let mut options: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with('-') && line.find('-').is_some_and(|place| place <= 6) {
            options.push(String::new());
        }
        let option = options.last_mut().expect("an option comes first");
        option.push_str(line);
        option.push('\n');
    }
    // What separates an option from the next is nothing of its own.
    options.iter().map(|option| format!("{}\n", option.trim_end())).collect()
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
