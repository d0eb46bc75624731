//! A form file (TOML) read into a form draft; every fault with line, key and remedy.
