//! Cutting a batch of any size into batches that DynamoDB accepts.

/// How many of DynamoDB's batches are under way at once.
pub(crate) const CONCURRENT_BATCHES: usize = 4;

/// The most bytes of a batch, with room for what surrounds the items in a request of 16 MB.
const MAXIMUM_BATCH_BYTES: usize = 15 * 1024 * 1024;

/// Cuts entries into batches of at most `count` entries and as many bytes as a request may have.
pub(crate) fn chunks<T>(entries: Vec<T>, count: usize, size: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut chunks: Vec<Vec<T>> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        let entry_bytes = size(&entry);
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < count && bytes + entry_bytes <= MAXIMUM_BATCH_BYTES => {
                bytes += entry_bytes;
                chunk.push(entry);
            }
            _ => {
                bytes = entry_bytes;
                chunks.push(vec![entry]);
            }
        }
    }
    chunks
}
