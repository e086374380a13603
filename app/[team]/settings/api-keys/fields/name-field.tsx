import { TextField } from "@/components/ui/field";
import { MAX_NAME_LENGTH } from "@/lib/api-keys/limits";
import { vagueNameHint } from "@/lib/api-keys/naming";

type NameFieldProps = { name: string; onChange: (name: string) => void; error?: string };

/** A key's name, with a hint for vague names. */
export function NameField({ name, onChange, error }: NameFieldProps) {
  return (
    <TextField
      label="Name"
      isOptional
      hint={vagueNameHint(name)}
      error={error}
      placeholder="Zapier production"
      autoComplete="off"
      maxLength={MAX_NAME_LENGTH}
      value={name}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
