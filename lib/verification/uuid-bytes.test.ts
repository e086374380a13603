import fc from "fast-check";
import { expect, test } from "vitest";
import { UUID_BYTES, uuidFrom, writeUuid } from "@/lib/verification/uuid-bytes";

test("a UUID is written as the bytes that its digits say, and read back from them", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(40), (uuid, start) => {
      const bytes = new Uint8Array(start + UUID_BYTES);
      writeUuid(uuid, bytes, start);
      expect(Buffer.from(bytes.subarray(start)).toString("hex")).toBe(uuid.replaceAll("-", ""));
      expect(uuidFrom(bytes, start)).toBe(uuid);
    }),
  );
});
