//! Mistakes that do not compile, and what the compiler says of them.

#[test]
fn mistakes_are_one_clear_error_each() {
    // What is compiled is the same on every engine.
    if test_support::engine() == test_support::Engine::Embedded {
        trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
    }
}
