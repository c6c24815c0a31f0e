"""How the connector asks: one request at a time, its origins, its tokens, pages that stand between."""
