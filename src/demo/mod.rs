//! A made-up district, repeatable from a seed. Pure: it makes values, others store them.
