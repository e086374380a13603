import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { catalogue } from "@/lib/permissions/catalogue";

/** What a key can be narrowed to, as forms and programs name it. */
export type ResourceInput = { type: string; id: string };

/** A kind of resource that the catalogue knows. */
export type ResourceType = { type: string; label: string; idFormat: "uuid" | "string" };

export function resourceTypes(): ResourceType[] {
  return catalogue().resources;
}

/** Why a key can't be narrowed to this, as a sentence for its field; null when it can. */
export function resourceProblem(resource: ResourceInput | null): string | null {
  try {
    resourceText(resource);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

/** A resource as it is kept and compared, `<type>:<id>`; null is the whole team. Throws `invalid`. */
export function resourceText(resource: ResourceInput | null): string | null {
  if (resource === null) return null;
  const type = resourceTypes().find(({ type }) => type === resource.type);
  if (!type) throw refusal("There is no such kind of resource.");
  if (resource.id === "") throw refusal(`Enter the id of the ${type.label.toLowerCase()}.`);
  if (type.idFormat === "string") return `${type.type}:${resource.id}`;
  if (!z.uuid().safeParse(resource.id).success) {
    throw refusal(`“${resource.id}” is no UUID, which the id of this resource must be.`);
  }
  // Compared as text, and a UUID is the same in capitals.
  return `${type.type}:${resource.id.toLowerCase()}`;
}

function refusal(message: string): AppError {
  return new AppError("invalid", message, { resource: message });
}
