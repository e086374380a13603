/** The process answers; says nothing about its database. */
export const GET = () => Response.json({ status: "ok" });

export const dynamic = "force-dynamic";
