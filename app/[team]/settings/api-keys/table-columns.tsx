import { createColumnHelper, metaHelper, tableFeatures } from "@tanstack/react-table";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import {
  type ShowCell,
  showCreation,
  showExpiry,
  showLastUse,
  showMenuButton,
  showName,
  showOwner,
  showPrefix,
  showScopes,
  showSelectBox,
  showStatus,
} from "./table-cells";

/**
 * `show` writes what is in a cell, `cell` says where it goes when the row is shown as a card, and what stands above its
 * value. On a card browsers would drop the role.
 */
type ColumnMeta = { show: ShowCell; cell: { role: "cell"; className: string; "data-label"?: string } };

export const features = tableFeatures({ columnMeta: metaHelper<ColumnMeta>() });
const helper = createColumnHelper<typeof features, ApiKeyDto>();

const column = (id: string, header: string, show: ShowCell, className: string, label?: string) =>
  helper.display({ id, header, meta: { show, cell: { role: "cell", className, "data-label": label } } });

export const columns = [
  column("select", "", showSelectBox, "w-0 max-xl:absolute max-xl:top-4 max-xl:left-4"),
  column("name", "Name", showName, "cell-wide max-xl:-order-2 max-xl:pr-8 max-xl:pl-9"),
  column("prefix", "Prefix", showPrefix, "max-xl:-order-2"),
  column("scopes", "Scopes", showScopes, "cell-wide sm:max-xl:col-span-6! xl:w-60 xl:min-w-32"),
  column("owner", "Owner", showOwner, "cell-wide sm:max-xl:col-span-3! xl:min-w-24", "Owner"),
  column("used", "Last used", showLastUse, "cell-third", "Last used"),
  column("expires", "Expires", showExpiry, "cell-third", "Expires"),
  column("created", "Created", showCreation, "cell-third", "Created"),
  column("status", "Status", showStatus, "max-xl:-order-1"),
  column("actions", "", showMenuButton, "cell-corner"),
];
