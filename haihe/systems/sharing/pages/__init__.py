"""Pages of sharing: they parse, ask or act through the kernel, and draw."""
