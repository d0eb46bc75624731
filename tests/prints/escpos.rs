//! A small reader of ESC/POS: what a printer would put on paper.

use super::pixels::Grey;

/// One piece of paper for each cut.
pub fn papers(mut bytes: &[u8]) -> Vec<Grey> {
    let mut papers = Vec::new();
    let mut paper: Option<Grey> = None;
    while !bytes.is_empty() {
        bytes = match bytes {
            [0x1B, b'@', rest @ ..] => {
                assert!(paper.is_none(), "begins anew after a cut");
                rest
            }
            [0x1D, b'v', b'0', 0, xl, xh, yl, yh, rest @ ..] => {
                let width = usize::from(u16::from_le_bytes([*xl, *xh]));
                let rows = usize::from(u16::from_le_bytes([*yl, *yh]));
                assert!(rows <= 255, "small printers take no more");
                let paper = paper.get_or_insert_with(|| Grey::white(width * 8, 0));
                assert_eq!(paper.width, width * 8, "bands are equally wide");
                let (dots, rest) = rest.split_at(width * rows);
                paper.height += rows;
                let bits = dots.iter().flat_map(|byte| (0..8).map(move |bit| byte >> (7 - bit) & 1));
                paper.dots.extend(bits.map(|bit| if bit == 1 { 0 } else { 255 }));
                rest
            }
            [0x1B, b'd', _lines, rest @ ..] => rest,
            [0x1D, b'V', b'B', _feed, rest @ ..] => {
                papers.push(paper.take().expect("something was printed"));
                rest
            }
            other => panic!("no command: {:?}", &other[..other.len().min(8)]),
        };
    }
    assert!(paper.is_none(), "the last paper is cut too");
    papers
}
