import type { Metadata } from "next";
import { BackLink } from "@/components/back-link";
import { PageHeader } from "@/components/page-header";
import { requireActor } from "@/lib/auth/current-actor";
import { ApiReference } from "./api-reference";

export const metadata: Metadata = { title: "API reference" };

const DOCUMENT = "/api/v1/openapi.json";

/** All endpoints, from the OpenAPI document. */
export default async function ApiReferencePage({ params }: { params: Promise<{ team: string }> }) {
  const { team } = await params;
  await requireActor(team, `/${team}/settings/quick-start/reference`);

  return (
    <div className="grid gap-6">
      <BackLink href={`/${team}/settings/quick-start`}>Quick start</BackLink>
      <PageHeader
        title="API reference"
        description={
          <>
            All endpoints, parameters and responses. Download as{" "}
            <a href={DOCUMENT} className="text-accent underline underline-offset-2">
              OpenAPI 3.1
            </a>
            .
          </>
        }
      />
      <section aria-labelledby="endpoints" className="grid gap-2">
        <h2 id="endpoints" className="sr-only">
          Endpoints
        </h2>
        <ApiReference document={DOCUMENT} />
      </section>
    </div>
  );
}
