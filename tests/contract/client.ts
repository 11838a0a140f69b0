// What a TypeScript program does with types generated from the OpenAPI document. It is type-checked, then run.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { env: { LETRICS_URL: string; LETRICS_TOKEN: string } };
type Contact = components["schemas"]["Contact"];

const client = createClient<paths>({
  baseUrl: process.env.LETRICS_URL,
  headers: { Authorization: `Bearer ${process.env.LETRICS_TOKEN}` },
});

const ids: string[] = [];
let cursor: string | null = null;
do {
  const { data: page, error }: Awaited<ReturnType<typeof search>> = await search(cursor);
  if (error || !page) throw new Error(error?.errors[0]?.details);
  for (const contact of page.data) {
    const domain: string | null | undefined = contact.company?.domain;
    ids.push(`${contact.id} ${domain}`);
  }
  cursor = page.meta.next_cursor;
} while (cursor);

function search(after: string | null) {
  return client.POST("/v1/contacts", { body: { industries: ["Software"], per_page: 1, cursor: after } });
}

const single = await client.GET("/v1/contacts/{id}", { params: { path: { id: "ann" } } });
const ann: Contact | undefined = single.data?.data;

const byUrl = await client.GET("/v1/companies", {
  params: { query: { industries: ["Software", "Fintech"], order: "newest", added_after: "2026-01-15" } },
});

const counted = await client.POST("/v1/contacts/facets", { body: { facets: ["seniorities"], facet_size: 2 } });

const refused = await client.POST("/v1/contacts", { body: { per_page: 1000 } });

console.log(
  JSON.stringify({
    ids,
    name: ann?.company?.name,
    newest: byUrl.data?.data.map((company) => company.domain),
    seniorities: counted.data?.data.seniorities?.map((one) => one.count),
    refused: refused.error?.errors.map((problem) => [problem.id, problem.code, problem.field]),
  }),
);
