//! Pictures as rows of grey, read from PDF by poppler and handed to zbar.

use std::{fs, path::Path, process::Command};

/// A picture: 0 is black, 255 white.
#[derive(Clone)]
pub struct Grey {
    pub width: usize,
    pub height: usize,
    pub dots: Vec<u8>,
}

impl Grey {
    pub fn white(width: usize, height: usize) -> Self {
        Self { width, height, dots: vec![255; width * height] }
    }

    pub fn at(&self, x: usize, y: usize) -> u8 {
        if x < self.width && y < self.height { self.dots[y * self.width + x] } else { 255 }
    }

    /// The smallest rectangle around all that is dark inside another: left, top, right, below, in dots.
    pub fn dark_within(&self, area: [usize; 4]) -> Option<[usize; 4]> {
        let [left, top, right, below] = area;
        let mut found: Option<[usize; 4]> = None;
        for y in top..below.min(self.height) {
            for x in left..right.min(self.width) {
                if self.at(x, y) < 128 {
                    let [l, t, r, b] = found.unwrap_or([x, y, x, y]);
                    found = Some([l.min(x), t.min(y), r.max(x + 1), b.max(y + 1)]);
                }
            }
        }
        found
    }

    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap();
        let mut words = Vec::new();
        let mut at = 0;
        while words.len() < 4 {
            let rest = &bytes[at..];
            let begin = rest.iter().position(|b| !b.is_ascii_whitespace()).unwrap();
            let length = rest[begin..].iter().position(u8::is_ascii_whitespace).unwrap();
            words.push(std::str::from_utf8(&rest[begin..begin + length]).unwrap().to_owned());
            at += begin + length;
        }
        assert_eq!((words[0].as_str(), words[3].as_str()), ("P5", "255"));
        let (width, height) = (words[1].parse().unwrap(), words[2].parse().unwrap());
        Self { width, height, dots: bytes[at + 1..].to_vec() }
    }

    /// What zbar reads in it.
    pub fn decoded(&self) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("picture.pgm");
        let head = format!("P5\n{} {}\n255\n", self.width, self.height);
        fs::write(&path, [head.as_bytes(), &self.dots].concat()).unwrap();
        let arguments = ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"];
        let read = Command::new("zbarimg").args(arguments).arg(&path).output().expect("zbarimg runs");
        String::from_utf8(read.stdout).unwrap().lines().map(str::to_owned).collect()
    }
}

/// The pages of a PDF at a resolution.
pub fn pages(pdf: &Path, dpi: usize) -> Vec<Grey> {
    let folder = tempfile::tempdir().unwrap();
    let done = Command::new("pdftoppm")
        .args(["-gray", "-r", &dpi.to_string()])
        .arg(pdf)
        .arg(folder.path().join("page"))
        .output()
        .expect("pdftoppm runs");
    assert!(done.status.success() && done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| Grey::read(file)).collect()
}

/// The words of a PDF, as a reader copies them.
pub fn words(pdf: &Path) -> String {
    let done = Command::new("pdftotext").arg(pdf).arg("-").output().expect("pdftotext runs");
    String::from_utf8(done.stdout).unwrap()
}

impl Grey {
    /// A part of it.
    pub fn cut(&self, area: [usize; 4]) -> Self {
        let [left, top, right, below] = area;
        let rows = (top..below).flat_map(|y| (left..right).map(move |x| self.at(x, y)));
        Self { width: right - left, height: below - top, dots: rows.collect() }
    }
}
