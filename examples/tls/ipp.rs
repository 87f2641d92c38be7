//! A small fixed answer to any IPP request (RFC 8010): a printer that is idle.

/// Attributes behind the tag of their group: value tag, name, value.
type Group = (u8, &'static [(u8, &'static str, &'static [u8])]);

const ANSWER: &[Group] = &[
    (
        0x01,
        &[
            (0x47, "attributes-charset", b"utf-8"),
            (0x48, "attributes-natural-language", b"en"),
        ],
    ),
    (
        0x04,
        &[
            (0x42, "printer-name", b"example"),
            (0x23, "printer-state", &[0, 0, 0, 3]),
            (0x44, "printer-state-reasons", b"none"),
            (0x22, "printer-is-accepting-jobs", &[1]),
        ],
    ),
];

/// `successful-ok` with the version and the id of the request; `None` where it is none.
pub fn answer(request: &[u8]) -> Option<Vec<u8>> {
    let &[major, minor, _, _, a, b, c, d, ..] = request else {
        return None;
    };
    let mut answer = vec![major, minor, 0, 0, a, b, c, d];
    for (group, attributes) in ANSWER {
        answer.push(*group);
        for (tag, name, value) in *attributes {
            answer.push(*tag);
            for part in [name.as_bytes(), value] {
                let len = u16::try_from(part.len()).ok()?;
                answer.extend(len.to_be_bytes());
                answer.extend(part);
            }
        }
    }
    answer.push(0x03);
    Some(answer)
}
