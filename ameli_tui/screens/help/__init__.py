"""Help: keys, glossary, ameliBot, its guide."""
