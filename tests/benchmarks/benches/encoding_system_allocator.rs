//! Conversions with the system's allocator. glibc's merges all small free blocks whenever a table of more than a kilobyte is
//! asked for, as that of an item of eight attributes is: its figures depend on what else lives in the heap, and move by some
//! percent from process to process.

mod conversions;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    conversions::run("the system's allocator")
}
