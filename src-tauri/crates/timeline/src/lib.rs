//! What was known when: columns of histories, and the state of every deal at any moment.
