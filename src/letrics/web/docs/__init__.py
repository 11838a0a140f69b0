"""The manual on the server: the Markdown pages of docs, with samples and commands for this server."""
