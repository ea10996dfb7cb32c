"""The processes of one Haihe: what they are, what they need, and the supervisor over them."""
