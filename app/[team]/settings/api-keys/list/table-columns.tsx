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
 * `show` renders a cell's content. `cell` has its appearance, its position when the row is shown as a card, and the
 * label above its value there. On cards, browsers would drop the role. Class names are short, because a page has five
 * hundred cells and every character costs React time.
 */
type ColumnMeta = { show: ShowCell; cell: { role: "cell"; className: string; "data-label"?: string } };

export const features = tableFeatures({ columnMeta: metaHelper<ColumnMeta>() });
const helper = createColumnHelper<typeof features, ApiKeyDto>();

const column = (id: string, header: string, show: ShowCell, className: string, label?: string) =>
  helper.display({ id, header, meta: { show, cell: { role: "cell", className, "data-label": label } } });

export const columns = [
  column("select", "", showSelectBox, "key-select"),
  column("name", "Name", showName, "key-name"),
  column("prefix", "Prefix", showPrefix, "key-prefix"),
  column("scopes", "Scopes", showScopes, "key-scopes"),
  column("owner", "Owner", showOwner, "key-owner", "Owner"),
  column("used", "Last used", showLastUse, "cell-third", "Last used"),
  column("expires", "Expires", showExpiry, "cell-third", "Expires"),
  column("created", "Created", showCreation, "cell-third", "Created"),
  column("status", "Status", showStatus, "key-status"),
  column("actions", "", showMenuButton, "cell-corner"),
];
