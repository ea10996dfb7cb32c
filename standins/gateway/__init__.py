"""A stand-in for the gateway that carries SMS and WeChat messages: takes each key once, on disk."""
