import { connection } from "next/server";

/** Rendered at each request, like every page of the console. */
export default async function BarePage() {
  await connection();
  return <p>A page with nothing on it.</p>;
}
