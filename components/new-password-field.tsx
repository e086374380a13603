import type { ComponentProps } from "react";
import { TextField } from "@/components/ui/field";

export function NewPasswordField(props: ComponentProps<typeof TextField>) {
  return (
    <TextField
      hint="8-128 characters. A short phrase works well."
      type="password"
      autoComplete="new-password"
      maxLength={128}
      {...props}
    />
  );
}
