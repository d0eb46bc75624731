//! Many answers as columns of bytes.
