"use client";

import { Badge } from "@/components/ui/badge";
import { classNames } from "@/components/ui/class-names";
import type { Permission, PermissionGroup } from "@/lib/roles/permission-groups";

type BoxesProps = {
  title: string;
  remark: string;
  groups: PermissionGroup[];
  ticked: ReadonlySet<string>;
  /** The actor's own permissions; nobody can grant more. */
  own: ReadonlySet<string>;
  isFixed: boolean;
  onToggle: (names: string[], isOn: boolean) => void;
};

/** Permissions as grouped checkboxes. */
export function PermissionBoxes({ title, remark, groups, ticked, own, isFixed, onToggle }: BoxesProps) {
  return (
    <section
      aria-label={title}
      className="grid gap-4 rounded-xl border border-line bg-surface p-4 shadow-raised md:p-5"
    >
      <div>
        <h2 className="font-semibold text-base">{title}</h2>
        <p className="text-ink-soft">{remark}</p>
      </div>
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map((group) => (
          <fieldset key={group.name} className="grid min-w-0 content-start md:gap-2">
            <legend className="mb-1.5 text-ink-soft text-xs">{group.name}</legend>
            {group.permissions.map((permission) => (
              <Box
                key={permission.name}
                permission={permission}
                isOn={ticked.has(permission.name)}
                isFixed={isFixed}
                isBeyond={!own.has(permission.name)}
                onToggle={(isOn) => onToggle([permission.name], isOn)}
              />
            ))}
          </fieldset>
        ))}
      </div>
    </section>
  );
}

type BoxProps = {
  permission: Permission;
  isOn: boolean;
  isFixed: boolean;
  isBeyond: boolean;
  onToggle: (isOn: boolean) => void;
};

function Box({ permission: { name, label, access }, isOn, isFixed, isBeyond, onToggle }: BoxProps) {
  const isDisabled = isFixed || isBeyond;
  return (
    <label className={classNames("check-row", !isDisabled && "cursor-pointer")}>
      <input
        type="checkbox"
        className="mt-1 size-4 shrink-0 scroll-mb-80"
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onToggle(event.target.checked)}
      />
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-x-2">
          {label} {access && <Badge tone={access === "write" ? "accent" : "neutral"}>{access}</Badge>}
        </span>{" "}
        <code className="wrap-anywhere font-mono text-ink-soft text-xs">{name}</code>
        {isBeyond && !isFixed && (
          <span className="block text-ink-soft text-xs">Your own role doesn't include this.</span>
        )}
      </span>
    </label>
  );
}
