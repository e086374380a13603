import { createHash } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../../../generated/prisma/client.ts";
import { POOL_SIZE } from "./pool-size.ts";
import { serveVerification } from "./serve.ts";

const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL, max: POOL_SIZE });
const prisma = new PrismaClient({ adapter });

const include = { member: { include: { role: true } } };

serveVerification(async (token) => {
  const tokenHash = Buffer.from(createHash("sha256").update(token).digest());
  const found = await prisma.apiKey.findUnique({ where: { tokenHash }, include });
  if (!found?.member || found.revokedAt || (found.expiresAt && found.expiresAt <= new Date())) return undefined;
  const { tokenHash: _, member, ...shown } = found;
  if (member.removedAt) return undefined;
  const scopes = found.scopes.filter((scope) => member.role.grantsAll || member.role.permissions.includes(scope));
  return { ...shown, scopes, member: { id: member.id, role: member.role.name } };
});
