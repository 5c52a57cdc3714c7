//! `dynamorm lock`, `breaking` and `check` with a lock, from outside.
#![cfg(feature = "cli")]

use std::fs;
use std::process::{Command, Output};

use dynamorm_generator::{Code, Generator};
use tempfile::TempDir;

const ORDERS: &str = "\
[table.orders]
partition_key = \"id\"

[model.Order]
table = \"orders\"

[model.Order.schema]
id = \"uuid\"
count = \"u8\"
note = \"string?\"
";

fn run(folder: &TempDir, program: &str, arguments: &[&str]) -> Output {
    Command::new(program)
        .args(arguments)
        .current_dir(folder.path())
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env("COLUMNS", "100")
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"))
}

fn dynamorm(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let output = run(folder, env!("CARGO_BIN_EXE_dynamorm"), arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().expect("an exit code"), text(output.stdout), text(output.stderr))
}

fn git(folder: &TempDir, arguments: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let output = run(folder, "git", &[&identity[..], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn write(folder: &TempDir, models: &str) {
    fs::write(folder.path().join("models.toml"), models).expect("a file");
}

fn lock(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join("models.lock")).expect("a lock")
}

/// A folder with declarations in it.
fn folder(models: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder, models);
    folder
}

/// Declarations and their lock.
fn locked(models: &str) -> TempDir {
    let folder = folder(models);
    let (code, _, errors) = dynamorm(&folder, &["lock"]);
    assert_eq!((code, errors.as_str()), (0, "wrote models.lock\n"));
    folder
}

#[test]
fn a_lock_is_written_once() {
    let folder = locked(ORDERS);
    let text = lock(&folder);
    assert_eq!(dynamorm(&folder, &["lock"]), (0, String::new(), "models.lock is up to date\n".to_owned()));
    assert_eq!(lock(&folder), text);
    assert_eq!(
        dynamorm(&folder, &["breaking"]),
        (0, String::new(), "nothing has changed since models.lock\n".to_owned())
    );
}

#[test]
fn what_breaks_is_shown_with_its_line_and_the_old_fact() {
    let folder = locked(ORDERS);
    write(&folder, &ORDERS.replace("\"u8\"", "\"u32\""));
    let (code, output, errors) = dynamorm(&folder, &["breaking"]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(format!("{output}{errors}"), @r#"
    error[B0110]: model.Order.count: it is stored as count = { form = "u32" }
     --> models.toml:9:1
      |
    9 | count = "u32"
      | ^^^^^ an attribute may hold more than before
      |
      = note: before: count = { form = "u8" }
      = note: stored items: old code does not read all that new code stores
      = note: Rust: what uses it stops compiling
      = note: live table: fine
      = help: deploy a release that reads the wider type and writes only what the narrower one holds, by a rule such as `range`; drop the rule when no older code is left

    1 change since models.lock, which breaks something
    "#);
}

#[test]
fn what_is_only_to_be_known_stops_nothing() {
    let folder = locked(ORDERS);
    write(&folder, &format!("{ORDERS}remark = \"string?\"\n"));
    let (code, output, errors) = dynamorm(&folder, &["breaking", "--format", "json"]);
    assert_eq!((code, errors.as_str()), (0, "1 change since models.lock, which breaks nothing\n"));
    let change: serde_json::Value = serde_json::from_str(&output).expect("an object");
    assert_eq!(change["code"], "B0101");
    assert_eq!(change["severity"], "beware");
    assert_eq!(change["place"], "model.Order.remark");
    assert_eq!(change["verdict"]["both_write"], "beware");
    assert_eq!(change["label"]["line"], 11);
    assert_eq!(dynamorm(&folder, &["lock"]).0, 0);
    assert!(lock(&folder).contains("remark = { form = \"string?\" }"));
}

#[test]
fn a_breaking_change_is_taken_over_only_if_it_is_accepted_by_code_and_place() {
    let folder = locked(ORDERS);
    let before = lock(&folder);
    write(&folder, &ORDERS.replace("\"u8\"", "\"u32\""));
    let (code, output, errors) = dynamorm(&folder, &["lock"]);
    assert_eq!(code, 3);
    assert!(output.contains("error[B0110]"), "{output}");
    assert!(errors.contains("dynamorm lock --accept B0110:model.Order.count --reason"), "{errors}");
    assert_eq!(lock(&folder), before);
    // Another change is not this one, and a reason is wanted.
    for wrong in [["--accept", "B0111:model.Order.count"], ["--accept", "B0110:model.Order.note"]] {
        let (code, _, errors) = dynamorm(&folder, &["lock", wrong[0], wrong[1], "--reason", "it is so"]);
        assert_eq!(code, 2, "{errors}");
    }
    assert_eq!(dynamorm(&folder, &["lock", "--accept", "B0110:model.Order.count"]).0, 2);
    assert_eq!(dynamorm(&folder, &["lock", "--accept", "B9999:x", "--reason", "none"]).0, 2);
    assert_eq!(lock(&folder), before);
    let accept = ["lock", "--accept", "b0110:model.Order.count", "--reason", "no \"old\" code is left"];
    assert_eq!(dynamorm(&folder, &accept).0, 0);
    let after = lock(&folder);
    let recorded = "[[accepted]]\nchange = \"B0110\"\nplace = \"model.Order.count\"\nreason = \"no \\\"old\\\" code is left\"\n";
    assert!(after.ends_with(recorded), "{after}");
    assert_eq!(dynamorm(&folder, &["lock"]), (0, String::new(), "models.lock is up to date\n".to_owned()));
}

#[test]
fn what_breaks_rust_alone_is_taken_over() {
    let folder = locked(ORDERS);
    write(&folder, &ORDERS.replace("count = \"u8\"", "count = { type = \"u8\", rust_name = \"amount\" }"));
    let (code, output, _) = dynamorm(&folder, &["breaking", "--format", "github"]);
    assert_eq!(code, 3);
    assert!(
        output.starts_with("::error file=models.toml,line=9,col=1,endColumn=6,title=B0401::"),
        "{output}"
    );
    assert_eq!(dynamorm(&folder, &["lock"]).0, 0);
}

#[test]
fn declarations_are_compared_with_a_commit_and_with_another_file() {
    let folder = folder(&format!("include = [\"more.toml\"]\n{ORDERS}"));
    let more = "[table.carts]\npartition_key = \"id\"\n[model.Cart]\ntable = \"carts\"\n[model.Cart.schema]\nid = \"uuid\"\n";
    fs::write(folder.path().join("more.toml"), more).expect("a file");
    fs::write(folder.path().join("old.toml"), ORDERS).expect("a file");
    git(&folder, &["init", "--quiet"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "--quiet", "-m", "first"]);
    fs::write(folder.path().join("more.toml"), format!("{more}size = \"u32\"\n")).expect("a file");
    // The commit has no lock, so its declarations count, with what they include.
    let (code, output, _) = dynamorm(&folder, &["breaking", "--against", "git:HEAD", "--format", "json"]);
    let change: serde_json::Value = serde_json::from_str(&output).expect("an object");
    assert_eq!((code, &change["code"], &change["label"]["file"]), (3, &"B0102".into(), &"more.toml".into()));
    assert_eq!(dynamorm(&folder, &["lock"]).0, 0);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "--quiet", "-m", "second"]);
    fs::write(folder.path().join("more.toml"), more).expect("a file");
    let (code, output, _) = dynamorm(&folder, &["breaking", "--against", "git:HEAD"]);
    assert!(code == 3 && output.contains("error[B0103]"), "{output}");
    let (code, _, errors) = dynamorm(&folder, &["breaking", "--against", "old.toml"]);
    assert_eq!((code, errors.as_str()), (0, "nothing has changed since old.toml\n"));
}

#[test]
fn what_there_is_not_is_said() {
    let folder = folder(ORDERS);
    for (arguments, expected) in [
        (&["breaking"][..], "models.lock does not exist"),
        (&["breaking", "--against", "git:HEAD"], "git has no commit `HEAD`"),
        (&["breaking", "--against", "no.toml"], "`no.toml` does not exist"),
        (&["breaking", "no.toml"], "`no.toml` does not exist"),
    ] {
        let (code, output, errors) = dynamorm(&folder, arguments);
        assert!(code == 1 && output.is_empty() && errors.contains(expected), "{arguments:?}: {errors}");
    }
    git(&folder, &["init", "--quiet"]);
    for reference in ["git:no-such-branch", "git:", "git:--help"] {
        let (code, _, errors) = dynamorm(&folder, &["breaking", "--against", reference]);
        assert!(code == 1 && errors.contains("commit"), "{reference}: {errors}");
    }
    fs::write(folder.path().join("no.lock"), "this is no lock").expect("a file");
    let (code, _, errors) = dynamorm(&folder, &["breaking", "--against", "no.lock"]);
    assert!(code == 1 && errors.contains("D1802"), "{errors}");
}

#[test]
fn a_lock_that_was_edited_by_hand_stops_everything_and_is_left_alone() {
    let folder = locked(ORDERS);
    let edited = lock(&folder).replace("u8", "u32");
    fs::write(folder.path().join("models.lock"), &edited).expect("a file");
    for arguments in [&["lock"][..], &["breaking"], &["generate", "--out", "out"], &["validate"]] {
        let (code, _, errors) = dynamorm(&folder, arguments);
        assert!(
            code == 1 && errors.contains("D1804") && errors.contains("models.lock:"),
            "{arguments:?}: {errors}"
        );
    }
    assert_eq!(lock(&folder), edited);
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_lock_that_is_stale_fails_a_check_and_whatever_is_locked() {
    let folder = locked(ORDERS);
    assert_eq!(dynamorm(&folder, &["generate", "--out", "out", "--locked"]).0, 0);
    assert_eq!(dynamorm(&folder, &["check", "--out", "out"]).0, 0);
    write(&folder, &format!("{ORDERS}remark = \"string?\"\n"));
    assert_eq!(dynamorm(&folder, &["generate", "--out", "out"]).0, 0);
    let (code, output, errors) = dynamorm(&folder, &["check", "--out", "out"]);
    assert_eq!(code, 3);
    assert!(output.contains("+remark = { form = \"string?\" }"), "{output}");
    assert!(errors.contains("changed: models.lock"), "{errors}");
    let (code, _, errors) = dynamorm(&folder, &["generate", "--out", "out", "--locked"]);
    assert!(code == 1 && errors.contains("D1805"), "{errors}");
    let models = folder.path().join("models.toml");
    let found = |generator: Generator| {
        let error = generator.generate().expect_err("a stale lock");
        error.report().expect("a report").diagnostics().iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(found(Generator::new(&models).locked(true)), [Code::LockStale]);
    fs::remove_file(folder.path().join("models.lock")).expect("removed");
    assert_eq!(found(Generator::new(&models).locked(true)), [Code::LockMissing]);
    assert!(Generator::new(&models).generate().is_ok());
}

/// The same model with another shape: a name in one attribute, and in two.
fn shaped(settings: &str, fields: &str) -> String {
    format!(
        "[table.people]\npartition_key = \"id\"\n\n[model.Person]\ntable = \"people\"\n{settings}\n\
         [model.Person.schema]\nid = \"uuid\"\n{fields}"
    )
}

const ONE: &str = "name = \"string\"\n";
const TWO: &str = "first = \"string\"\nlast = \"string\"\n";
const UPGRADE: &str = "shape = 2\nupgrade = { 1 = \"crate::person_1_to_2\" }\n";

/// What `dynamorm breaking` says of a change, each code once.
fn codes(folder: &TempDir) -> (i32, Vec<String>) {
    let (code, output, errors) = dynamorm(folder, &["breaking", "--format", "json"]);
    let changes = output.lines().map(|line| serde_json::from_str(line).expect("an object"));
    let mut codes: Vec<String> = changes
        .map(|change: serde_json::Value| change["code"].as_str().expect("a code").to_owned())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    assert!(!codes.is_empty(), "{errors}");
    (code, codes)
}

#[test]
fn the_first_second_shape_needs_a_release_that_knows_of_shapes() {
    let folder = locked(&shaped("", ONE));
    write(&folder, &shaped(UPGRADE, TWO));
    assert_eq!(codes(&folder), (3, vec!["B0502".to_owned(), "B0507".to_owned()]));
    let (code, _, errors) = dynamorm(&folder, &["lock"]);
    assert!(code == 3 && errors.contains("--accept B0502:model.Person"), "{errors}");
    // A release that declares the first shape is that release.
    write(&folder, &shaped("shape = 1\n", ONE));
    assert_eq!(codes(&folder), (0, vec!["B0503".to_owned()]));
    assert_eq!(dynamorm(&folder, &["lock"]).0, 0);
    write(&folder, &shaped(UPGRADE, TWO));
    assert_eq!(codes(&folder), (3, vec!["B0501".to_owned(), "B0507".to_owned()]));
    // So is one whose items no batch puts, once it is locked: its writes demand already that no newer shape is stored.
    let versioned = "version = { type = \"u64\", generate = \"version\" }\n";
    let folder = locked(&shaped("", &format!("{ONE}{versioned}")));
    write(&folder, &shaped(UPGRADE, &format!("{TWO}{versioned}")));
    assert_eq!(codes(&folder), (3, vec!["B0501".to_owned(), "B0507".to_owned()]));
}

#[test]
fn a_shape_that_is_known_before_it_is_written_breaks_nothing_that_is_stored() {
    let folder = locked(&shaped("shape = 1\n", ONE));
    let early = format!("{UPGRADE}writes = 1\ndowngrade = {{ 2 = \"crate::person_2_to_1\" }}\n");
    write(&folder, &shaped(&early, TWO));
    assert_eq!(codes(&folder).1, ["B0504", "B0507"]);
    assert_eq!(dynamorm(&folder, &["lock"]).0, 0);
    let text = lock(&folder);
    for line in [
        "writes = 1",
        "[stored.model.Person.shape.1]",
        "[stored.model.Person.shape.2]",
        "shape_attribute = \"shape\"",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}:\n{text}");
    }
    write(&folder, &shaped(UPGRADE, TWO));
    assert_eq!(codes(&folder), (0, vec!["B0505".to_owned()]));
    assert_eq!(dynamorm(&folder, &["lock"]).0, 0);
    assert!(!lock(&folder).contains("writes"), "{}", lock(&folder));
    // And back again, which loses what the older shape cannot hold where whole items are put.
    write(&folder, &shaped(&early, TWO));
    assert_eq!(codes(&folder), (0, vec!["B0506".to_owned()]));
    // No declarations go back to what the lock has moved on from.
    write(&folder, &shaped("shape = 1\n", ONE));
    let (code, _, errors) = dynamorm(&folder, &["breaking"]);
    assert!(code == 1 && errors.contains("D1820") && errors.contains("the lock has shape 2"), "{errors}");
}

#[test]
fn what_no_upgrade_can_change_is_refused() {
    let declarations = |shape: u32, table: &str, model: &str, key: &str, schema: &str| {
        let upgrade = if shape > 1 { "upgrade = { 1 = \"crate::person_1_to_2\" }\n" } else { "" };
        format!(
            "[table.people]\npartition_key = \"pk\"\n{table}\n[model.Person]\ntable = \"people\"\nshape = {shape}\n{upgrade}{model}\
             key.partition_key = \"{key}\"\n[model.Person.schema]\nid = \"uuid\"\nname = \"string\"\n{schema}"
        )
    };
    let one = |table: &str, model: &str, schema: &str| declarations(1, table, model, "P#{id}", schema);
    let two = |table: &str, model: &str, schema: &str| declarations(2, table, model, "P#{id}", schema);
    let typed = "type_attribute = \"type\"\n";
    let version = "version = { type = \"u64\", generate = \"version\" }\n";
    let cases = [
        (one("", "", ""), declarations(2, "", "", "Q#{id}", ""), "has another key"),
        (one("", "", ""), two("", "unique = [[\"name\"]]\n", ""), "has other unique fields"),
        (one("", "", version), two("", "", ""), "has other values that the runtime writes"),
        (one(typed, "type_value = \"old\"\n", ""), two(typed, "", ""), "has another type"),
        (one(typed, "type_value = \"old\"\n", ""), two(typed, "type_value = [\"new\", \"old\"]\n", ""), ""),
    ];
    for (before, after, expected) in cases {
        let folder = locked(&before);
        write(&folder, &after);
        let (code, _, errors) = dynamorm(&folder, &["validate"]);
        let is_refused = code == 1 && errors.contains("error[D1829]: shape 1 ") && errors.contains(expected);
        assert!(if expected.is_empty() { code == 0 } else { is_refused }, "{expected}: {errors}\n{after}");
    }
}

#[test]
fn a_second_shape_that_two_branches_made_is_refused() {
    let folder = locked(&shaped("shape = 1\n", ONE));
    let base = lock(&folder);
    let branch = |field: &str| {
        fs::write(folder.path().join("models.lock"), &base).expect("a file");
        write(&folder, &shaped(UPGRADE, &format!("{TWO}{field} = \"string\"\n")));
        assert_eq!(
            dynamorm(&folder, &["lock", "--accept", "B0501:model.Person", "--reason", "the table is empty"])
                .0,
            0
        );
        lock(&folder)
    };
    let (ours, theirs) = (branch("middle"), branch("nickname"));
    // As a merge has it that takes the lines of both, and the digest of either.
    let is_new = |line: &&str| line.starts_with("nickname");
    let mut of_theirs = theirs.lines().filter(is_new);
    let mut merged = String::new();
    for line in ours.lines() {
        merged += &format!("{line}\n");
        if line.starts_with("middle") {
            merged += &format!("{}\n", of_theirs.next().expect("a line of the other branch"));
        }
    }
    assert_eq!(of_theirs.next(), None);
    fs::write(folder.path().join("models.lock"), &merged).expect("a file");
    write(&folder, &shaped(UPGRADE, &format!("{TWO}middle = \"string\"\nnickname = \"string\"\n")));
    for arguments in [&["lock"][..], &["breaking"], &["generate", "--out", "out"]] {
        let (code, _, errors) = dynamorm(&folder, arguments);
        assert!(code == 1 && errors.contains("D1804"), "{arguments:?}: {errors}");
    }
    assert_eq!(lock(&folder), merged);
}

#[test]
fn the_page_of_changes_is_what_explain_prints() {
    let folder = folder(ORDERS);
    let (code, page, _) = dynamorm(&folder, &["explain", "--breaking", "--all"]);
    assert_eq!(code, 0);
    let written = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/breaking.md");
    let found = fs::read_to_string(written).expect("the page");
    assert!(page == found, "run `dynamorm explain --breaking --all > docs/breaking.md`");
    let (code, one, _) = dynamorm(&folder, &["explain", "B0110"]);
    assert!(code == 0 && one.starts_with("# B0110: An attribute may hold more than before\n"), "{one}");
    let (code, list, _) = dynamorm(&folder, &["explain", "--breaking"]);
    assert!(code == 0 && list.starts_with("B0101  beware  An attribute was added"), "{list}");
}

/// An order whose shape is the third.
fn third_shape() -> TempDir {
    let of = |shape: u32, upgrades: &str| {
        ORDERS.replace(
            "table = \"orders\"\n",
            &format!("table = \"orders\"\nshape = {shape}\nupgrade = {{ {upgrades} }}\n"),
        )
    };
    let folder = locked(&ORDERS.replace("table = \"orders\"\n", "table = \"orders\"\nshape = 1\n"));
    write(&folder, &of(2, "1 = \"crate::to_2\""));
    assert_eq!(dynamorm(&folder, &["lock"]).0, 0);
    write(&folder, &of(3, "1 = \"crate::to_2\", 2 = \"crate::to_3\""));
    assert_eq!(dynamorm(&folder, &["lock"]).0, 0);
    folder
}

fn receipt(table: &str, failed: u64, shapes: &str) -> String {
    format!(
        "{{ \"receipt\": 1, \"table\": \"{table}\", \"live_table\": \"test-{table}\", \"began\": \"2026-01-01T00:00:00Z\", \
         \"ended\": \"2026-01-01T00:01:00Z\", \"failed\": {failed}, \"shapes\": {{ {shapes} }} }}"
    )
}

#[test]
fn shapes_that_no_item_has_are_retired() {
    let folder = third_shape();
    fs::write(folder.path().join("receipt.json"), receipt("orders", 0, "\"Order\": { \"3\": 7 }"))
        .expect("a file");
    let retire = ["lock", "--retire", "Order:2", "--receipt", "receipt.json"];
    let (code, _, errors) = dynamorm(&folder, &retire);
    assert_eq!(code, 0, "{errors}");
    assert!(
        errors.contains("retired Order:2: `test-orders` had no such item at 2026-01-01T00:00:00Z"),
        "{errors}"
    );
    let text = lock(&folder);
    assert!(text.contains("[stored.model.Order.shape.3]"), "{text}");
    assert!(!text.contains("shape.1") && !text.contains("shape.2"), "{text}");

    // What nothing has to be upgraded from any more is removed from the declarations, which then agree with the lock.
    let (code, _, errors) = dynamorm(&folder, &["lock"]);
    assert_eq!(code, 1, "{errors}");
    assert!(errors.contains("nothing has to be upgraded from `1`"), "{errors}");
    let models = fs::read_to_string(folder.path().join("models.toml")).expect("a file");
    let models: String =
        models.lines().filter(|line| !line.starts_with("upgrade")).map(|line| format!("{line}\n")).collect();
    write(&folder, &models);
    assert_eq!(dynamorm(&folder, &["lock"]), (0, String::new(), "models.lock is up to date\n".to_owned()));
    assert_eq!(lock(&folder), text);
}

#[test]
fn a_shape_is_retired_only_by_a_receipt_that_says_so() {
    let folder = third_shape();
    let before = lock(&folder);
    for (retired, text, expected) in [
        ("Nobody:1", receipt("orders", 0, "\"Order\": {}"), "no model is called `Nobody`"),
        ("Order:3", receipt("orders", 0, "\"Order\": {}"), "items are written with shape 3"),
        ("Order:9", receipt("orders", 0, "\"Order\": {}"), "items are written with shape 3"),
        ("Order:2", receipt("others", 0, "\"Order\": {}"), "is about the table `others`, and not `orders`"),
        ("Order:2", receipt("orders", 0, "\"Book\": {}"), "says nothing of `Order`"),
        ("Order:2", receipt("orders", 4, "\"Order\": {}"), "could not read 4 items"),
        (
            "Order:2",
            receipt("orders", 0, "\"Order\": { \"1\": 2, \"2\": 3 }"),
            "5 items had it or an older one",
        ),
        ("Order:2", "{}".to_owned(), "is no receipt of a sweep"),
        ("Order:2", receipt("orders", 0, "").replace("\"receipt\": 1", "\"receipt\": 2"), "has form 2"),
    ] {
        fs::write(folder.path().join("receipt.json"), text).expect("a file");
        let (code, _, errors) =
            dynamorm(&folder, &["lock", "--retire", retired, "--receipt", "receipt.json"]);
        assert_eq!(code, 1, "{errors}");
        assert!(errors.contains(expected), "{expected}: {errors}");
        assert_eq!(lock(&folder), before);
    }
    for arguments in [
        &["--retire", "Order:2"][..],
        &["--receipt", "receipt.json"],
        &["--retire", "Order", "--receipt", "receipt.json"],
        &["--retire", "Order:0", "--receipt", "receipt.json"],
    ] {
        assert_eq!(dynamorm(&folder, &[&["lock"], arguments].concat()).0, 2, "{arguments:?}");
    }
    let (code, _, errors) = dynamorm(&folder, &["lock", "--retire", "Order:2", "--receipt", "missing.json"]);
    assert_eq!(code, 1, "{errors}");
    assert_eq!(lock(&folder), before);
}
