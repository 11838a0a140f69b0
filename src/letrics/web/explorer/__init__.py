"""The explorer: contacts and companies searched, counted and read in the browser.

The server renders every page whole: a form, a table and links, which work without scripts. The modules in
`static/explorer/` take the same page over and ask the API under `/app`.
"""
