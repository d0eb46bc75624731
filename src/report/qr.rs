//! QR symbols as SVG and one-bit PNG.
