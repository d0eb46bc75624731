//! CSV as spreadsheets and scripts can both read it.
