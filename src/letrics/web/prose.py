"""The parts of the reference page that no table in the code can say. HTML."""

from __future__ import annotations

from typing import Final

START: Final = """
<p>Create a token with <code>letrics token create --user you@example.com --name first</code>, then ask:</p>
<pre><code>curl -s http://127.0.0.1:8000/v1/contacts \\
  -H "Authorization: Bearer $LETRICS_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"job_titles": ["head of"], "locations": ["Berlin, Germany"], "technologies": ["React"]}'</code></pre>
<p>The same as a query string:</p>
<pre><code>curl -sG http://127.0.0.1:8000/v1/contacts \\
  -H "Authorization: Bearer $LETRICS_TOKEN" \\
  --data-urlencode "job_titles=head of" --data-urlencode "locations=Berlin, Germany"</code></pre>
"""

AUTHENTICATION: Final = """
<p>Send <code>Authorization: Bearer TOKEN</code> with every request under <code>/v1</code>. A token is
<code>ltr_</code> and letters and digits, the last six of which are a checksum, so that a typo is told at once. It is
shown once, when it is created. A token has the scope <code>read</code>, or <code>write</code>, which includes it and is
needed to delete. A token that is revoked or expired, or whose user is disabled, is refused within a second.</p>
"""

ENVELOPE: Final = """
<p>Every answer under <code>/v1</code>, and every error anywhere, is an object of three members:</p>
<pre><code>{"data": …, "meta": {"request_id": "…"}, "errors": []}</code></pre>
<p>On failure <code>data</code> is <code>null</code> and <code>errors</code> has one item for each problem.
<code>meta.request_id</code> is also the header <code>X-Request-Id</code>; send your own (1 to 128 letters, digits,
dots, underscores and hyphens) and it is kept.</p>
"""

SEARCH: Final = """
<p><code>POST /v1/contacts</code> and <code>POST /v1/companies</code> take a JSON object of the fields below. An empty
object, or no body, matches everything. <code>GET</code> takes the same as a query string: an array repeats its name
(<code>job_titles=a&amp;job_titles=b</code>, <code>job_titles[]=a</code> too), a comma is part of a value,
<code>x=</code> is as if absent, and booleans are <code>true</code> or <code>false</code>. A body has at most
1 MiB, a URL 16 KiB.</p>
"""

FIELDS: Final = """
<p>Values of one field are joined by OR, fields by AND. Every array field has a twin <code>exclude_…</code> that leaves
out what the field would have matched. <em>company’s</em>: a contact is judged by its company.</p>
"""

MATCHING: Final = """
<ul>
<li>Text is compared whatever its case, after Unicode NFKC, with runs of white space as one space.</li>
<li><code>job_titles</code> contains the text anywhere; every other text field compares the whole value.</li>
<li>A record with no value for a field is never hit by it, and so never left out by its <code>exclude_</code> twin.</li>
<li><code>false</code>, <code>null</code> and <code>[]</code> restrict nothing; a blank value is an error.</li>
<li><code>com</code>, <code>.com</code> and <code>COM</code> are the same top-level domain, and so are <code>рф</code>
and <code>xn--p1ai</code>. A company on example.co.uk is hit by <code>co.uk</code> and by <code>uk</code>.</li>
<li>Timestamps are ISO 8601, UTC without an offset; a date alone is that whole day. Both ends are inclusive.</li>
</ul>
"""

LOCATIONS: Final = """
<p>A location is written narrow to wide, separated by commas, whatever its case or accents. A company is hit when any
of its places lies in it.</p>
<ul>
<li>A country by name, common alias or ISO code: <code>Germany</code>, <code>Deutschland</code>, <code>UK</code></li>
<li>A region with its country: <code>California, United States</code>, <code>CA, US</code>, <code>US-CA</code></li>
<li>A city with country or region: <code>Berlin, Germany</code>, <code>Austin, TX</code></li>
<li>A continent, or a group: <code>Europe</code>, <code>EU</code>, <code>DACH</code>, <code>Nordics</code>,
<code>EMEA</code></li>
</ul>
<p>A bare name is a country, continent or group, else every region and every city of that name. How each one was read
is told in <code>meta.places</code>.</p>
"""

PAGING: Final = """
<p>The order never changes for a record. Ask for any page directly, or follow <code>meta.next_cursor</code> with the
same filters and order: a client that does so while data changes meets every record that matches throughout exactly
once. A cursor survives restarts and imports and does not expire; it is <code>null</code> exactly at the end.</p>
"""

META: Final = """
<pre><code>"meta": {
  "request_id": "…", "page": 1, "per_page": 25, "total": 1234, "total_pages": 50, "next_cursor": "…",
  "filters": {"locations": ["NYC"]},
  "places": [{"field": "locations", "value": "NYC", "read_as": [{"kind": "city",
    "name": "New York City, New York, United States", "country_code": "US"}]}],
  "unmatched": [{"field": "industries", "value": "Fintec", "suggestions": ["Fintech"]}],
  "warnings": [{"field": "has_linkedin_profile", "details": "false restricts nothing"}],
  "took_ms": 0.8
}</code></pre>
<ul>
<li><code>total</code> is exact at every depth. With a cursor <code>page</code> and <code>total_pages</code> are
<code>null</code>.</li>
<li><code>filters</code> is the search as it was understood, and itself a valid body that finds the same.</li>
<li><code>unmatched</code> lists each value that no record carries, with near ones; the search runs all the same.</li>
</ul>
"""

SINGLE: Final = """
<p><code>GET /v1/companies/{domain}</code> (either form of an internationalised name; exactly the registered domain, not
a subdomain or URL) and <code>GET /v1/contacts/{id}</code> return one record; a slash in an id is sent as
<code>%2F</code>. <code>DELETE</code> on either needs the scope <code>write</code> and answers
<code>{"deleted": n}</code>. A company that has contacts is deleted with them, by
<code>?with_contacts=true</code>.</p>
"""

ERRORS: Final = """
<p>The first of these statuses that applies, in this order: 401, 404, 405, 403, 415, 413, 400, 503. Within 400 all
problems are told at once, one item a field. <code>id</code> is stable; <code>details</code> are for people and may
change.</p>
"""

PATHS: Final = """
<ul>
<li><code>/healthz</code>: the process is alive. <code>/readyz</code>: it can answer searches (503 until then).</li>
<li><code>/metrics</code>: measurements in Prometheus’ text format.</li>
<li><code>/openapi.json</code>: this reference for programs.</li>
</ul>
"""
