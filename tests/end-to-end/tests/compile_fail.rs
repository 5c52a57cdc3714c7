//! Mistakes that do not compile, and what the compiler says of them.

#[test]
fn mistakes_are_one_clear_error_each() {
    if test_support::can_run("mistakes_are_one_clear_error_each") {
        trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
    }
}
