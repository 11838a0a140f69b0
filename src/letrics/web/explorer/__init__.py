"""The explorer: search, count and view contacts and companies in the browser.

The server renders complete pages with a form, a table and links, which work without scripts. The modules in
`static/explorer/` enhance the same page and call the API under `/app`.
"""
