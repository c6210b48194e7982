"""Questions of projects."""
