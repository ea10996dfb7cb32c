"""Forms of files beside CSV and Parquet, each read as rows of texts, piece by piece."""
