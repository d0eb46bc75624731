//! What may be shown to whom: thresholds and complementary suppression.
