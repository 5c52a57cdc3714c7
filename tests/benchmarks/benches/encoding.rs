//! Conversions with an allocator for programs that allocate much. The system's is measured by `encoding_system_allocator`.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod conversions;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    conversions::run("mimalloc")
}
