"""Grid: the city as a coordinate system of grids, drawn and published street by street."""
