//! The checksum that DynamoDB sends with each response, `x-amz-crc32`. The SDK ignores it.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

/// Whether a body arrived as it was sent, as far as its headers tell.
///
/// The checksum is of the bytes as they were sent. If the body has an encoding, or another length than its header says, a
/// connector or an interceptor may have changed it, so the checksum does not apply.
pub(super) fn is_intact(response: &HttpResponse, body: &[u8]) -> bool {
    let headers = response.headers();
    let is_as_sent = headers.get("content-encoding").is_none()
        && headers.get("content-length").and_then(|length| length.parse().ok()) == Some(body.len());
    match headers.get("x-amz-crc32").and_then(|checksum| checksum.parse::<u32>().ok()) {
        Some(checksum) if is_as_sent => crc32(body) == checksum,
        _ => true,
    }
}

/// How many bytes are processed at a time.
const STEP: usize = 16;

/// `TABLES[n][byte]` is the checksum of the byte followed by `n` zero bytes.
static TABLES: [[u32; 256]; STEP] = tables();

const fn tables() -> [[u32; 256]; STEP] {
    /// The polynomial of IEEE 802.3, its lowest coefficient first.
    const POLYNOMIAL: u32 = 0xEDB8_8320;
    let mut tables = [[0; 256]; STEP];
    let mut byte = 0;
    while byte < 256 {
        let mut checksum = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            checksum = if checksum & 1 == 1 { checksum >> 1 ^ POLYNOMIAL } else { checksum >> 1 };
            bit += 1;
        }
        tables[0][byte] = checksum;
        byte += 1;
    }
    let mut table = 1;
    while table < STEP {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[table - 1][byte];
            tables[table][byte] = before >> 8 ^ tables[0][(before & 0xFF) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
}

/// The CRC-32 of zip, PNG and Ethernet.
fn crc32(bytes: &[u8]) -> u32 {
    let (steps, rest) = bytes.as_chunks::<STEP>();
    let mut checksum = u32::MAX;
    for step in steps {
        let [a, b, c, d] = checksum.to_le_bytes();
        let mut next = 0;
        for (index, byte) in step.iter().enumerate() {
            let before = [a, b, c, d].get(index).copied().unwrap_or_default();
            next ^= TABLES[STEP - 1 - index][usize::from(byte ^ before)];
        }
        checksum = next;
    }
    for byte in rest {
        checksum = checksum >> 8 ^ TABLES[0][usize::from(checksum.to_le_bytes()[0] ^ byte)];
    }
    !checksum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_catalogue_of_checksums() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc32(b"The quick brown fox jumps over the lazy dog"), 0x414F_A339);
    }

    #[test]
    fn it_does_not_depend_on_how_many_bytes_are_taken_at_a_time() {
        let bytes: Vec<u8> = (0..1_000_u32).map(|number| (number * 7 % 251) as u8).collect();
        for length in 0..bytes.len() {
            let plain = bytes[..length].iter().fold(u32::MAX, |checksum, byte| {
                checksum >> 8 ^ TABLES[0][usize::from(checksum as u8 ^ byte)]
            });
            assert_eq!(crc32(&bytes[..length]), !plain, "of {length} bytes");
        }
    }

    fn response(headers: &[(&'static str, &'static str)]) -> HttpResponse {
        let mut response = HttpResponse::new(
            aws_smithy_runtime_api::http::StatusCode::try_from(200).expect("200 is a status"),
            aws_smithy_types::body::SdkBody::from("123456789"),
        );
        for (name, value) in headers {
            response.headers_mut().insert(*name, *value);
        }
        response
    }

    #[test]
    fn a_body_is_compared_with_its_checksum_where_it_is_as_it_was_sent() {
        let right = ("x-amz-crc32", "3421780262");
        let wrong = ("x-amz-crc32", "3421780263");
        let length = ("content-length", "9");
        let is_intact = |headers: &[_]| is_intact(&response(headers), b"123456789");
        assert!(is_intact(&[right, length]));
        assert!(!is_intact(&[wrong, length]));
        assert!(is_intact(&[length]), "no checksum was sent");
        assert!(is_intact(&[wrong]), "a connector that decodes a body takes away its length");
        assert!(is_intact(&[wrong, ("content-length", "7")]));
        assert!(is_intact(&[wrong, length, ("content-encoding", "gzip")]));
    }
}
