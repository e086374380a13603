import { TextField } from "@/components/ui/field";
import { MAX_ROLE_NAME_LENGTH } from "@/lib/roles/schemas";

type RoleNameFieldProps = { name: string; onChange: (name: string) => void; error?: string };

export function RoleNameField({ name, onChange, error }: RoleNameFieldProps) {
  return (
    <TextField
      label="Name"
      error={error}
      placeholder="Support"
      autoComplete="off"
      maxLength={MAX_ROLE_NAME_LENGTH}
      value={name}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
