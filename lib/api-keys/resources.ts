import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { catalog } from "@/lib/permissions/catalog";

/** A resource that a key can be narrowed to, as in forms and API requests. */
export type ResourceInput = { type: string; id: string };

/** A type of resource in the catalog. */
export type ResourceType = { type: string; label: string; idFormat: "uuid" | "string" };

export function resourceTypes(): ResourceType[] {
  return catalog().resources;
}

/** A resource in its stored form, `<type>:<id>`; null is the whole team. Throws `invalid`. */
export function resourceText(resource: ResourceInput | null): string | null {
  if (resource === null) return null;
  const fault = resourceFault(resource);
  if (fault) throw new AppError("invalid", fault.message, { resource: fault.message });
  // Resources are compared as text, but UUIDs are case-insensitive.
  const isUuid = typeOf(resource)?.idFormat === "uuid";
  return `${resource.type}:${isUuid ? resource.id.toLowerCase() : resource.id}`;
}

/** The message for a resource that is not in the catalog, and the part at fault; null if it is. */
export function resourceFault(resource: ResourceInput): { part: "type" | "id"; message: string } | null {
  const type = typeOf(resource);
  if (!type) return { part: "type", message: "This resource type doesn't exist." };
  if (resource.id === "") return { part: "id", message: `Enter the ID of the ${type.label.toLowerCase()}.` };
  if (type.idFormat === "string" || z.uuid().safeParse(resource.id).success) return null;
  return { part: "id", message: `“${resource.id}” isn't a valid ID. Enter a UUID.` };
}

const typeOf = (resource: ResourceInput) => resourceTypes().find(({ type }) => type === resource.type);
