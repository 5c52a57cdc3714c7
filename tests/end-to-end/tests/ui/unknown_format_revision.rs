dynamorm::format_revision!(999);

fn main() {}
