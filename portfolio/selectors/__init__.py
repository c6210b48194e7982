"""Questions of portfolio."""
