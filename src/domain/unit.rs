//! Units, their tree, validity and successors.
