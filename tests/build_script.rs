//! The generator in a build script, run by cargo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MODELS: &str = "[table.notes]\npartition_key = \"id\"\n\n[model.Note]\ntable = \"notes\"\n\n[model.Note.schema]\nid = \"uuid\"\n";

/// A package whose build script generates, built with the dependencies that are compiled already.
struct Package {
    folder: tempfile::TempDir,
}

impl Package {
    fn new(name: &str, models: &str) -> Self {
        let generator = env!("CARGO_MANIFEST_DIR");
        let package = Package { folder: tempfile::tempdir().unwrap() };
        let manifest = format!(
            "[package]\nname = \"generated-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [build-dependencies]\ndynamorm-generator = {{ path = {generator:?} }}\n\n[workspace]\n"
        );
        package.write("Cargo.toml", &manifest);
        package.write("models.toml", models);
        package.write(
            "build.rs",
            "fn main() -> Result<(), dynamorm_generator::Error> {\n    \
             dynamorm_generator::Generator::new(\"models.toml\").compile()\n}\n",
        );
        package.write("src/lib.rs", "");
        fs::copy(Path::new(generator).join("Cargo.lock"), package.path("Cargo.lock")).unwrap();
        package
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn build(&self) -> Output {
        Command::new(env!("CARGO"))
            .args(["build", "--offline", "--message-format=short"])
            .current_dir(self.folder.path())
            // The generator and what it needs are compiled there already.
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
            .output()
            .unwrap()
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_second_build_does_not_rebuild_and_a_changed_declaration_rebuilds_once() {
    let package = Package::new("rebuilds", MODELS);
    let first = package.build();
    assert!(first.status.success(), "{}", text(&first));
    assert!(text(&first).contains("Compiling generated-"), "{}", text(&first));

    let second = package.build();
    assert!(!text(&second).contains("Compiling"), "{}", text(&second));

    package.write("models.toml", &format!("{MODELS}text = \"string\"\n"));
    let third = package.build();
    assert_eq!(text(&third).matches("Compiling").count(), 1, "{}", text(&third));
    let fourth = package.build();
    assert!(!text(&fourth).contains("Compiling"), "{}", text(&fourth));
}

#[test]
fn a_file_beside_the_declarations_that_nothing_names_rebuilds_nothing() {
    let package = Package::new("unrelated", MODELS);
    assert!(package.build().status.success());
    package.write("notes.txt", "unrelated");
    let second = package.build();
    assert!(!text(&second).contains("Compiling"), "{}", text(&second));
}

#[test]
fn a_mistake_is_reported_in_cargos_output_with_its_place_and_code() {
    let package = Package::new("mistake", &MODELS.replace("\"uuid\"", "\"uiud\""));
    let output = package.build();
    assert!(!output.status.success());
    let text = text(&output);
    assert!(text.contains("models.toml:8:7"), "{text}");
    assert!(text.contains("did you mean `uuid`"), "{text}");
    assert!(text.contains("error[D0"), "{text}");
}
