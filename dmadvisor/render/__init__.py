"""Output formats, one module each; nothing here decides what is said."""
