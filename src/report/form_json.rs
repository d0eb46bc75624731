//! A form as the API shows it.
