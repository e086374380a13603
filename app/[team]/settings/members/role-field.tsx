import { SelectField } from "@/components/ui/field";
import type { RoleChoice } from "@/lib/members/grantable-role";
import { visibleText } from "@/lib/text/visible-text";

type RoleFieldProps = { roles: RoleChoice[]; value: string; onChange: (roleId: string) => void; error?: string };

/** The roles that the actor can assign. */
export function RoleField({ roles, value, onChange, error }: RoleFieldProps) {
  return (
    <SelectField
      label="Role"
      hint="You can assign roles up to your own permissions."
      error={error}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {roles.map(({ id, name }) => (
        <option key={id} value={id}>
          {visibleText(name)}
        </option>
      ))}
    </SelectField>
  );
}
