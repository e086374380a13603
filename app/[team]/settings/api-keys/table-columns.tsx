import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import type { ReactNode } from "react";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { KeyStatus } from "./key-status";
import { ScopeBadges } from "./scope-badges";
import { Creation, Expiry, LastUse, MenuButton, Name, Owner, Prefix, SelectBox } from "./table-cells";

export const features = tableFeatures({});
const helper = createColumnHelper<typeof features, ApiKeyDto>();

const column = (id: string, header: string, Cell: (props: { apiKey: ApiKeyDto }) => ReactNode) =>
  helper.display({ id, header, cell: ({ row }) => <Cell apiKey={row.original} /> });

/**
 * The columns, which are the same ones as long as the page is open: with new columns React takes every cell for
 * another one, and whoever is on a row's button with the keyboard loses their place.
 */
export const columns = [
  column("select", "", SelectBox),
  column("name", "Name", Name),
  column("prefix", "Prefix", Prefix),
  column("scopes", "Scopes", ScopeBadges),
  column("owner", "Owner", Owner),
  column("used", "Last used", LastUse),
  column("expires", "Expires", Expiry),
  column("created", "Created", Creation),
  column("status", "Status", KeyStatus),
  column("actions", "", MenuButton),
];
