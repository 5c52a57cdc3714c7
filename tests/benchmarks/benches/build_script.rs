//! How long generating takes: `cargo bench -p benchmarks --bench build_script --profile dev` as in a build
//! script, without `--profile dev` optimised.

use dynamorm_generator::Generator;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Declarations of so many models with ten fields each, a table and an index.
fn declarations(models: usize) -> String {
    (0..models).fold(String::new(), |mut text, number| {
        let _ = write!(
            text,
            "[table.books-{number}]\npartition_key = \"isbn\"\n\n\
             [table.books-{number}.global_index.by-author]\npartition_key = \"author\"\nsort_key = \"year\"\n\n\
             [model.Book{number}]\ntable = \"books-{number}\"\ndoc = \"A book.\"\n\n\
             [model.Book{number}.schema]\n\
             isbn = \"string\"\n\
             title = {{ type = \"string\", validate = {{ length = {{ min = 1, max = 200 }} }} }}\n\
             author = \"string\"\n\
             publisher = \"string?\"\n\
             year = {{ type = \"u16\", default = 2024 }}\n\
             pages = {{ type = \"u32?\", validate = {{ range = {{ min = 1 }} }} }}\n\
             price = \"decimal\"\n\
             genres = \"set<string>\"\n\
             notes = \"map<string>\"\n\
             added_at = \"timestamp\"\n\n"
        );
        text
    })
}

fn fastest(times: usize, mut action: impl FnMut()) -> Duration {
    (0..times)
        .map(|_| {
            let start = Instant::now();
            action();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn main() {
    println!(
        "{:>7}  {:>10}  {:>10}  {:>10}  {:>10}",
        "models", "validate", "compile", "unchanged", "generate"
    );
    for models in [1, 10, 100, 1_000] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("models.toml");
        std::fs::write(&file, declarations(models)).expect("a file");
        let generator = Generator::new(&file);
        let output = folder.path().join("out");
        // SAFETY: no other thread reads the environment meanwhile: this process has one.
        unsafe { std::env::set_var("OUT_DIR", &output) };
        let times = if models < 1_000 { 7 } else { 3 };
        let validate = fastest(times, || drop(generator.validate().expect("valid")));
        let cold = fastest(times, || {
            let _ = std::fs::remove_dir_all(&output);
            generator.compile().expect("compiles");
        });
        let unchanged = fastest(times, || generator.compile().expect("compiles"));
        let generate = fastest(times.min(3), || drop(generator.generate().expect("generates")));
        let ms = |duration: Duration| format!("{:.2} ms", duration.as_secs_f64() * 1_000.0);
        println!(
            "{models:>7}  {:>10}  {:>10}  {:>10}  {:>10}",
            ms(validate),
            ms(cold),
            ms(unchanged),
            ms(generate)
        );
    }
}
