//! Pages as PDF, in their real size, with the letters that are used embedded.

use std::collections::BTreeMap;

use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule},
    surface::Surface,
    text::{Font as PdfFont, GlyphId, KrillaGlyph},
};

use super::{
    PrintError,
    fonts::Font,
    page::{Mark, POINT, Page, float},
    text::{Line, Run},
};
use crate::report::qr::Symbol;

/// The pages as one document.
///
/// # Errors
/// Where the encoder fails; never in practice.
pub fn write(pages: &[Page]) -> Result<Vec<u8>, PrintError> {
    let fonts = fonts()?;
    let mut document = Document::new();
    for page in pages {
        let size = PageSettings::from_wh(points(page.width), points(page.height));
        let mut sheet = document.start_page_with(size.ok_or_else(|| failed("a page without a size"))?);
        let mut surface = sheet.surface();
        surface.set_fill(Some(Fill {
            paint: rgb::Color::black().into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::NonZero,
        }));
        for mark in &page.marks {
            draw(&mut surface, &fonts, mark);
        }
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|error| failed(&format!("{error:?}")))
}

fn failed(why: &str) -> PrintError {
    PrintError::Pdf(why.to_owned())
}

fn points(millimetres: f32) -> f32 {
    millimetres / POINT
}

type Fonts = BTreeMap<Font, PdfFont>;

fn fonts() -> Result<Fonts, PrintError> {
    let read = |font: Font| {
        let read = PdfFont::new(font.bytes().to_vec().into(), 0);
        read.map(|read| (font, read)).ok_or_else(|| failed("a font cannot be read"))
    };
    Font::ALL.into_iter().map(read).collect()
}

fn draw(surface: &mut Surface<'_>, fonts: &Fonts, mark: &Mark) {
    match mark {
        Mark::Bar { x, y, width, height } => {
            let mut path = PathBuilder::new();
            add(&mut path, *x, *y, *width, *height);
            fill(surface, path);
        }
        Mark::Symbol { x, y, module, symbol } => fill(surface, modules(*x, *y, *module, symbol)),
        Mark::Text { x, baseline, size, line } => text(surface, fonts, (*x, *baseline), *size, line),
    }
}

/// All modules in one path, so that no hairline shows between two of them.
fn modules(x: f32, y: f32, module: f32, symbol: &Symbol) -> PathBuilder {
    let mut path = PathBuilder::new();
    for run in symbol.runs() {
        let at = |modules: usize| float(modules) * module;
        add(&mut path, x + at(run.x), y + at(run.y), at(run.length), module);
    }
    path
}

fn add(path: &mut PathBuilder, x: f32, y: f32, width: f32, height: f32) {
    if let Some(rectangle) = Rect::from_xywh(points(x), points(y), points(width), points(height)) {
        path.push_rect(rectangle);
    }
}

fn fill(surface: &mut Surface<'_>, path: PathBuilder) {
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn text(surface: &mut Surface<'_>, fonts: &Fonts, at: (f32, f32), size: f32, line: &Line) {
    let mut x = at.0;
    for run in &line.runs {
        if let Some(font) = fonts.get(&run.font) {
            let place = Point::from_xy(points(x), points(at.1));
            surface.draw_glyphs(place, &glyphs(run), font.clone(), &run.text, points(size), false);
        }
        x += run.width() * size;
    }
}

fn glyphs(run: &Run) -> Vec<KrillaGlyph> {
    let glyph = |glyph: &super::text::Glyph| {
        KrillaGlyph::new(
            GlyphId::new(u32::from(glyph.id)),
            glyph.advance,
            glyph.x,
            glyph.y,
            0.0,
            glyph.begin..glyph.end,
            None,
        )
    };
    run.glyphs.iter().map(glyph).collect()
}
