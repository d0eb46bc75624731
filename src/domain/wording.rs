//! Lints of the words of a form: identity questions, length, double questions.
